"""Pages over HTTP, on this machine. Routes call the library; no logic of their own."""
