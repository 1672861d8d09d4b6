"""Another system that takes actions, as docs/concepts/actions.md says it must: a real server."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAST = 300
"""Seconds after which a signature is too old."""


@dataclass
class Receiver:
    """What it holds: keys by name, what was asked under each key, what is in force.

    ``answers`` are asked first, one a request: what a test wants to happen instead.
    """

    keys: dict[str, bytes]
    address: str = ""
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    answers: list[Callable[[Handler], None]] = field(default_factory=list)
    lies: bool = False
    clock: Callable[[], float] = time.time

    def trusts(self, headers: Any, content: bytes) -> bool:
        """Whether one of the signatures is by a key it knows, and not too old."""
        stamp = headers.get("Marsad-Timestamp", "")
        if not stamp.isdecimal() or abs(self.clock() - int(stamp)) > PAST:
            return False
        signatures = dict(
            part.strip().split("=", 1) for part in headers.get("Marsad-Signature", "=").split(",")
        )
        return any(
            hmac.compare_digest(
                hmac.digest(key, stamp.encode() + b"." + content, "sha256").hex(),
                signatures.get(name, ""),
            )
            for name, key in self.keys.items()
        )

    def take(self, said: dict[str, Any]) -> None:
        if said["undoes"] is not None:
            self.undone.add(said["undoes"])
        else:
            self.done.setdefault(said["key"], said)

    def state(self, kind: str, id: str) -> dict[str, Any]:
        acts = sorted({
            said["act"] for key, said in self.done.items()
            if said["subject"] == {"kind": kind, "id": id} and key not in self.undone
        })  # fmt: skip
        shown = {"suspend": "suspended", "remove": "removed", "hide": "withheld"}
        state = next((shown[act] for act in shown if act in acts), "alive")
        return {"state": "alive", "measures": []} if self.lies else {
            "state": state, "measures": acts
        }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.receiver.seen.append((self.path, dict(self.headers), body))
        if self.receiver.answers:
            return self.receiver.answers.pop(0)(self)
        if not self.receiver.trusts(self.headers, body):
            return self.answer(401, {})
        said = json.loads(body)
        if said["key"] != self.headers.get("Idempotency-Key"):
            return self.answer(400, {})
        self.receiver.take(said)
        return self.answer(200, {"said": "thank you"})

    def do_GET(self) -> None:
        self.receiver.seen.append((self.path, dict(self.headers), b""))
        if self.receiver.answers:
            return self.receiver.answers.pop(0)(self)
        if not self.receiver.trusts(self.headers, self.path.encode("ascii")):
            return self.answer(401, {})
        query = parse_qs(urlsplit(self.path).query)
        if "kind" not in query or "id" not in query:
            return self.answer(404, {})
        return self.answer(200, self.receiver.state(query["kind"][0], query["id"][0]))

    def answer(self, status: int, said: Any, **headers: str) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def listening(keys: dict[str, bytes]) -> Iterator[Receiver]:
    """A receiver at an address of this machine."""
    receiver = Receiver(keys)
    handler = type("Own", (Handler,), {"receiver": receiver})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        receiver.address = f"http://127.0.0.1:{server.server_address[1]}"
        yield receiver
        server.shutdown()
