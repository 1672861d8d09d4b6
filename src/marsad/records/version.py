"""The version of Marsad that wrote something."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("marsad")
