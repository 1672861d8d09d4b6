"""Migrations of the desk's database, oldest first; none is changed once it was released."""
