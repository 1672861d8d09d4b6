"""The signal `links`: posts that link to a page or a domain that a bank lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import ibis.expr.types as ir

from marsad.banks import Bank
from marsad.engines import Engine
from marsad.find.links.examples import EXAMPLES
from marsad.find.links.listings import load
from marsad.find.links.matcher import LinkMatcher
from marsad.find.links.redirects import redirects_seen
from marsad.find.signal import Example, ItemSignal, Parameter


class Links(ItemSignal):
    """Posts that link to a page or domain in a bank; the place itself is never visited.

    Addresses are taken from ``urls`` and from the text. Each layer of an address counts: the
    address as posted, what a redirector, archive or translation carries, and where a bank of kind
    ``redirects`` says that a short address leads. A short address that no bank explains says
    nothing. What falls under a negative bank, itself or in what it leads to, does not match.

    Scores are ranks: 1 for a listed page, `page_below` for one below a page listed as ``prefix``,
    `domain` for any page of a listed domain.
    """

    name: ClassVar[str] = "links"
    reads: ClassVar[tuple[str, ...]] = ("key", "id", "account", "text", "urls")
    bank_kinds: ClassVar[tuple[str, ...]] = ("links", "domains", "redirects")
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("page_below", 0.9, "rank, 0 to 1", "score of a page below a listed one"),
        Parameter("domain", 0.6, "rank, 0 to 1", "score of any page of a listed domain"),
        Parameter("redirects", 5, "redirects", "how many short addresses are followed in a row"),
    )

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return EXAMPLES

    def load(self, banks: Sequence[Bank]) -> LinkMatcher:
        """A matcher for the banks of kinds ``links``, ``domains`` and ``redirects``."""
        below, domain = float(self.settings["page_below"]), float(self.settings["domain"])
        scores = {"exact": 1.0, "prefix": below, "domain": domain, "host": domain}
        return LinkMatcher(load(banks), scores, int(self.settings["redirects"]))

    def seen(self, posts: ir.Table, engine: Engine) -> Sequence[Bank]:
        """Where short addresses lead, as the platforms that shortened them say."""
        return (redirects_seen(posts, engine),)
