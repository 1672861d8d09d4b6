"""Files in: one file per format. A source says which rows a file holds; it never writes."""
