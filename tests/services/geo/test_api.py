"""The geo service over HTTP: what is asked, what is answered, and what is never said."""

import datetime as dt
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest

from services.geo import api
from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Precision, Sector, Source
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.main import CATALOGUE
from services.geo.search.counting import Counting, MemoryCounts
from services.geo.search.following import Following
from services.geo.search.suggesting import suggestions
from shared.envelope import Metadata
from shared.service import Service
from tests.services.geo.sample import AS_OF, DOCTOR, record
from tests.services.in_memory import InMemoryService

HERE = {"latitude": 43.124, "longitude": 5.928}


def at(number: int) -> Location:
    """So many times 111 m to the north."""
    return Location(lat_e6=43_124_000 + number * 1_000, lon_e6=5_928_000, precision=Precision.ADDRESS)


class Client:
    """The gateway, asking."""

    def __init__(self, service: InMemoryService) -> None:
        self.service = service
        self.following = Following(service.store, service.codec)
        self.counting = Counting(MemoryCounts(), service.clock)
        app = service.app([api.router(cast("Service", service), self.following, self.counting)], CATALOGUE)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://geo")

    async def add(self, number: int, **changes: Any) -> str:
        place = str(uuid.UUID(int=number))
        values = {
            "place_id": PlaceId(place),
            "listing_id": ListingId(f"l{number}"),
            "location": at(number),
            "practitioner": DOCTOR.model_copy(update={"street": f"{number} rue du Four"}),
            **changes,
        }
        meta = Metadata(pk=place, actor="rpps", actor_kind="feed", correlation_id=str(uuid.uuid4()))
        await self.service.handle(f"place:{place}", record(**values), cmd=str(uuid.uuid4()), meta=meta)
        await self.following.catch_up()
        return place

    async def search(self, **body: Any) -> httpx.Response:
        return await self.http.post(
            "/places/search", json={"position": HERE, **body}, headers=dict(self.service.token())
        )

    async def found(self, **body: Any) -> dict[str, Any]:
        answer = await self.search(**body)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())

    async def get(self, path: str, edge: str = "gateway") -> httpx.Response:
        return await self.http.get(path, headers=dict(self.service.token(edge=edge)))


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[Client]:
    one = Client(service)
    await one.following.catch_up()
    yield one
    await one.http.aclose()


async def test_the_nearest_come_first_page_by_page(client: Client) -> None:
    places = [await client.add(number) for number in (5, 3, 9, 1, 7)]
    first = await client.found(limit=2)
    assert [one["place_id"] for one in first["places"]] == [places[3], places[1]]
    assert first["total"] == 5
    second = await client.found(limit=2, after=first["more"])
    third = await client.found(limit=2, after=second["more"])
    shown = [one["place_id"] for page in (first, second, third) for one in page["places"]]
    assert shown == [str(uuid.UUID(int=number)) for number in (1, 3, 5, 7, 9)]
    assert third["more"] is None


async def test_what_is_known_is_shown_with_its_date(client: Client) -> None:
    facts = Facts(
        kind=Kind.DOCTOR,
        activity="Médecin",
        speciality="Cardiologie",
        postcode="83000",
        city="Toulon",
        commune="83137",
        sector=Sector.TWO,
        optam=True,
        vitale=True,
    )
    await client.add(3, facts=facts)
    [one] = (await client.found())["places"]
    assert (one["name"], one["street"], one["phone"], one["distance"]) == (
        "Dr Zoé MARTIN",
        "3 rue du Four",
        "0199000001",
        300,
    )
    assert (one["sector"], one["optam"], one["vitale"], one["app_vitale"]) == ("2", True, True, None)
    assert one["as_of"] == "2026-11-12T00:00:00Z"
    assert (await client.get(f"/places/{one['place_id']}")).json()["name"] == "Dr Zoé MARTIN"


@pytest.mark.parametrize(
    ("precision", "distance"),
    [(Precision.ADDRESS, 7800), (Precision.COMMUNE, 8000), (Precision.POSTCODE, 10_000), (Precision.DEPARTEMENT, None)],
)
async def test_no_distance_is_finer_than_the_position(
    client: Client, precision: Precision, distance: int | None
) -> None:
    await client.add(70, location=Location(lat_e6=43_194_000, lon_e6=5_928_000, precision=precision))
    [one] = (await client.found())["places"]
    assert (one["precision"], one["distance"]) == (precision, distance)


async def test_filters_and_their_counts(client: Client) -> None:
    doctor = Facts(kind=Kind.DOCTOR, activity="Médecin", sector=Sector.ONE, vitale=True)
    await client.add(1, facts=doctor)
    await client.add(2, facts=doctor.model_copy(update={"sector": Sector.TWO, "vitale": False}))
    await client.add(
        3,
        facts=Facts(kind=Kind.PHARMACY, activity="Pharmacie", activity_code="620", label="Pharmacie du Port"),
        practitioner=None,
    )
    assert (await client.found())["counts"] == {
        "kind:doctor": 2,
        "kind:pharmacy": 1,
        "sector:1": 1,
        "sector:2": 1,
        "vitale": 1,
        "terminal": 1,
    }
    assert (await client.found(kind=["pharmacy"]))["places"][0]["name"] == "Pharmacie du Port"
    assert (await client.found(sector="2"))["total"] == 1
    assert (await client.found(vitale=True))["total"] == 1
    [terminal] = (await client.found(terminal=True))["places"]
    assert terminal["terminal"] == "probable"
    assert (await client.found(radius=100))["total"] == 0


async def test_whom_two_files_have_is_one_result_with_what_both_say(client: Client) -> None:
    zoe = Practitioner(surname="LE GOFF", given_name="Zoé", street="12 rue du Four")
    known = Facts(kind=Kind.DOCTOR, activity="Médecin", speciality="Cardiologie", postcode="83000", city="TOULON")
    second = known.model_copy(update={"speciality": "Médecine vasculaire"})
    told = known.model_copy(update={"speciality": "Cardiologue", "sector": Sector.TWO, "optam": True, "vitale": False})
    rpps = await client.add(2, facts=known, practitioner=zoe)
    await client.add(3, facts=second, practitioner=zoe)
    said = zoe.model_copy(update={"street": "12 RUE DU FOUR", "phone": "0199000009"})
    later = AS_OF + dt.timedelta(days=8)
    ameli = await client.add(70, source=Source.AMELI, facts=told, practitioner=said, location=at(70), as_of=later)
    answer = await client.found(sector="2", radius=1_000)
    [one] = answer["places"]
    assert (answer["total"], one["place_id"], one["distance"]) == (1, rpps, 200)
    assert one["specialities"] == ["Cardiologie", "Médecine vasculaire"]
    assert (one["street"], one["phone"]) == ("12 rue du Four", "0199000009")
    assert (one["sector"], one["optam"], one["vitale"], one["app_vitale"]) == ("2", True, False, None)
    assert one["sources"] == [
        {"source": "rpps", "as_of": "2026-11-12T00:00:00Z"},
        {"source": "ameli", "as_of": "2026-11-20T00:00:00Z"},
    ]
    assert (await client.get(f"/places/{ameli}")).json() == {**one, "distance": None}


async def test_names_forgive(client: Client) -> None:
    await client.add(1, practitioner=Practitioner(surname="KERMARREC", given_name="Loïc"))
    await client.add(2, practitioner=Practitioner(surname="ÉTIENNE-LE GOFF", given_name="Anne"))
    for name, total in (("kermarec", 1), ("etienne le goff", 1), ("le goff anne", 1), ("zimmermann", 0)):
        assert (await client.found(name=name))["total"] == total, name


async def test_by_commune_or_postcode_alone_in_an_address(client: Client) -> None:
    await client.add(1)
    for query in ("commune=83137", "postcode=83000", "commune=83137&kind=doctor&kind=nurse"):
        answer = await client.get(f"/places?{query}")
        assert (answer.status_code, answer.json()["total"]) == (200, 1), query
    for query in ("", "commune=00000", "postcode=99999"):
        refused = await client.get(f"/places?{query}")
        assert (refused.status_code, refused.json()["code"]) == (422, "place-unknown")
    assert (await client.get("/places?latitude=43.1&longitude=5.9")).status_code == 422


async def test_a_position_is_kept_nowhere_and_said_nowhere(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await client.search(position={"latitude": 43.123456, "longitude": 5.987654})
    assert answer.headers["cache-control"] == "no-store"
    assert "43.123" not in answer.text
    refused = await client.search(position={"latitude": 143.123456, "longitude": 5.987654})
    assert refused.status_code == 422
    written = capsys.readouterr()
    for text in (answer.text, refused.text, written.out, written.err, json.dumps(client.service.types())):
        assert "123456" not in text
        assert "987654" not in text


async def test_a_position_is_rounded_to_a_hundred_metres(client: Client) -> None:
    await client.add(1)
    near = (await client.found(position={"latitude": 43.1244, "longitude": 5.9284}))["places"][0]
    assert near == (await client.found())["places"][0]


async def test_what_is_delisted_or_unknown_is_not_there(client: Client) -> None:
    assert (await client.get(f"/places/{uuid.uuid4()}")).status_code == 404


async def test_bad_requests_are_told_and_change_nothing(client: Client) -> None:
    for body in (
        {"radius": 1},
        {"radius": 10**9},
        {"limit": 0},
        {"kind": ["wizard"]},
        {"name": "x" * 101},
        {"sector": "9"},
        {"more": 1},
        {"position": None},
    ):
        answer = await client.search(**body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid"), body


async def test_searches_are_counted_by_day_departement_and_kind_alone(client: Client) -> None:
    for number in range(12):
        position = {"latitude": 43.123456 + number / 1000, "longitude": 5.987654}
        await client.found(kind=["doctor"], name="martin", position=position)
    await client.get("/places?postcode=29200")
    await client.counting.tell()
    answer = await client.get("/internal/directory/searches?since=2026-11-01", edge="console")
    assert answer.json() == [{"day": "2026-11-25", "departement": "83", "kind": "doctor", "searches": 12}]
    assert (await client.get("/internal/directory/searches?since=2026-11-26", edge="console")).json() == []
    assert (await client.get("/internal/directory/searches?since=2026-11-01")).status_code == 403


async def test_the_next_page_is_not_another_search(client: Client) -> None:
    await client.add(1)
    await client.add(2)
    first = await client.found(limit=1)
    for _ in range(20):
        await client.found(limit=1, after=first["more"])
    await client.counting.tell()
    assert (await client.get("/internal/directory/searches?since=2026-11-01", edge="console")).json() == []


async def test_communes_are_suggested(client: Client) -> None:
    answer = await client.get("/communes?text=toulo")
    assert [one["name"] for one in answer.json()["communes"]][:2] == ["Toulouse", "Toulon"]
    assert (await client.get("/communes?text=tuolon")).json()["communes"][0]["name"] == "Toulon"


async def test_the_communes_are_ready_before_somebody_asks(client: Client) -> None:
    suggestions.cache_clear()
    routes = api.router(cast("Service", client.service), client.following, client.counting)
    async with routes.lifespan_context(client):
        pass
    assert suggestions.cache_info().currsize == 1


async def test_only_edges_ask(client: Client) -> None:
    assert (await client.http.post("/places/search", json={"position": HERE})).status_code == 401
    assert (await client.get("/internal/directory/files")).status_code == 403
    files = (await client.get("/internal/directory/files", edge="console")).json()
    assert [one["source"] for one in files] == [source.value for source in Source]


@pytest.mark.parametrize("personal", [{"name": "martin"}, {"sex": "F"}], ids=lambda personal: next(iter(personal)))
async def test_until_the_index_stands_what_is_encrypted_is_not_searched(
    service: InMemoryService, personal: dict[str, str]
) -> None:
    client = Client(service)
    answer = await client.search(**personal)
    assert (answer.status_code, answer.json()["code"]) == (503, "index-not-ready")
    assert answer.headers["retry-after"]
    await client.http.aclose()
