"""Tables of unknown origin: what their columns are called, what they hold, and what that makes."""
