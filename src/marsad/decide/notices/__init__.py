"""Notices: what users, trusted flaggers and authorities report, and what came of it."""
