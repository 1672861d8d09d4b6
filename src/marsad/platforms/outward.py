"""Requests to addresses that somebody has configured: to none that is private, through no redirect,
for no longer than a deadline, and reading no more than a bound.

The name is looked up once and the connection made to the very address that was judged: a name that
answers differently the second time leads nowhere else. Proxies and variables of the environment are
not used. What is encoded or compressed is not decoded.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore

from marsad.records.errors import InputError

LARGEST = 65_536
"""Bytes of an answer that are read where nothing else is asked for."""


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect, to wait for the next bytes, and in all."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0


@dataclass(frozen=True)
class Reply:
    """What came back. ``headers`` have lower-case names; of those that repeat the last counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotReached(Exception):  # noqa: N818 - it says what became of the request
    """There is no reply. ``why`` is a word: address, connect, tls, timeout, too-large, broken.
    ``sent`` is false where no byte of the request can have arrived."""

    def __init__(self, why: str, sent: bool) -> None:
        super().__init__(why)
        self.why, self.sent = why, sent


@dataclass(frozen=True)
class Outward:
    """Sends requests. ``loopback`` allows this machine's own addresses, and http to them; ``ca`` is
    a file of certificates to trust in place of the usual ones; ``private`` allows the addresses of
    an organisation's own network (RFC 1918, RFC 4193), by https alone. Of an answer at most
    ``largest`` bytes are read; a longer one is none."""

    loopback: bool = False
    ca: str = ""
    limits: Limits = field(default_factory=Limits)
    private: bool = False
    largest: int = LARGEST

    def check(self, url: str, setting: str = "url") -> None:
        """Raises `InputError` for an address that is never asked: neither https nor, where that is
        allowed, http on this machine; with a user in it, a fragment, or no host."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            parts, host = urlsplit(""), ""
        plain = url.isascii() and url.isprintable() and not set(url) & set(" \\\"'<>")
        whole = bool(host) and "@" not in parts.netloc and not parts.fragment
        local = self.loopback and _is_loopback(host)
        if not (
            plain and whole and (parts.scheme == "https" or (parts.scheme == "http" and local))
        ):
            raise InputError("platform.url", setting=setting, given=_without_query(url))
        if self.ca:
            _trusted(self.ca)
        if _literal(host) is not None and not self._may(_literal(host)):
            raise InputError("platform.private", setting=setting, given=_without_query(url))

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """The reply to one request. Raises `NotReached` where there is none."""
        backend = _Guarded(self, time.monotonic() + self.limits.total)
        timeout = {"connect": self.limits.connect, "read": self.limits.read,
                   "write": self.limits.read, "pool": self.limits.connect}  # fmt: skip
        trusted = _trusted(self.ca) if url.startswith("https:") else None
        raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=trusted, network_backend=backend, max_connections=1
                ) as pool,
                pool.stream(
                    method, url, headers=raw, content=body, extensions={"timeout": timeout}
                ) as response,
            ):
                content = _bounded(response.iter_stream(), self.largest)
                named = {name.decode("latin-1").lower(): value.decode("latin-1")
                         for name, value in response.headers}  # fmt: skip
                return Reply(response.status, named, content)
        except NotReached:
            raise
        except httpcore.TimeoutException as error:
            raise NotReached("timeout", backend.wrote) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            why = "broken" if backend.wrote else "connect"
            raise NotReached(why, backend.wrote) from error

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host that may be asked. Raises `NotReached` where there are none, or
        one of them may not: a name with a private address among its own is not to be trusted."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotReached("address", False) from error
        known = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not known or not all(self._may(ipaddress.ip_address(one)) for one in known):
            raise NotReached("address", False)
        return known

    def _may(self, address: Any) -> bool:
        inner = getattr(address, "ipv4_mapped", None) or address
        if inner.is_loopback:
            return self.loopback
        if any(inner in network for network in _OWN_NETWORKS if network.version == inner.version):
            return self.private
        embedded = getattr(inner, "sixtofour", None) or getattr(inner, "teredo", None)
        return bool(inner.is_global and not inner.is_multicast and not embedded
                    and not _translated(inner))  # fmt: skip


@cache
def _trusted(ca: str) -> ssl.SSLContext:
    """Whom to believe; read once a process, for reading takes longer than a request."""
    if not ca:
        return httpcore.default_ssl_context()
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise InputError("platform.ca", file=ca) from error


_OWN_NETWORKS = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _translated(address: Any) -> bool:
    """Whether an address stands for one of IPv4 behind a translator, whichever that is."""
    return address.version == 6 and address in _NAT64


class _Guarded(httpcore.NetworkBackend):
    """Connects to the address that was judged, and keeps everything within the deadline."""

    def __init__(self, outward: Outward, deadline: float) -> None:
        self.outward, self.deadline, self.wrote = outward, deadline, False

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        failed: Exception | None = None
        for address in self.outward.addresses(host, port):
            try:
                opened = httpcore.SyncBackend().connect_tcp(
                    address, port, left(self.deadline, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Timed(opened, self)
        assert failed is not None
        raise failed


class _Timed(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: who answers a letter at a time, too."""

    def __init__(self, inner: httpcore.NetworkStream, guarded: _Guarded) -> None:
        self._inner, self._guarded = inner, guarded

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, left(self._guarded.deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._guarded.wrote = True
        self._inner.write(buffer, left(self._guarded.deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        within = left(self._guarded.deadline, timeout)
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, within)
        except httpcore.ConnectError as error:
            raise NotReached("tls", False) from error
        return _Timed(inner, self._guarded)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def left(deadline: float, timeout: float | None) -> float:
    """Seconds that may be waited. Raises `httpcore.ReadTimeout` once the deadline is over."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise httpcore.ReadTimeout("deadline")
    return remaining if timeout is None else min(timeout, remaining)


def _bounded(parts: Iterable[bytes], largest: int) -> bytes:
    content = b""
    for part in parts:
        content += part
        if len(content) > largest:
            raise NotReached("too-large", True)
    return content


def _literal(host: str) -> Any:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _literal(host)
    return host == "localhost" if address is None else bool(address.is_loopback)


def _without_query(url: str) -> str:
    """What of an address may be shown: a query, or a user before the host, may hold a secret."""
    return url.partition("?")[0].partition("#")[0].rpartition("@")[2][:200]
