"""What the cards service does beside its consumers."""
