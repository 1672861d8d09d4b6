"""Where queries run. The methods are written once against Ibis; an engine only executes."""

from marsad.engines.base import Engine, open_engine

__all__ = ["Engine", "open_engine"]
