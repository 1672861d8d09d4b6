"""Decide: cases, the queue, decisions and their audit."""
