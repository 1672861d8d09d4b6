"""Statements of reasons, and what an uploader is told of an order."""
