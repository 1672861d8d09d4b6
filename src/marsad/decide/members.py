"""The accounts of a community, each with the case of its own in which it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide import blind
from marsad.decide.dossier import Dossier
from marsad.decide.roles import Reviewer
from marsad.decide.states import WAITING
from marsad.store import cases
from marsad.store.cases import Case
from marsad.store.database import Transaction

MOST = 500


@dataclass(frozen=True)
class Member:
    """An account of a community; ``case`` is None where nothing was found about it by itself."""

    account: str
    case: Case | None

    @property
    def waits(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.case is not None and self.case.state in WAITING


def of(transaction: Transaction, community: Dossier, reviewer: Reviewer) -> Sequence[Member]:
    """The members of a community as a reviewer may see them, in the order of the evidence; at most
    `MOST`."""
    named = dict.fromkeys(
        account
        for finding in community.findings
        for part in finding.evidence
        if part.get("kind") == "network"
        for account in part["accounts"]
    )
    known = {
        account: blind.as_seen(transaction, case, reviewer)
        for account, case in cases.of_subjects(transaction, "account", list(named)[:MOST]).items()
    }
    return [Member(account, known.get(account)) for account in list(named)[:MOST]]
