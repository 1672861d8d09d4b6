"""Mail addresses as people write them."""

from __future__ import annotations

from email.headerregistry import Address

LONGEST = 254


def read(text: str) -> Address | None:
    """A plain address; None for what is none, or would end a header."""
    text = text.strip()
    if not text.isprintable() or len(text) > LONGEST:
        return None
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        return None
    return found if found.username and "." in found.domain else None


def normal(text: str) -> str | None:
    """The form in which two spellings of an address are one; None for what is none."""
    found = read(text)
    return found.addr_spec.lower() if found else None
