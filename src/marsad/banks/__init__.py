"""Lists to match against, and the file formats that lists come in."""

from marsad.banks.bank import KINDS, Bank, Entry

__all__ = ["KINDS", "Bank", "Entry"]
