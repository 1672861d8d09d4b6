"""Returns after a takedown: how many came back, how soon, how often, with what audience."""

from marsad.measure.returns.adjusting import adjusted
from marsad.measure.returns.followers import followers_regained
from marsad.measure.returns.lineages import accounts_per_lineage
from marsad.measure.returns.rates import return_rate

__all__ = ["accounts_per_lineage", "adjusted", "followers_regained", "return_rate"]
