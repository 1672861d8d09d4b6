"""The nouns as typed tables, and the one place for each rule about their values."""
