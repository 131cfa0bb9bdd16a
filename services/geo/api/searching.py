"""Searches answered from the index; until it stands, from the read model."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.geo.answers import PlaceShown, Results, Town, shown
from services.geo.api.asking import Filters
from services.geo.gazetteer import load
from services.geo.read_models.places import Listed, places
from services.geo.search.asked import Asked, Hits, Mark
from services.geo.search.counting import Counting, departement_of
from services.geo.search.following import Following
from services.geo.search.read_model import ReadModelSearch
from services.geo.search.suggesting import suggestions
from shared.problems import Refused
from shared.service import Service

DEGREE: Final = 111_195
"""Metres of a degree of latitude."""


def warm() -> None:
    """Read and arrange the communes beside the event loop: otherwise the first visitors wait for it, one and all."""
    suggestions()
    departement_of(0.0, 0.0)


class Searching:
    """Answers from the index; until it stands, from the read model."""

    def __init__(self, service: Service, following: Following | None, counting: Counting) -> None:
        self._service = service
        self._following = following
        self._counting = counting

    async def results(self, filters: Filters, latitude: float, longitude: float) -> Results:
        asked = Asked(
            latitude=latitude,
            longitude=longitude,
            radius=float(filters.radius),
            kinds=filters.kind,
            after=Mark.parse(filters.after),
            **filters.model_dump(exclude={"kind", "radius", "after", "position", "commune", "postcode"}),
        )
        hits = await self._hits(asked)
        if asked.after is None:
            self._counting.note(asked)
        found = await self._listed([place for hit in hits.hits for place in (hit.place_id, *hit.others)])
        listed = [
            shown([found[one] for one in (hit.place_id, *hit.others) if one in found], hit.metres)
            for hit in hits.hits
            if hit.place_id in found
        ]
        more = str(hits.more) if hits.more else None
        return Results(
            places=tuple(listed),
            more=more,
            total=hits.total,
            counts=hits.counts,
            radius=filters.radius,
            towns=tuple(_towns(latitude, longitude, filters.radius)),
        )

    async def one(self, place_id: str) -> PlaceShown:
        """A place and all that means the same.

        Raises:
            Refused: it is not listed.
        """
        same = await self._same(place_id)
        found = await self._listed(same)
        if place_id not in found:
            raise Refused("not-found")
        return shown([found[one] for one in same if one in found], None)

    async def _listed(self, ids: Sequence[str]) -> dict[str, Listed]:
        documents = await self._service.queries.get_many(places, ids)
        return {one.place_id: one for one in documents if one.facts is not None}

    async def _same(self, place_id: str) -> tuple[str, ...]:
        if self._following is not None and self._following.ready:
            return self._following.index.same(place_id) or (place_id,)  # it may have come this moment
        return await (await self._read_model()).same(place_id)

    async def _hits(self, asked: Asked) -> Hits:
        if self._following is not None and self._following.ready:
            return self._following.index.search(asked)
        if asked.name or asked.sex:
            raise Refused("index-not-ready")
        return await (await self._read_model()).search(asked)

    async def _read_model(self) -> ReadModelSearch:
        return ReadModelSearch(self._service.database[await self._service.pointers.live(places)])


def _towns(latitude: float, longitude: float, radius: int) -> Iterator[Town]:
    for one in load().near(latitude, longitude, 1.5 * radius / DEGREE):
        if one.centre:
            yield Town(name=one.name, latitude=one.centre[0], longitude=one.centre[1], population=one.population)
