"""Databases of the desk filled past the desk, which takes its time, with what it would have
written: a few hundred cases go through it, and every other is one of these with names, numbers and
times of its own."""
