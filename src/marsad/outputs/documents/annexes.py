"""What a provider answers to a removal order: Annexes II and III of Regulation (EU) 2021/784."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.decide.operator import Operator
from marsad.decide.orders.annexes import AnnexII, AnnexIII, Authority
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
    tick,
)

REASONS = ("force-majeure", "manifest-error", "insufficient-information")


def annex_ii(form: AnnexII, operator: Operator, lang: Language) -> Document:
    """That an order was carried out: what was removed or disabled, when it came, when it was done.
    It ticks both boxes where both were done."""
    say = saying(lang)
    done = {one.removed for one in form.executed}
    rows = [
        (
            address(one.url),
            say("document.removed") if one.removed else say("document.disabled"),
            moment(one.at),
        )
        for one in form.executed
    ]
    columns = (say("document.address"), say("document.measure"), say("document.measured-at"))
    return Document(
        say("document.ii.title"), say("document.ii.basis"), lang,
        (
            _order(form, lang),
            Section(
                say("document.ii.measures"),
                ticks=(
                    tick(say("document.ii.removed"), True in done, lang),
                    tick(say("document.ii.disabled"), False in done, lang),
                ),
                listed=Listed(columns, rows),
            ),
            _provider(form.provider, operator, lang),
        ),
    )  # fmt: skip


def annex_iii(form: AnnexIII, operator: Operator, lang: Language) -> Document:
    """That an order cannot be carried out, and why."""
    say = saying(lang)
    labels = (
        say("document.iii.force-majeure"),
        say("document.iii.manifest-error"),
        say("document.iii.insufficient-information"),
    )
    ticks = [
        tick(text, form.reason == one, lang) for one, text in zip(REASONS, labels, strict=True)
    ]
    rows = [(address(url),) for url in form.urls]
    return Document(
        say("document.iii.title"), say("document.iii.basis"), lang,
        (
            _order(form, lang),
            Section(
                say("document.iii.reasons"), ticks=ticks,
                fields=(
                    Field(say("document.iii.explanation"), filled(form.explanation)),
                    sign(say("document.iii.stated-at"), moment(form.at)),
                ),
                listed=Listed((say("document.address"),), rows) if rows else None,
            ),
            _provider(form.provider, operator, lang),
        ),
    )  # fmt: skip


def _order(form: AnnexII | AnnexIII, lang: Language) -> Section:
    say = saying(lang)
    return Section(
        say("document.order"),
        (
            *_authority(form.authority, lang),
            sign(say("document.reference"), filled(form.reference)),
            sign(say("document.received-at"), moment(form.received_at)),
        ),
    )


def _authority(authority: Authority, lang: Language) -> Sequence[Field]:
    say = saying(lang)
    return (
        Field(say("document.authority"), filled(authority.name)),
        sign(say("document.state"), filled(authority.state)),
    )


def _provider(name: str, operator: Operator, lang: Language) -> Section:
    """Who answers; what the settings do not say is left out."""
    say = saying(lang)
    said = (
        Field(say("document.provider"), filled(name or operator.legal_name or operator.name)),
        Field(say("document.provider-address"), filled(operator.address, "")),
        sign(say("document.established"), filled(operator.country, "")),
        Field(say("document.represents"), filled(operator.represents, "")),
        sign(say("document.contact"), filled(operator.email, "")),
        sign(say("document.phone"), filled(operator.phone, "")),
    )
    shown = [one for one in said if one.value]
    signature = Field(say("document.signature"), "")
    return Section(say("document.addressee"), (*shown, signature))
