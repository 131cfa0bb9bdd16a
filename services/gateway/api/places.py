"""Vitale terminals, professionals and establishments near a place."""

import uuid
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from services.gateway.api.calls import Calling
from services.gateway.api.vitale import found_in
from services.gateway.clients.places import Communes, Place, Results
from services.gateway.pages.places_words import SPECIALITIES
from shared.kernel import Value

Kind = Literal[
    "doctor", "dentist", "midwife", "nurse", "physiotherapist", "chiropodist", "speech_therapist", "orthoptist",
    "pharmacist", "professional", "pharmacy", "hospital", "health_centre", "laboratory", "nursing_home",
    "fund_office", "establishment",
]  # fmt: skip
Speciality = Annotated[str, Field(pattern=f"^({'|'.join(SPECIALITIES)})$")]
"""Of doctors."""
FARTHEST: Final = 50_000

router = APIRouter(tags=["Places"])


class Filters(Value):
    """What is looked for, and within how many metres; `after`: `more` of the part before."""

    kind: Annotated[tuple[Kind, ...], Field(max_length=20)] = ()
    name: Annotated[str, Field(max_length=100)] = ""
    speciality: Speciality | None = None
    sex: Literal["F", "M"] | None = None
    sector: Literal["1", "2", "none"] | None = None
    optam: bool = False
    vitale: bool = False
    app_vitale: bool = False
    terminal: bool = False
    radius: Annotated[int, Field(ge=100, le=FARTHEST)] = 10_000
    after: Annotated[str, Field(pattern=r"^[A-Za-z0-9_=-]{1,40}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    def wanted(self) -> dict[str, Any]:
        said = self.model_dump(mode="json", exclude={"commune", "latitude", "longitude"})
        return {name: value for name, value in said.items() if value}


class Near(Filters):
    """Around a position, which is rounded to 100 m and kept nowhere."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class InCommune(Filters):
    """Around a commune, by its INSEE code."""

    commune: Annotated[str, Field(pattern=r"^\d[\dAB]\d{3}$")]


@router.post("/places/near")
async def near(call: Calling, wanted: Near) -> Results:
    """A query: in a body, for a position must stand in no address."""
    here = round(wanted.latitude, 3), round(wanted.longitude, 3)
    return await call.site.places.near(call.who, *here, wanted.wanted())


@router.post("/places/in-commune")
async def in_commune(call: Calling, wanted: InCommune) -> Results:
    return await call.site.places.in_commune(call.who, wanted.commune, wanted.wanted())


@router.get("/places/{place_id}")
async def place(call: Calling, place_id: uuid.UUID) -> Place:
    return found_in(await call.site.places.place(call.who, str(place_id)))


@router.get("/communes")
async def communes(call: Calling, text: Annotated[str, Query(min_length=1, max_length=100)]) -> Communes:
    """Those that a text may mean: a name, a postcode, or both."""
    return Communes(communes=await call.site.places.communes(call.who, text))
