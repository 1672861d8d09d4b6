"""What an uploader is told of a removal order: Article 11 of Regulation (EU) 2021/784."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.decide.operator import Operator
from marsad.decide.orders.annexes import AnnexI, Executed
from marsad.outputs.documents.document import (
    Document,
    Field,
    Language,
    Listed,
    Section,
    address,
    filled,
    moment,
    saying,
    sign,
)
from marsad.records.errors import InputError


def notice_to_uploader(
    order: AnnexI, executed: Sequence[Executed], operator: Operator, lang: Language, at: int,
    cross_border: bool = False,
) -> Document:  # fmt: skip
    """The notice, as it is written at a time (µs UTC); ``executed`` are the uploader's own items.
    Of an order from another State (``cross_border``) it says who can be asked to scrutinise it.

    Raises `InputError` while the authority forbids to tell (Article 11(3)).
    """
    if order.confidential_until is not None and at < order.confidential_until:
        raise InputError("document.confidential")
    say = saying(lang)
    rights = ("scrutiny", "challenge") if cross_border else ("challenge",)
    rows = [
        (
            address(one.url),
            say("document.removed") if one.removed else say("document.disabled"),
            moment(one.at),
        )
        for one in executed
    ]
    columns = (say("document.address"), say("document.measure"), say("document.measured-at"))
    return Document(
        say("document.uploader.title"), say("document.uploader.basis"), lang,
        (
            Section(
                say("document.uploader.what"),
                text=say("document.uploader.about", count=len(rows)),
                listed=Listed(columns, rows),
            ),
            Section(say("document.uploader.order"), _order(order, lang)),
            Section(
                say("document.uploader.rights"),
                text=" ".join(say(f"statement.text.{one}") for one in rights),
                fields=_redress(order, operator, lang),
            ),
        ),
    )  # fmt: skip


def _order(order: AnnexI, lang: Language) -> list[Field]:
    say = saying(lang)
    said = [
        Field(say("document.authority"), filled(order.authority.name)),
        sign(say("document.state"), filled(order.authority.state)),
        sign(say("document.reference"), filled(order.reference)),
        sign(
            say("document.issued-at"),
            moment(order.issued_at) if order.issued_at is not None else filled(""),
        ),
    ]
    if order.explanation.strip():
        said.append(Field(say("document.grounds"), filled(order.explanation)))
    return said


def _redress(order: AnnexI, operator: Operator, lang: Language) -> list[Field]:
    say = saying(lang)
    said = [Field(say("document.redress"), filled(order.redress, "")),
            Field(say("document.provider"), filled(operator.legal_name or operator.name, "")),
            sign(say("document.contact"), filled(operator.email, ""))]  # fmt: skip
    return [one for one in said if one.value]
