"""The geo service, as the member's site uses it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from pydantic import Field

from services.gateway.clients.who import Who
from shared.web.channel import Answer, Channel, Refused


class Source(Answer):
    """A public file that says something of a place, and its date."""

    source: str
    as_of: dt.datetime


class Place(Answer):
    """One professional or establishment, and how far it is."""

    place_id: str
    kind: str
    activity: str
    speciality: str = ""
    specialities: tuple[str, ...] = ()
    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None
    distance: int | None = None
    sector: str | None = None
    optam: bool | None = None
    vitale: bool | None = None
    app_vitale: bool | None = None
    terminal: str | None = None
    as_of: dt.datetime
    sources: tuple[Source, ...] = ()

    @property
    def at_address(self) -> bool:
        return self.precision == "address"


class Town(Answer):
    """A name on the map."""

    name: str
    latitude: float
    longitude: float
    population: int = 0


class Results(Answer):
    """A page of places, nearest first."""

    places: tuple[Place, ...] = ()
    more: str | None = None
    total: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    radius: int = 0
    towns: tuple[Town, ...] = ()


class Commune(Answer):
    """A commune that somebody may mean."""

    code: str
    name: str
    postcodes: tuple[str, ...] = ()
    departement: str = ""


class Communes(Answer):
    """Those that a text may mean."""

    communes: tuple[Commune, ...] = ()


class Places(Protocol):
    """What the pages ask."""

    async def near(self, who: Who, latitude: float, longitude: float, filters: Mapping[str, Any]) -> Results: ...
    async def in_commune(self, who: Who, commune: str, filters: Mapping[str, Any]) -> Results: ...
    async def place(self, who: Who, place_id: str) -> Place | None: ...
    async def communes(self, who: Who, text: str) -> tuple[Commune, ...]: ...


class HttpPlaces:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def near(self, who: Who, latitude: float, longitude: float, filters: Mapping[str, Any]) -> Results:
        """A position goes in a body: an address would be logged."""
        body = {**filters, "position": {"latitude": latitude, "longitude": longitude}}
        return await self._channel.ask(who, "/places/search", Results, body=body)

    async def in_commune(self, who: Who, commune: str, filters: Mapping[str, Any]) -> Results:
        query = urlencode({"commune": commune, **filters}, doseq=True)
        return (await self._channel.query(who, f"/places?{query}", Results)).value

    async def place(self, who: Who, place_id: str) -> Place | None:
        try:
            return (await self._channel.query(who, f"/places/{quote(place_id)}", Place)).value
        except Refused as refused:
            if refused.status != 404:  # noqa: PLR2004 - not found
                raise
            return None

    async def communes(self, who: Who, text: str) -> tuple[Commune, ...]:
        query = urlencode({"text": text})
        return (await self._channel.query(who, f"/communes?{query}", Communes)).value.communes
