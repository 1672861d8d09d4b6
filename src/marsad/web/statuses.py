"""The HTTP status of each error."""

from __future__ import annotations

from marsad.records.errors import ConflictError, InputError, MarsadError, OutsideError

STATUS: tuple[tuple[type[MarsadError], int], ...] = (
    (ConflictError, 409), (InputError, 422), (OutsideError, 503), (MarsadError, 500),
)  # fmt: skip
STATUS_OF_MESSAGE = {
    "decide.not-allowed": 403,
    "decide.no-case": 404,
    "decide.no-exhibit": 404,
    "action.none": 404,
    "notice.none": 404,
    "notice.no-code": 404,
    "order.none": 404,
    "appeal.none": 404,
    "statements.none": 404,
    "web.too-often": 429,
}


def status_of(error: MarsadError) -> int:
    """The HTTP status of an error."""
    known = STATUS_OF_MESSAGE.get(error.message.id)
    return known or next(status for kind, status in STATUS if isinstance(error, kind))
