"""Marsad: find violent-extremist accounts and content, let people decide, measure what it did.

The public library. ``marsad.open(folder)`` opens a workspace::

    workspace = marsad.open("study")
    workspace.import_files(["posts.csv"])
    workspace.find("phrases")
    workspace.findings().to_pyarrow()

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.banks import Bank, Entry
    from marsad.find.signal import Example, Found, ItemSignal, NetworkSignal, Parameter
    from marsad.records.errors import InputError, MarsadError
    from marsad.records.estimate import Estimate, proportion
    from marsad.workspace.library import Library, create, open

__version__ = "0.1.0"

_HOMES = {
    "open": "marsad.workspace.library",
    "create": "marsad.workspace.library",
    "Library": "marsad.workspace.library",
    "Bank": "marsad.banks",
    "Entry": "marsad.banks",
    "Estimate": "marsad.records.estimate",
    "proportion": "marsad.records.estimate",
    "MarsadError": "marsad.records.errors",
    "InputError": "marsad.records.errors",
    "ItemSignal": "marsad.find.signal",
    "NetworkSignal": "marsad.find.signal",
    "Parameter": "marsad.find.signal",
    "Example": "marsad.find.signal",
    "Found": "marsad.find.signal",
}

__all__ = [
    "Bank", "Entry", "Estimate", "Example", "Found", "InputError", "ItemSignal", "Library",
    "MarsadError", "NetworkSignal", "Parameter", "create", "open", "proportion",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'marsad' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
