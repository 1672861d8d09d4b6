"""Errors as part of the product: what went wrong, with what, and what to run next."""

from __future__ import annotations

from typing import Any

from marsad.records.message import Message


class MarsadError(Exception):
    """An error that a person can act on.

    ``message_id`` names an entry of the catalogues, ``values`` fill its placeholders.
    ``exit_code`` is what the command line ends with.
    """

    exit_code = 1

    def __init__(self, message_id: str, **values: Any) -> None:
        self.message = Message(message_id, values)
        super().__init__(message_id)

    def __str__(self) -> str:
        return self.message.render("en")


class InputError(MarsadError):
    """The user's input: a file, an option or a setting that cannot be taken."""

    exit_code = 2


class OutsideError(MarsadError):
    """Something outside Marsad: a disk, a platform, a missing program."""

    exit_code = 3


class ConflictError(MarsadError):
    """Another run changed what this one meant to change; running it again is safe."""

    exit_code = 1
