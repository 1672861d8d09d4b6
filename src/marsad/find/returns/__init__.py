"""Accounts of somebody whose earlier account is gone."""

from marsad.find.returns.signal import Returns

__all__ = ["Returns"]
