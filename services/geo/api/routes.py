"""The geo service over HTTP: searches, one place, communes; the state of the directory's files for the console."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from services.geo.answers import CommunesShown, FilesShown, PlaceShown, Results, SearchesShown, commune_shown
from services.geo.api.asking import ByCommune, Search
from services.geo.api.searching import Searching, warm
from services.geo.domain.facts import Source
from services.geo.domain.files import Files
from services.geo.gazetteer import load
from services.geo.search.counting import Counting
from services.geo.search.following import Following
from services.geo.search.suggesting import suggestions
from shared.kernel import Rejected
from shared.security import console_caller, gateway_caller
from shared.service import Service

KEEP: Final = {"Cache-Control": "no-store"}


def router(service: Service, following: Following | None, counting: Counting) -> APIRouter:
    """Public searches, asked by the gateway for anybody."""

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        warming = asyncio.create_task(asyncio.to_thread(warm), name="gazetteer")
        async with counting.running(), following.running() if following else contextlib.nullcontext():
            yield
        await warming

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
        return await searching.one(place_id)

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
