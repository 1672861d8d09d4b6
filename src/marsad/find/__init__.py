"""Signals: one technique a file or folder, each looks at records and emits findings."""
