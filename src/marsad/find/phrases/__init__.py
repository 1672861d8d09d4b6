"""Phrases of banks in the texts of posts."""

from marsad.find.phrases.signal import Phrases

__all__ = ["Phrases"]
