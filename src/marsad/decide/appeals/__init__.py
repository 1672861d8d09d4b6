"""Complaints about decisions, and what came of them."""
