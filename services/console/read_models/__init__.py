"""What the console shows of itself."""
