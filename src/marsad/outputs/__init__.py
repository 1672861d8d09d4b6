"""What leaves the workspace: reports to read and tables to compute with, under pseudonyms."""
