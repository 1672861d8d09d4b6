"""Actions: what follows from a decision on a platform, asked for and then looked at."""
