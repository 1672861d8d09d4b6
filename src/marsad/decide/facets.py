"""What a case counts as: the sorts that the dashboard tells of, from a case and its signals alone.

Copies for quality count nowhere: what happens in them happens to nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from marsad.decide.outcomes import ACTING
from marsad.decide.states import WAITING
from marsad.records.times import DAY, HOUR
from marsad.store.cases import Case
from marsad.store.facets import Facet

WAITS, DECIDED, JUDGED, OVERTURNED = "waits", "decided", "judged", "overturned"


def of(case: Case | None, signals: Collection[str]) -> Counter[Facet]:
    """The counters that a case is in as it stands.

    ``waits``: priority and hour in which it was opened, while somebody has yet to decide.
    ``judged``: signal, whether it was right, and how the case came to be seen, of decided cases.
    """
    if case is None or case.copy_of is not None:
        return Counter()
    if case.state in WAITING:
        return Counter({(WAITS, f"{case.priority}|{case.opened_at // HOUR:012d}"): 1})
    if case.state != "decided" or case.outcome is None:
        return Counter()
    right = "yes" if case.outcome in ACTING else "no"
    return Counter({(JUDGED, f"{signal}|{right}|{case.route}"): 1 for signal in signals})


def of_step(old: Case | None, kind: str, new: Case) -> Counter[Facet]:
    """The counters that a step adds to for good: decisions of a day, and which of a day's decisions
    were overturned."""
    if new.copy_of is not None:
        return Counter()
    if kind == "decided" and new.decided_at is not None:
        return Counter({(DECIDED, bucket(new.decided_at, new.outcome)): 1})
    if kind == "overturned" and old is not None and old.decided_at is not None:
        return Counter({(OVERTURNED, bucket(old.decided_at, old.outcome)): 1})
    return Counter()


def day(at: int) -> str:
    """The day of a time, as buckets begin: days since 1970, so that they sort."""
    return f"{at // DAY:08d}"


def bucket(at: int, outcome: str | None) -> str:
    """The bucket of a decision: its day and outcome."""
    return f"{day(at)}|{outcome}"
