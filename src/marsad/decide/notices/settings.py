"""How notices are dealt with: ``[notices]`` in marsad.toml; what is not set has a default.

```toml
[notices]
reopen_days = 30             # a post found in order is looked at again no sooner than after this
reopen_account_days = 7      # so is an account, a group or a site
warn_after = 3               # manifestly unfounded notices after which a warning is proposed
warn_within_days = 180
suspend_days = 30            # how long the notices of somebody suspended are set aside
receipts_a_day = 10          # mails that say that a notice came, to one address
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marsad.records.errors import InputError

MOST = 3_650


@dataclass(frozen=True)
class NoticeSettings:
    """The settings; times in days."""

    reopen_days: int = 30
    reopen_account_days: int = 7
    warn_after: int = 3
    warn_within_days: int = 180
    suspend_days: int = 30
    receipts_a_day: int = 10

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> NoticeSettings:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given, known = settings.get("notices", {}), [one.name for one in fields(cls)]
        if not isinstance(given, Mapping):
            raise _bad("notices", given, "[notices]")
        for name, value in given.items():
            if name not in known:
                raise InputError("settings.unknown", table="notices", given=name[:100],
                                 valid=known)  # fmt: skip
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
                raise _bad(f"notices.{name}", value, f"1 … {MOST}")
        return cls(**given)


def _bad(name: str, given: Any, valid: str) -> InputError:
    return InputError("settings.value", name=name, given=str(given)[:200], valid=[valid])
