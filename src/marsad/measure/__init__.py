"""Measures: one file each; every answer is an `Estimate`."""
