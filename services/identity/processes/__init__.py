"""Process managers of identity."""
