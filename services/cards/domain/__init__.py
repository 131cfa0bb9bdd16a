"""Rules of the cards service: pure."""
