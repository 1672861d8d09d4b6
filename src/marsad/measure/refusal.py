"""A measure's refusal: what cannot be told, what is missing, and the command that would get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marsad.records.errors import InputError


class Refused(InputError):  # noqa: N818 - it says what it is, as `NotTaken` does
    """What was asked for cannot be told from what there is.

    ``missing`` names what is not there (``parents``, ``links``, ``looks``, …), ``next`` is the
    command that would get it; the sentence names it too, as ``{next}``.
    """

    def __init__(self, message_id: str, missing: Sequence[str], next: str, **values: Any) -> None:
        super().__init__(message_id, next=next, **values)
        self.missing = tuple(missing)
        self.next = next

    def with_values(self, **values: Any) -> Refused:
        """The same refusal with other values in its sentence."""
        return Refused(self.message.id, self.missing, **{**self.message.values, **values})

    def to_dict(self) -> dict[str, Any]:
        """The refusal as the command line prints it with ``--json``."""
        return {
            "refused": self.message.render(), "missing": list(self.missing), "next": self.next,
        }  # fmt: skip
