"""Hosts: one spelling for each, whatever script, notation or defanging it was written in.

A host's normal form is its ASCII one (punycode for other scripts, dotted decimal for IPv4), because
that is what a browser would look up. Look-alike letters are not folded: an imitation is a host of
its own; `show_host` gives the form a reader can compare.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

MAX_HOST = 253
"""Longest host name, in characters of its ASCII form (RFC 1035, without the final dot)."""

_MAX_TYPED = 1024
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_PLAIN_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_PLAIN_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z"
)
_BRACKETS = re.compile(r"[\[({]")
_DEFANGED_DOT = re.compile(r"[\[({]\s?(?:\.|dot|d0t)\s?[\])}]", re.IGNORECASE)


def refang(text: str) -> str:
    """``example[.]org``, ``example(dot)org`` → ``example.org``."""
    return _DEFANGED_DOT.sub(".", text) if _BRACKETS.search(text) else text


@lru_cache(maxsize=65_536)
def normalise_host(host: str) -> str | None:
    """The normal form of a host name or address; None where a browser would refuse it.

    Lower case, ASCII, without the final dot. Numbers in any notation that browsers take as IPv4
    (``0x7f.1``, ``2130706433``, ``0177.0.0.1``) become dotted decimal, per the WHATWG URL Standard;
    IPv6 stays in brackets, compressed.
    """
    if _PLAIN_HOST.match(host) and "xn--" not in host and len(host) <= MAX_HOST:
        return host
    if not host or len(host) > _MAX_TYPED:
        return None
    if host.startswith("["):
        return _ipv6(host)
    ascii_host = _to_ascii(_DOTS.sub(".", refang(host)))
    if ascii_host is None or len(ascii_host) > MAX_HOST:
        return None
    if _is_number(ascii_host.rpartition(".")[2]):
        return _ipv4(ascii_host)
    return ascii_host


def _to_ascii(host: str) -> str | None:
    mapped = host.lower() if host.isascii() else _compatible(host)
    if mapped is None:
        return None
    labels = mapped.removesuffix(".").split(".")
    done = [_ascii_label(label) for label in labels]
    return ".".join(label for label in done if label) if all(done) else None


def _compatible(host: str) -> str | None:
    """The UTS 46 mapping of case, width and compatibility forms: ``Ｈｏｓｔ`` → ``host``."""
    import idna

    try:
        return idna.uts46_remap(host, std3_rules=False, transitional=False)
    except (idna.IDNAError, UnicodeError):
        return None


def _ascii_label(label: str) -> str | None:
    if label.isascii():
        return label if _PLAIN_LABEL.match(label) else None
    try:
        coded = "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return None
    return coded if _PLAIN_LABEL.match(coded) else None


def _is_number(label: str) -> bool:
    return bool(re.match(r"(?:[0-9]+|0x[0-9a-f]*)\Z", label))


def _ipv4(host: str) -> str | None:
    """Four numbers or fewer, each decimal, octal (``0…``) or hexadecimal (``0x…``)."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_is_number(part) for part in parts):
        return None
    try:
        numbers = [_ipv4_number(part) for part in parts]
    except ValueError:
        return None
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(n << (8 * (3 - i)) for i, n in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _ipv4_number(part: str) -> int:
    if len(part) > 40:
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") and len(part) > 1 else int(part)


def _ipv6(host: str) -> str | None:
    try:
        address = ipaddress.IPv6Address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"[{address.compressed}]"


def is_address(host: str) -> bool:
    """Whether a normal form is an IP address rather than a name."""
    return host.startswith("[") or _is_number(host.rpartition(".")[2])


@lru_cache(maxsize=4_096)
def show_host(host: str) -> str:
    """A host with its punycode labels in their own script, for people to read.

    Labels that do not decode, or decode to something that is not written that way, stay as they
    are; control and direction marks are never shown.
    """
    return ".".join(_unicode_label(label) for label in host.split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        shown = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
    return shown if shown.isprintable() and _ascii_label(shown) == label else label


def suffixes(host: str) -> Iterator[str]:
    """A host and every domain it lies under, longest first; an IP address only itself.

    ``a.b.example`` → ``a.b.example``, ``b.example``, ``example``.
    """
    yield host
    if is_address(host):
        return
    at = host.find(".")
    while at != -1:
        yield host[at + 1 :]
        at = host.find(".", at + 1)


def host_under(host: str, domain: str) -> bool:
    """Whether ``host`` is ``domain`` or lies under it; both in normal form.

    ``sub.example.org`` lies under ``example.org``, ``notexample.org`` does not.
    """
    return host == domain or (host.endswith("." + domain) and not is_address(host))
