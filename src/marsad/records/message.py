"""A sentence as data: an id in the catalogues and the values it needs, rendered on reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marsad import locale


@dataclass(frozen=True)
class Message:
    """A message id of the catalogues in ``marsad/locale`` with the values for its placeholders.

    Values are strings, numbers or lists of strings, so that a message can be stored as JSON; and
    what is rendered in the language of this one (`locale.show`): ids of other messages as
    ``{"words": […]}``, a sentence as ``{"message": id, "values": {…}}``, a ``{"language": code}``
    and a ``{"month": "2024-03"}``.
    """

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, lang: str | None = None) -> str:
        """The sentence in ``lang`` (``en`` or ``ar``), without it in the user's language."""
        return locale.render(self.id, self.values, lang or locale.language())

    def to_json(self) -> str:
        """The values alone as a JSON object; the id has a column of its own."""
        return json.dumps(dict(self.values), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, message_id: str, values: str) -> Message:
        """The message of a stored id and its stored values."""
        return cls(message_id, json.loads(values) if values else {})
