"""Respondent-driven sampling: shares of a network, from chains of referrals along its ties."""

from marsad.measure.respondent_driven.measure import Rds, rds

__all__ = ["Rds", "rds"]
