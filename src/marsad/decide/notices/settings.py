"""How notices are dealt with: ``[notices]`` in marsad.toml; what is not set has a default.

```toml
[notices]
reopen_days = 30             # a post found in order is looked at again no sooner than after this
reopen_account_days = 7      # so is an account, a group or a site
warn_after = 3               # manifestly unfounded notices after which a warning is proposed
warn_within_days = 180
suspend_days = 30            # how long the notices of somebody suspended are set aside
receipts_a_day = 10          # mails that say that a notice came, to one address
threats_an_hour = 20         # cases that strangers make urgent within an hour with threats to life
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from marsad.decide.section import section, wrong

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
    threats_an_hour: int = 20

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> NoticeSettings:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        given = section(settings, "notices", [one.name for one in fields(cls)])
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
                raise wrong(f"notices.{name}", value, f"1 … {MOST}")
        return cls(**given)
