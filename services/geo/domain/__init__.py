"""What a place is, and how the directory's files change it."""
