"""Communes that somebody may mean who mistypes them: what is spelled so comes first, then what differs by a slip."""

import re
from functools import cache
from typing import Final

from services.geo.gazetteer import Commune, Gazetteer, load, normal
from services.geo.search.names import Names

_POSTCODE: Final = re.compile(r"\b\d{5}\b")
LIMIT: Final = 8


class Suggestions:
    """All communes by the words of their names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._largest = sorted(gazetteer.communes, key=lambda one: -one.population)
        self._names = Names()
        self._bearers: dict[int, set[int]] = {}
        for place, one in enumerate(self._largest):
            for word in self._names.numbers(one.name):
                self._bearers.setdefault(word, set()).add(place)
        self._names.index()

    def of(self, text: str, limit: int = LIMIT) -> list[Commune]:
        """The likeliest first."""
        found = self._gazetteer.suggestions(text, limit)
        if len(found) < limit:
            known = {one.code for one in found}
            found += [one for one in self._slipped(text) if one.code not in known]
        return found[:limit]

    def _slipped(self, text: str) -> list[Commune]:
        """Whose names have, for each word typed, one that may be meant; the largest first."""
        typed = normal(text)
        postcode = _POSTCODE.search(typed)
        words = self._names.like(_POSTCODE.sub("", typed))
        if not words:
            return []
        bearing = [set().union(*(self._bearers[word] for word in meant)) for meant in words]
        found = [self._largest[place] for place in sorted(set.intersection(*bearing))]
        return [one for one in found if postcode is None or postcode[0] in one.postcodes]


@cache
def suggestions() -> Suggestions:
    """Those of the packaged gazetteer, made once."""
    return Suggestions(load())
