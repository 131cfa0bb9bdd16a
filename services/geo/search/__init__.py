"""Nearest places: an index in memory, made from the events, and the read model that answers until it stands."""
