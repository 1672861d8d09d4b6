"""The chain of a census: what its estimates say."""
