"""Removal orders of authorities under Regulation (EU) 2021/784."""
