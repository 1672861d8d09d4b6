"""The API: what the desk does, for programs that come with a token. One file a subject."""
