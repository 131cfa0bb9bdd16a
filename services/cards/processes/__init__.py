"""Process managers of the cards service."""
