"""« Localiser une borne Vitale » and « Rechercher un professionnel de santé ou un établissement »: for everybody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.clients.places import Commune, Results
from services.gateway.pages import places_words as words
from services.gateway.pages.asking import Counted, Posting, Visiting
from services.gateway.pages.places_asked import Looking, position
from services.gateway.pages.places_map import map_headers, tiles
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed

BASE: Final = "/lieux"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

router = APIRouter(prefix=BASE)


@dataclass(frozen=True)
class Screen:
    """One of the two."""

    path: str
    title: str
    terminals: bool


TERMINALS: Final = Screen("/lieux/bornes-vitale", "Localiser une borne Vitale", terminals=True)
DIRECTORY: Final = Screen(
    "/lieux/annuaire", "Rechercher un professionnel de santé ou un établissement", terminals=False
)


@router.get("/bornes-vitale")
async def terminals(visit: Visiting, request: Request) -> Response:
    return await by_commune(visit, TERMINALS, request.query_params)


@router.get("/annuaire")
async def directory(visit: Visiting, request: Request) -> Response:
    return await by_commune(visit, DIRECTORY, request.query_params)


@router.post("/bornes-vitale", dependencies=[Counted])
async def terminals_near(visit: Visiting, posted: Posting) -> Response:
    return await by_position(visit, TERMINALS, posted.fields)


@router.post("/annuaire", dependencies=[Counted])
async def directory_near(visit: Visiting, posted: Posting) -> Response:
    return await by_position(visit, DIRECTORY, posted.fields)


@router.get("/communes")
async def communes(visit: Visiting, request: Request) -> Response:
    """For the page that suggests while one types."""
    found = await visit.site.places.communes(visit.who, request.query_params.get("texte", "")[:100])
    return JSONResponse([f"{one.name} ({one.postcodes[0]})" for one in found if one.postcodes])


@router.get("/fiche/{place_id}")
async def place(visit: Visiting, place_id: str) -> Response:
    found = await visit.site.places.place(visit.who, place_id) if _UUID.fullmatch(place_id) else None
    if found is None:
        raise Refused("not-found", HTTPStatus.NOT_FOUND)
    back = _back(visit.request)
    return map_headers(visit, await visit.page("places/place.html", place=found, words=words, back=back))


async def by_commune(visit: Visit, screen: Screen, fields: Mapping[str, str]) -> Response:
    """The form, and the answer where the address says what is looked for."""
    looking = Looking.read(fields)
    if not looking.commune and not looking.where:
        empty = "ou" in fields
        return await shown(visit, screen, looking, refusal="Saisissez une commune ou un code postal." if empty else "")
    commune = looking.commune
    if not commune:
        found = await visit.site.places.communes(visit.who, looking.where)
        if not found:
            return await shown(
                visit, screen, looking, refusal="Nous ne connaissons pas cette commune. Vérifiez son nom ou son code."
            )
        if not _meant(looking.where, found):
            return await shown(visit, screen, looking, choice=found)
        commune = found[0].code
    looking = Looking.read({**fields, "commune": commune})
    results = await visit.site.places.in_commune(visit.who, commune, looking.filters(terminals=screen.terminals))
    return await shown(visit, screen, looking, results=results)


async def by_position(visit: Visit, screen: Screen, fields: Mapping[str, str]) -> Response:
    """The answer to a position: kept nowhere, so it stands in the form for the next page only."""
    looking, here = Looking.read(fields), position(fields)
    if here is None:
        return await shown(
            visit, screen, looking, refusal="Nous n'avons pas reçu votre position. Saisissez une commune."
        )
    results = await visit.site.places.near(visit.who, *here, looking.filters(terminals=screen.terminals))
    return await shown(visit, screen, looking, results=results, here=here)


async def shown(
    visit: Visit,
    screen: Screen,
    looking: Looking,
    *,
    results: Results | None = None,
    choice: tuple[Commune, ...] = (),
    here: tuple[float, float] | None = None,
    refusal: str = "",
) -> Response:
    """The page in one of its states."""
    typed = Typed({"ou": looking.where, "nom": looking.name}, (Refusal("ou", refusal),) if refusal else ())
    response = await visit.page(
        "places/search.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK,
        screen=screen,
        looking=looking,
        results=results,
        groups=words.grouped(results.places) if results else [],
        choice=choice,
        here=here,
        typed=typed,
        words=words,
        offered=visit.site.settings.ign_tiles,
        tiled=tiles(visit),
    )
    return map_headers(visit, response)


def _meant(typed: str, found: tuple[Commune, ...]) -> bool:
    """Whether what was typed can only be the first: it says a postcode with a name, or is the one name there is."""
    return len(found) == 1 or bool(re.search(r"\D.*\b\d{5}\b", typed)) or _alone(typed, found)


def _alone(typed: str, found: tuple[Commune, ...]) -> bool:
    plain = typed.casefold()
    return found[0].name.casefold() == plain and all(one.name.casefold() != plain for one in found[1:])


def _back(request: Request) -> tuple[str, str]:
    """To the results where the visitor comes from, by their address: a search by position has none."""
    asked = urlsplit(request.headers.get("referer", ""))
    screen = next((one for one in (TERMINALS, DIRECTORY) if one.path == asked.path), DIRECTORY)
    if asked.netloc == request.url.netloc and asked.path == screen.path and asked.query:
        looking = Looking.read(dict(parse_qsl(asked.query)))
        return f"{screen.path}?{looking.query(ou=looking.where, suite=looking.mark)}", "Retour aux résultats"
    return screen.path, "Retour aux bornes Vitale" if screen.terminals else "Retour à l'annuaire"
