"""A stand-in for the DSA Transparency Database: a real HTTP server that judges as strictly as the
database's documentation says, written from it and not from Marsad's own code.

It is no copy of the database: which words it answers errors with is from memory, and nothing here
says that the real one takes what this one takes. It takes a batch as a whole (201) or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

TOKEN = "a-token-of-the-platform"
PATH = "/api/v1/statements"

ENUMS = json.loads(
    (Path(__file__).parents[3] / "src/marsad/decide/statements/enums.json").read_text("utf-8")
)
COUNTRIES = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
ONE_OF = {
    "decision_monetary": "DECISION_MONETARIES", "decision_provision": "DECISION_PROVISIONS",
    "decision_account": "DECISION_ACCOUNTS", "account_type": "ACCOUNT_TYPES",
    "decision_ground": "DECISION_GROUNDS", "category": "STATEMENT_CATEGORIES",
    "incompatible_content_illegal": "INCOMPATIBLE_CONTENT_ILLEGALS",
    "source_type": "SOURCE_TYPES", "automated_detection": "AUTOMATED_DETECTIONS",
    "automated_decision": "AUTOMATED_DECISIONS",
}  # fmt: skip
SOME_OF = {
    "decision_visibility": "DECISION_VISIBILITIES", "content_type": "CONTENT_TYPES",
    "category_specification": "KEYWORDS", "category_addition": "STATEMENT_CATEGORIES",
}  # fmt: skip
NEEDED = ["decision_ground", "content_type", "category", "content_date", "application_date",
          "decision_facts", "source_type", "automated_detection", "automated_decision",
          "puid"]  # fmt: skip
LENGTHS = {"decision_facts": 5000, "illegal_content_legal_ground": 500,
           "illegal_content_explanation": 2000, "incompatible_content_ground": 500,
           "incompatible_content_explanation": 2000, "puid": 500, "content_type_other": 500,
           "decision_visibility_other": 500, "category_specification_other": 500,
           "decision_ground_reference_url": 500}  # fmt: skip
MORE = {"territorial_scope", "content_language"}
Errors = dict[str, list[str]]


def judge(given: Any) -> Errors:
    """What is wrong with one statement."""
    if not isinstance(given, dict):
        return {"statement": ["must be an object"]}
    wrong: Errors = {}

    def no(name: str, why: str) -> None:
        wrong.setdefault(name, []).append(why)

    for rule in (_needed, _listed, _lengths, _ground, _others, _dates):
        rule(given, no)
    return wrong


def _needed(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    for name in given.keys() - {*NEEDED, *ONE_OF, *SOME_OF, *LENGTHS, *MORE}:
        no(name, "is not a field")
    for name in NEEDED:
        if given.get(name) in (None, "", []):
            no(name, "The field is required.")
    decisions = ("visibility", "monetary", "provision", "account")
    if not any(given.get(f"decision_{one}") for one in decisions):
        no("decision_visibility", "The field is required when no other decision is present.")


def _listed(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    right = {name: given[name] in ENUMS[one] for name, one in ONE_OF.items() if name in given}
    some = {**{name: ENUMS[one] for name, one in SOME_OF.items()}, "territorial_scope": COUNTRIES}
    right |= {name: _all_in(given[name], one) for name, one in some.items() if name in given}
    right["content_language"] = bool(re.fullmatch("[A-Z]{2}", given.get("content_language", "EN")))
    for name, fits in right.items():
        if not fits:
            no(name, "The selected value is invalid.")


def _lengths(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    for name, most in LENGTHS.items():
        if name in given and (not isinstance(given[name], str) or len(given[name]) > most):
            no(name, f"The field must not be longer than {most}.")
    if not re.fullmatch("[a-zA-Z0-9-_]+", str(given.get("puid", ""))):
        no("puid", "The format is invalid.")


def _all_in(value: Any, listed: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(one in listed for one in value)


def _ground(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    law = ["illegal_content_legal_ground", "illegal_content_explanation"]
    terms = ["incompatible_content_ground", "incompatible_content_explanation"]
    illegal = given.get("decision_ground") == "DECISION_GROUND_ILLEGAL_CONTENT"
    for name in law if illegal else terms:
        if not given.get(name):
            no(name, "The field is required for this ground.")
    for name in terms if illegal else law:
        if name in given:
            no(name, "The field is prohibited for this ground.")


def _others(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    for name, value in (("decision_visibility", "DECISION_VISIBILITY_OTHER"),
                        ("content_type", "CONTENT_TYPE_OTHER"),
                        ("category_specification", "KEYWORD_OTHER")):  # fmt: skip
        asked = value in (given.get(name) or [])
        if asked != bool(given.get(f"{name}_other")):
            no(f"{name}_other", "The field is required with OTHER, and with nothing else.")


def _dates(given: dict[str, Any], no: Callable[[str, str], None]) -> None:
    for name in ("content_date", "application_date"):
        try:
            day = date.fromisoformat(given.get(name, ""))
            fits = len(given[name]) == 10 and date(2000, 1, 1) <= day < date(2038, 1, 1)
        except (ValueError, TypeError):
            fits = False
        if not fits:
            no(name, "The field does not match the format Y-m-d.")


@dataclass
class Database:
    """What it holds, by puid, and what it was sent. ``instead`` is asked first, one a request: what
    a test wants to happen; True: it has answered."""

    address: str = ""
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    instead: list[Callable[[Handler], bool]] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def take(self, said: Any) -> tuple[int, dict[str, Any]]:
        """Stores a batch, or says why not."""
        batch = said.get("statements") if isinstance(said, dict) else None
        if not isinstance(batch, list) or not batch:
            return 422, _invalid({"statements": ["The field is required."]})
        if len(batch) > 100:
            return 422, _invalid({"statements": ["The field must not have more than 100 items."]})
        self.batches.append(len(batch))
        wrong = {
            f"statement_{place}": why for place, one in enumerate(batch) if (why := judge(one))
        }
        if wrong:
            return 422, _invalid(wrong)
        names = [one["puid"] for one in batch]
        if len(set(names)) < len(names):
            return 422, _invalid({"puid": ["The identifiers are not all unique in this call."]})
        existing = [name for name in names if name in self.stored]
        if existing:
            said = {"message": "The identifiers given are not all unique for this platform."}
            return 422, said | {"errors": {"existing_puids": existing}}
        self.stored |= {one["puid"]: one for one in batch}
        return 201, {"statements": [{**one, "uuid": f"u-{one['puid']}"} for one in batch]}


def _invalid(errors: Any) -> dict[str, Any]:
    return {"message": "The given data was invalid.", "errors": errors}


class Handler(BaseHTTPRequestHandler):
    database: Database

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.database.lock:
            if not (self.database.instead and self.database.instead.pop(0)(self)):
                self.answer(*self._take())

    def _take(self) -> tuple[int, dict[str, Any]]:
        if self.path != PATH:
            return 404, {"message": "Not found."}
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Unauthenticated."}
        if self.headers.get("Content-Type") != "application/json":
            return 415, {}
        try:
            said = json.loads(self.body)
        except ValueError:
            return 400, {}
        return self.database.take(said)

    def answer(self, status: int, said: Any, **headers: str) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def listening() -> Iterator[Database]:
    """A database at an address of this machine."""
    database = Database()
    handler = type("Own", (Handler,), {"database": database})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        database.address = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
        yield database
        server.shutdown()
