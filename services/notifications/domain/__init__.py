"""Rules of the notifications service: pure."""
