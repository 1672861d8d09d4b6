"""What a workspace sets for its desk, in `marsad.toml`; what is not set has a default.

```toml
[quality]
golden_every = 20            # one case in 20 is a golden one; 0: none
second_reading_every = 20    # one decided case in 20 is read again by somebody else

[strikes]
expire_days = 365
weights = { "demo" = 1.0 }   # a policy's name, or name@version
ladder = [ { strikes = 1, within_days = 90, suggests = "warn" } ]

[care]
items_an_hour = 60
media_an_hour = 20
items_a_day = 300

[[threat.contacts]]
name = "duty desk"
phone = "112"
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from marsad.decide.outcomes import ACTING, OUTCOMES
from marsad.records.errors import InputError

LONGEST = 500
MOST = 10_000_000


@dataclass(frozen=True)
class Quality:
    """One case in ``golden_every`` that a reviewer is given is golden, one decided case in
    ``second_reading_every`` is read again; 0 for none."""

    golden_every: int = 20
    second_reading_every: int = 20

    @property
    def golden(self) -> float:
        """The fraction of golden cases."""
        return 1 / self.golden_every if self.golden_every else 0.0

    @property
    def second_readings(self) -> float:
        """The fraction of decided cases that are read again."""
        return 1 / self.second_reading_every if self.second_reading_every else 0.0


NO_QUALITY = Quality(0, 0)


@dataclass(frozen=True)
class Step:
    """A step of the ladder: from ``strikes`` within ``within_days`` on, what is suggested."""

    strikes: float
    within_days: int
    suggests: str


@dataclass(frozen=True)
class Strikes:
    """The ladder; a strike counts for ``expire_days`` and weighs what its policy's weight is, 1
    where none is set."""

    ladder: Sequence[Step] = (Step(1, 90, "warn"), Step(2, 180, "hide"), Step(4, 365, "suspend"))
    expire_days: int = 365
    weights: Mapping[str, float] = field(default_factory=dict)

    def weight(self, policy: str) -> float:
        """The weight of a strike under a policy (``name@version``)."""
        name = policy.partition("@")[0]
        return float(self.weights.get(policy, self.weights.get(name, 1.0)))


@dataclass(frozen=True)
class Care:
    """From how much on a pause is suggested; 0: never for that."""

    items_an_hour: int = 60
    media_an_hour: int = 20
    items_a_day: int = 300


@dataclass(frozen=True)
class Contact:
    """Whom to tell of a threat to life; ``name`` is what the log calls them."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Settings:
    """All that a desk can be set to."""

    quality: Quality = Quality()
    strikes: Strikes = Strikes()
    care: Care = Care()
    contacts: Sequence[Contact] = ()


UNSET = Settings(NO_QUALITY)
"""A desk without a workspace: nothing is mixed in."""


def read(given: Mapping[str, Any]) -> Settings:
    """The settings in a `marsad.toml`. Raises `InputError` that names what is wrong, and where."""
    threat = _table(given, "threat")
    _known("threat", threat, ["contacts"])
    return Settings(
        Quality(**_numbers("quality", _table(given, "quality"), Quality)),
        _strikes(_table(given, "strikes")),
        Care(**_numbers("care", _table(given, "care"), Care)),
        _contacts(threat.get("contacts", [])),
    )


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = given.get(name, {})
    if not isinstance(table, Mapping):
        raise _bad(name, table, ["[table]"])
    return table


def _known(table: str, given: Mapping[str, Any], valid: Sequence[str]) -> None:
    for name in given:
        if name not in valid:
            raise InputError("settings.unknown", table=table, given=name[:100], valid=list(valid))


def _numbers(table: str, given: Mapping[str, Any], kind: type) -> dict[str, int]:
    _known(table, given, [one.name for one in fields(kind)])
    return {
        name: int(_number(f"{table}.{name}", value, whole=True)) for name, value in given.items()
    }


def _number(name: str, value: Any, whole: bool = False, least: float = 0) -> float:
    right = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, right) or not least <= value <= MOST:
        raise _bad(name, value, [f"{least:g} … {MOST}"])
    return float(value)


def _strikes(given: Mapping[str, Any]) -> Strikes:
    _known("strikes", given, ["ladder", "expire_days", "weights"])
    usual = Strikes()
    weights, ladder = _table(given, "weights"), given.get("ladder")
    if ladder is not None and not isinstance(ladder, list):
        raise _bad("strikes.ladder", ladder, ["[…]"])
    return Strikes(
        usual.ladder if ladder is None else _ladder(ladder),
        int(_number("strikes.expire_days", given.get("expire_days", usual.expire_days), True, 1)),
        {name: _number(f"strikes.weights.{name}", value) for name, value in weights.items()},
    )


def _ladder(given: Sequence[Any]) -> Sequence[Step]:
    return sorted((_step(one) for one in given), key=lambda step: (step.strikes, step.within_days))


def _step(given: Any) -> Step:
    names = [one.name for one in fields(Step)]
    if not isinstance(given, Mapping) or not set(names) <= set(given):
        raise _bad("strikes.ladder", given, names)
    _known("strikes.ladder", given, names)
    valid = [outcome for outcome in OUTCOMES if outcome in ACTING and outcome != "return"]
    if given["suggests"] not in valid:
        raise _bad("strikes.ladder.suggests", given["suggests"], valid)
    within = int(_number("strikes.ladder.within_days", given["within_days"], True, 1))
    strikes = _number("strikes.ladder.strikes", given["strikes"], least=1e-3)
    return Step(strikes, within, str(given["suggests"]))


def _contacts(given: Any) -> tuple[Contact, ...]:
    names = [one.name for one in fields(Contact)]
    if not isinstance(given, list):
        raise _bad("threat.contacts", given, ["[[threat.contacts]]"])
    found = tuple(_contact(one, names) for one in given)
    if len({one.name for one in found}) < len(found):
        raise _bad("threat.contacts.name", [one.name for one in found], ["…"])
    return found


def _contact(given: Any, names: Sequence[str]) -> Contact:
    if not isinstance(given, Mapping) or not given.get("name"):
        raise _bad("threat.contacts", given, names)
    _known("threat.contacts", given, names)
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > LONGEST:
            raise _bad(f"threat.contacts.{name}", value, ["…"])
    return Contact(**given)


def _bad(name: str, given: Any, valid: Sequence[str]) -> InputError:
    return InputError("settings.value", name=name, given=str(given)[:200], valid=list(valid))
