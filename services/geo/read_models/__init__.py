"""What the searches show."""
