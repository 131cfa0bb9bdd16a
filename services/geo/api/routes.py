"""The geo service over HTTP: searches, one place, communes; the state of the directory's files for the console."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from services.geo.answers import (
    CommunesShown,
    FilesShown,
    PlaceShown,
    Results,
    SearchesShown,
    Town,
    commune_shown,
    shown,
)
from services.geo.domain.facts import Kind, Sector, Sex, Source
from services.geo.domain.files import Files
from services.geo.domain.ids import PlaceId
from services.geo.domain.specialities import Speciality
from services.geo.gazetteer import load
from services.geo.read_models.places import places
from services.geo.search.asked import WIDEST, Asked, Hits, Mark
from services.geo.search.counting import Counting
from services.geo.search.following import Following
from services.geo.search.read_model import ReadModelSearch
from services.geo.search.suggesting import suggestions
from shared.kernel import Rejected, Value
from shared.problems import Refused
from shared.security import console_caller, gateway_caller
from shared.service import Service

NEAR: Final = 10_000
PAGE: Final = 20
DEGREE: Final = 111_195
"""Metres of a degree of latitude."""
KEEP: Final = {"Cache-Control": "no-store"}


class Position(Value):
    """Where somebody is, as he chose to say: rounded to about 100 m, kept nowhere."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]

    def rounded(self) -> tuple[float, float]:
        """Again, should a client not have done it."""
        return round(self.latitude, 3), round(self.longitude, 3)


class Filters(Value):
    """What is looked for, and how far."""

    kind: tuple[Kind, ...] = ()
    speciality: Speciality | None = None
    name: Annotated[str, Field(max_length=100)] = ""
    sex: Sex | None = None
    sector: Sector | None = None
    optam: bool = False
    vitale: bool = False
    app_vitale: bool = False
    terminal: bool = False
    radius: Annotated[int, Field(ge=100, le=WIDEST)] = NEAR
    after: Annotated[str, Field(max_length=40)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Search(Filters):
    """By position, which stands in the body and nowhere else."""

    position: Position


class ByCommune(Filters):
    """By INSEE code or postcode."""

    commune: Annotated[str, Field(max_length=5)] | None = None
    postcode: Annotated[str, Field(max_length=5)] | None = None


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
        documents = await self._service.queries.get_many(places, [hit.place_id for hit in hits.hits])
        found = {one.place_id: one for one in documents}
        listed = [
            shown(document, hit.metres)
            for hit in hits.hits
            if (document := found.get(PlaceId(hit.place_id))) is not None and document.facts is not None
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

    async def _hits(self, asked: Asked) -> Hits:
        if self._following is not None and self._following.ready:
            return self._following.index.search(asked)
        if asked.name or asked.sex:
            raise Refused("index-not-ready")
        collection = self._service.database[await self._service.pointers.live(places)]
        return await ReadModelSearch(collection).search(asked)


def router(service: Service, following: Following | None, counting: Counting) -> APIRouter:
    """Public searches, asked by the gateway for anybody."""

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with counting.running(), following.running() if following else contextlib.nullcontext():
            yield

    routes = APIRouter(lifespan=lifespan)
    searching = Searching(service, following, counting)
    gateway = [Depends(gateway_caller)]

    @routes.post("/places/search", dependencies=gateway)
    async def by_position(search: Search, response: Response) -> Results:
        response.headers.update(KEEP)
        return await searching.results(search, *search.position.rounded())

    @routes.get("/places", dependencies=gateway)
    async def by_commune(asked: Annotated[ByCommune, Query()]) -> Results:
        return await searching.results(asked, *_centre(asked))

    @routes.get("/places/{place_id}", dependencies=gateway)
    async def one(place_id: str) -> PlaceShown:
        document = await service.queries.get(places, place_id)
        if document is None or document.facts is None:
            raise Refused("not-found")
        return shown(document, None)

    @routes.get("/communes", dependencies=gateway)
    async def communes(text: Annotated[str, Query(max_length=100)]) -> CommunesShown:
        return CommunesShown(communes=tuple(commune_shown(one) for one in suggestions().of(text)))

    @routes.get("/internal/directory/files", dependencies=[Depends(console_caller)])
    async def files() -> list[FilesShown]:
        found = []
        for source in Source:
            state, _ = await service.state(f"directory:{source}")
            assert isinstance(state, Files)
            found.append(FilesShown(source=source, taken=state.taken, as_of=state.as_of, held=state.held))
        return found

    @routes.get("/internal/directory/searches", dependencies=[Depends(console_caller)])
    async def searches(since: dt.date) -> list[SearchesShown]:
        return [
            SearchesShown(
                day=dt.date.fromisoformat(row.day), departement=row.departement, kind=row.kind, searches=count
            )
            for row, count in (await counting.since(since)).items()
        ]

    return routes


def _centre(asked: ByCommune) -> tuple[float, float]:
    gazetteer = load()
    commune = gazetteer.commune(asked.commune or "")
    point = commune.centre if commune else None
    if point is None:
        postcode = asked.postcode or (commune.postcodes[0] if commune and commune.postcodes else "")
        point = gazetteer.centre_of_postcode(postcode)
    if point is None and commune is not None:
        point = gazetteer.centre_of_departement(commune.departement)
    if point is None:
        raise Rejected("place-unknown")
    return point


def _towns(latitude: float, longitude: float, radius: int) -> Iterator[Town]:
    for one in load().near(latitude, longitude, 1.5 * radius / DEGREE):
        if one.centre:
            yield Town(name=one.name, latitude=one.centre[0], longitude=one.centre[1], population=one.population)
