"""Published figures as data, held against what was measured."""

from marsad.measure.claims.checking import Verdict, check
from marsad.measure.claims.claim import Claim, Evidence
from marsad.measure.claims.loading import known_claims, load_claim

__all__ = ["Claim", "Evidence", "Verdict", "check", "known_claims", "load_claim"]
