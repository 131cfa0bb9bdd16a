"""The geo service as a few places around Toulon."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.clients.places import Commune, Place, Results, Town
from services.gateway.clients.who import Who
from tests.services.gateway.fake_base import Fake

TOULON = Commune(code="83137", name="Toulon", postcodes=("83000", "83100"), departement="83")
TOUL = Commune(code="54528", name="Toul", postcodes=("54200",), departement="54")
COMMUNES = (TOUL, TOULON)


def place(number: int, **changes: Any) -> Place:
    values: dict[str, Any] = {
        "place_id": str(uuid.UUID(int=number)),
        "kind": "doctor",
        "activity": "Médecin",
        "speciality": "Cardiologie",
        "name": f"Dr Zoé KERMARREC {number}",
        "street": f"{number} rue du Four",
        "postcode": "83000",
        "city": "Toulon",
        "phone": "0199000001",
        "latitude": 43.12 + number / 1000,
        "longitude": 5.93,
        "precision": "address",
        "distance": number * 100,
        "sector": "1",
        "vitale": True,
        "as_of": "2026-11-12T00:00:00Z",
    }
    return Place.model_validate({**values, **changes})


PHARMACY = place(
    7,
    kind="pharmacy",
    activity="Pharmacie d'officine",
    speciality="",
    name="Pharmacie du Port",
    sector=None,
    terminal="probable",
)
OFFICE = place(
    8,
    kind="fund_office",
    activity="Accueil de la caisse",
    speciality="",
    name="Accueil de Toulon",
    sector=None,
    terminal="known",
)
COARSE = tuple(
    place(number, latitude=43.1, longitude=5.9, precision="commune", distance=2000, street="") for number in (21, 22)
)


@dataclass
class FakePlaces(Fake):
    """Answers with what it was given, in pages of three."""

    name: str = "geo"
    known: tuple[Place, ...] = (place(1), place(2), PHARMACY, OFFICE, *COARSE)

    async def near(self, who: Who, latitude: float, longitude: float, filters: Mapping[str, Any]) -> Results:
        self.called("near", who=who, latitude=latitude, longitude=longitude, filters=dict(filters))
        return self._results(filters)

    async def in_commune(self, who: Who, commune: str, filters: Mapping[str, Any]) -> Results:
        self.called("in_commune", who=who, commune=commune, filters=dict(filters))
        return self._results(filters)

    async def place(self, who: Who, place_id: str) -> Place | None:
        self.called("place", who=who, place_id=place_id)
        return next((one for one in self.known if one.place_id == place_id), None)

    async def communes(self, who: Who, text: str) -> tuple[Commune, ...]:
        self.called("communes", who=who, text=text)
        word = text.casefold().split(" (")[0]
        return tuple(one for one in COMMUNES if one.name.casefold().startswith(word) or word in one.postcodes)

    def _results(self, filters: Mapping[str, Any]) -> Results:
        found = [one for one in self.known if one.terminal or not filters.get("terminal")]
        found = [one for one in found if one.kind in filters.get("kind", [one.kind])]
        start = 4 if filters.get("after") else 0
        return Results(
            places=tuple(found[start : start + 4]),
            more="AAAA" if len(found) > start + 4 else None,
            total=len(found),
            counts={"sector:1": 4, "vitale": 6},
            radius=int(filters["radius"]),
            towns=(Town(name="Toulon", latitude=43.124, longitude=5.928, population=179_000),),
        )
