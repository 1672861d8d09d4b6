"""Near copies of a text: within the data, and of the texts of banks."""

from marsad.find.copies.signal import Copies

__all__ = ["Copies"]
