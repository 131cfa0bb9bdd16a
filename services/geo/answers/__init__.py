"""What geo answers."""

from services.geo.answers.lists import CommunesShown, FilesShown, Results, SearchesShown, Town, commune_shown
from services.geo.answers.places import PlaceShown, shown

__all__ = ["CommunesShown", "FilesShown", "PlaceShown", "Results", "SearchesShown", "Town", "commune_shown", "shown"]
