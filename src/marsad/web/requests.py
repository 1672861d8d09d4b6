"""Requests counted and timed, by route: what ``/metrics`` tells of this process."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper ends of the histogram's buckets, seconds."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"

Route = tuple[str, str]
"""Method and the route's path, with its names in place of what stood there: no id is counted."""


class Requests:
    """The counts; threads may share them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.times: dict[Route, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self.seconds: dict[Route, float] = defaultdict(float)

    def add(self, route: Route, status: int, seconds: float) -> None:
        """Counts a request."""
        place = next((i for i, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        with self._lock:
            self.answers[(*route, status)] += 1
            self.times[route][place] += 1
            self.seconds[route] += seconds

    def histogram(self) -> Iterable[tuple[Route, Sequence[int], float]]:
        """Of each route how many requests fell into each bucket, and their seconds in all."""
        with self._lock:
            return [(route, list(times), self.seconds[route])
                    for route, times in sorted(self.times.items())]  # fmt: skip


class Counted:
    """Counts what passes, refusals too. It stands before everything else."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self.app, self.requests = app, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            self.requests.add(_route(scope), status, perf_counter() - began)


def _route(scope: Scope) -> Route:
    method = scope["method"] if scope["method"] in METHODS else OTHER
    return method, getattr(scope.get("route"), "path", OTHER)
