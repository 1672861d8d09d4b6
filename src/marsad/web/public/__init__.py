"""Pages for everybody: no login, nothing of what the desk knows but what concerns who asks."""
