"""Measure: one file a measure gathers what it needs from a workspace, and hands it plain data."""
