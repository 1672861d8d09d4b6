"""What is kept apart for a time, and holds that nothing is deleted against."""
