"""A real mail server for tests: aiosmtpd on a free port of the loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Post:
    """What the server was handed; ``says`` are answers in place of taking a mail, in turn."""

    says: list[str] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """What aiosmtpd calls with each mail."""
        if self.says:
            return self.says.pop(0)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"


@contextmanager
def mail_server(host: str = "127.0.0.1", **options: Any) -> Iterator[Post]:
    """Runs a server; ``options`` are those of aiosmtpd's SMTP."""
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        post.port = probe.getsockname()[1]
    controller = Controller(post, hostname=host, port=post.port, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
