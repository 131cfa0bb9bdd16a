"""Typed ids: mypy finds two that are swapped."""

from typing import NewType

PlaceId = NewType("PlaceId", str)
ListingId = NewType("ListingId", str)
"""One stay of a place in the directory: whose key its personal fields have. A place that comes back has a new one."""
FileId = NewType("FileId", str)
"""SHA-256 of a file's bytes."""
