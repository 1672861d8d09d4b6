"""What a look says about an action: whether what was asked for is so.

Every act has one of two effects. Either the subject is no longer to be seen (`ABSENCE`), which its
state shows; or it is still there and a measure is in force, which the platform's own view shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from marsad.platforms.base import Sight

Verdict = Literal["done", "gone", "not-yet", "unknown"]
"""``gone``: the subject is not there, so that nothing is left to act on, or to take back."""

GONE = frozenset({"suspended", "removed", "missing", "deactivated"})

ABSENCE: Mapping[str, frozenset[str]] = {
    "suspend": frozenset({"suspended", "removed", "missing"}),
    "remove": frozenset({"suspended", "removed", "missing"}),
    "hide": frozenset({"suspended", "removed", "missing", "withheld"}),
}
"""Act → the states of a subject in which it is done. Who looks from outside sees a suspended
account, too, as missing."""


def judge(act: str, undoing: bool, sight: Sight, said_gone: bool = False) -> Verdict:
    """What a look says. ``said_gone`` is whether the platform answered that there is no subject."""
    if sight.state == "unknown" and act not in sight.measures:
        return "unknown"
    if said_gone and sight.state in GONE:
        return "gone"
    return _undone(act, sight) if undoing else _done(act, sight)


def _done(act: str, sight: Sight) -> Verdict:
    if act in sight.measures or sight.state in ABSENCE.get(act, ()):
        return "done"
    return "gone" if sight.state in GONE else "not-yet"


def _undone(act: str, sight: Sight) -> Verdict:
    if act in sight.measures or sight.state in ABSENCE.get(act, ()):
        return "not-yet"
    return "gone" if sight.state in GONE else "done"


def is_moot(act: str, undoing: bool) -> bool:
    """Whether an action has what it wanted once its subject is gone: nobody sees it any more. Who
    is gone was not warned, and is not given back."""
    return not undoing and act in (*ABSENCE, "reduce")
