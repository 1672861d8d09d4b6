"""Runs the site until it is interrupted."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import closing

import uvicorn

from marsad.records.errors import InputError, OutsideError
from marsad.web.app import create_app
from marsad.web.background import Background
from marsad.web.site import LOOPBACK, Site


def serve(site: Site, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves until interrupted; ``ready`` is told the address. Port 0 takes a free one.

    Other addresses than loopback only where marsad.toml says under which name the desk is reached,
    and that something before it speaks TLS: passwords never go over a network in the clear.
    """
    if host not in LOOPBACK and not (site.settings.hosts and site.settings.https):
        raise InputError("serve.host", given=host, valid=list(LOOPBACK))
    with closing(_listening(host, port)) as listener:
        # its own messages name addresses of people; what the desk does is in its log
        config = uvicorn.Config(
            create_app(site, Background.of(site)), log_level=logging.ERROR, access_log=False,
            server_header=False, http="h11",
            proxy_headers=site.settings.https, timeout_keep_alive=15, timeout_graceful_shutdown=5,
            limit_concurrency=400, h11_max_incomplete_event_size=32_768,
        )  # fmt: skip
        if site.screener is not None:
            site.screener.warm_aside()
        ready(f"http://{_name(host)}:{listener.getsockname()[1]}/")
        uvicorn.Server(config).run([listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named TCP, or asyncio leaves waiting for more to send on, and each answer comes 40 ms late
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # whoever is told the address may come at once
    except (OSError, OverflowError) as error:
        listener.close()
        raise OutsideError("serve.port", port=str(port), error=str(error)) from error
    return listener


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host
