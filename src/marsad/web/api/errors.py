"""The one shape of every error, and the statuses that routes answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from marsad.locale import LANGUAGES
from marsad.records.message import Message

PREFIXES = ("/api/", "/metrics", "/openapi.json")
"""Where programs ask, and errors are JSON."""

MINUTE = 60


class Misfit(BaseModel):
    """A field that does not fit."""

    at: str = Field(description="where: `body.reason`, `query.limit`, `path.case`")
    why: str = Field(description="what is wrong with it, in English")


class Error(BaseModel):
    """What went wrong."""

    id: str = Field(description="which error it is; the same in every language")
    message: str = Field(description="a sentence for people, in the language of `lang`")
    status: int = Field(description="the HTTP status")
    fields: list[Misfit] | None = Field(None, description="of `api.invalid`, what does not fit")


class ErrorAnswer(BaseModel):
    """Every error has this shape."""

    error: Error


_WHAT: Mapping[int, str] = {
    400: "The request is none that can be read.",
    401: "There is no token, or it is not one that counts.",
    403: "The roles of the token's owner, or its scopes, do not allow it.",
    404: "There is no such case, item or action that you may see.",
    405: "The address does not take this method.",
    409: "Somebody else was first, or the case has changed since you looked.",
    413: "The request is too large.",
    415: "The body is not JSON.",
    421: "The address does not answer to that host name.",
    422: "What was sent does not fit, or a rule of the desk does not allow it.",
    429: "Too many requests in a minute; Retry-After says how many seconds to wait.",
    500: "Something went wrong here.",
    503: "The database, the disk or another system does not answer.",
}
ALWAYS = (400, 401, 403, 405, 413, 415, 421, 422, 429, 500, 503)


def answers(*more: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides its own: every route these, some ``more``."""
    statuses = sorted({*ALWAYS, *more})
    return {one: {"model": ErrorAnswer, "description": _WHAT[one]} for one in statuses}


def for_programs(path: str) -> bool:
    """Whether errors at an address are JSON."""
    return path.startswith(PREFIXES)


def error_answer(
    request: Request, status: int, message: Message, fields: Sequence[Misfit] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """An error as JSON, its sentence in the language that was asked for."""
    said = shape(message, status, lang_of(request.query_params.get("lang", "")))
    if fields is not None:
        said["error"]["fields"] = [one.model_dump() for one in fields]
    sent = dict(headers or {})
    if status == 401:
        sent["WWW-Authenticate"] = "Bearer"
    if status == 429:
        sent["Retry-After"] = str(MINUTE)
    return JSONResponse(said, status, sent)


def shape(message: Message, status: int, lang: str = "en") -> dict[str, dict[str, Any]]:
    """The JSON of an error."""
    return {"error": {"id": message.id, "message": message.render(lang), "status": status}}


def lang_of(given: str) -> str:
    """A language of the sentences; English where another is asked for."""
    return given if given in LANGUAGES else "en"


def invalid(request: Request, error: RequestValidationError) -> Response:
    """The error of a request that does not fit; what was sent is not said again."""
    fields = [
        Misfit(at=".".join(str(part)[:100] for part in one["loc"]), why=str(one["msg"])[:300])
        for one in error.errors()[:20]
    ]
    return error_answer(request, 422, Message("api.invalid", {}), fields)
