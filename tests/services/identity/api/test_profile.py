"""« Mon profil » over HTTP: the member's own, of those whom he may see, and his new address."""

import datetime as dt
from typing import Any

import pytest

from services.identity.domain import events as e
from shared.testing.clock import HandClock
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, LINE, MEMBER, NOW, PAUL
from tests.services.in_memory import InMemoryService

LEA = "5d5e3c2b-9f3e-4f46-8a45-6a1f2e3d4c5b"
CHILD: dict[str, Any] = {
    **LINE,
    "person_id": LEA,
    "nir": None,
    "given_names": "Léa",
    "birth_date": "2015-03-10",
    "iban": None,
    "rank": 2,
    "parents": [CLAIRE],
    "contact": {"phone": "06 39 98 00 00"},
    "rights": [{"from": "2026-01-01", "to": "2026-12-31", "rate": 70}],
    "exemptions": [{"kind": "ald", "from": "2025-01-01"}],
}
PAULS: dict[str, Any] = {**LINE, "person_id": PAUL, "nir": "1880183137042", "birth_date": "1988-01-05", "sex": "1"}
ADDRESS: dict[str, Any] = {"lines": ["4 quai du Port"], "postcode": "29200", "city": "BREST"}


@pytest.fixture
async def family(service: InMemoryService, feed: Feeding) -> None:
    await feed(LINE, PAULS, CHILD)
    await open_account(service)


@pytest.mark.usefixtures("family")
async def test_own_profile_is_whole_and_the_number_masked(site: Site, feed: Feeding) -> None:
    await feed({**LINE, **{name: CHILD[name] for name in ("contact", "rights", "exemptions")}})
    answer = await site.get("/profile", MEMBER)
    assert answer.status_code == 200
    body = answer.json()
    assert body["nir_masked"] == "2 85 ** ** *** *** **"
    assert body["address"]["city"] == "TOULON"
    assert (body["address_since"], body["post_from"]) == ("2020-01-01", None)
    assert body["contact"] == {"phone": "06 39 98 00 00", "email": None}
    assert body["rights"] == [{"starts_on": "2026-01-01", "ends_on": "2026-12-31", "rate": 70}]
    assert body["exemptions"][0]["kind"] == "ald"
    assert LINE["nir"][:13] not in answer.text


@pytest.mark.usefixtures("family")
async def test_a_parent_sees_his_child_and_nobody_else(site: Site) -> None:
    [child] = (await site.get("/dependants", MEMBER)).json()["persons"]
    assert (child["person_id"], child["doctor"]["name"]) == (LEA, "Dr Ravel")
    assert (await site.get(f"/persons/{LEA}/profile", MEMBER)).json() == child
    assert (await site.get(f"/persons/{CLAIRE}/profile", MEMBER)).status_code == 200
    for person_id in (PAUL, "00000000-0000-4000-8000-000000000000"):
        answer = await site.get(f"/persons/{person_id}/profile", MEMBER)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("part", "hidden"),
    [
        ("address", {"address": None, "address_since": None}),
        ("contact", {"contact": None}),
        ("doctor", {"doctor": None}),
        ("exemptions", {"exemptions": []}),
        ("rights", {"rights": [], "rights_from": None, "rights_to": None}),
    ],
)
async def test_what_is_confidential_only_the_person_sees(
    site: Site, feed: Feeding, part: str, hidden: dict[str, Any]
) -> None:
    before = (await site.get(f"/persons/{LEA}/profile", MEMBER)).json()
    await feed({**CHILD, "confidential": [part]})
    after = (await site.get(f"/persons/{LEA}/profile", MEMBER)).json()
    assert {**before, **hidden, "as_of": after["as_of"]} == after
    assert (await site.get("/dependants", MEMBER)).json()["persons"] == [after]


@pytest.mark.usefixtures("family")
async def test_the_day_a_child_is_18_he_is_gone(site: Site, feed: Feeding, clock: HandClock) -> None:
    clock.time = dt.datetime(2033, 3, 10, tzinfo=dt.UTC)
    await feed(CHILD)
    assert (await site.get("/dependants", MEMBER)).json() == {"persons": []}
    assert (await site.get(f"/persons/{LEA}/profile", MEMBER)).status_code == 404


@pytest.mark.usefixtures("family")
async def test_a_new_address_needs_a_confirmation_that_it_is_he(service: InMemoryService, site: Site) -> None:
    answer = await site.post("/address-changes", ADDRESS, member=MEMBER)
    assert (answer.status_code, answer.json()["code"]) == (401, "step-up-required")
    assert "AddressChanged" not in service.types()


@pytest.mark.usefixtures("family")
async def test_a_new_address_shows_at_once_and_says_from_when_codes_go_there(
    service: InMemoryService, site: Site
) -> None:
    answer = await site.post("/address-changes", ADDRESS, member=MEMBER, stepped_up=True)
    assert answer.status_code == 200
    profile = (await site.get("/profile", MEMBER)).json()
    assert (profile["address"]["city"], profile["address_since"]) == ("BREST", "2026-11-24")
    assert profile["post_from"] == "2026-12-09T09:00:00Z"
    [event] = [one for one in await service.events() if isinstance(one, e.AddressChanged)]
    assert not isinstance(event.previous, str)
    assert event.post_from == NOW + dt.timedelta(days=15)


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"postcode": "00000"}, "postcode-unknown"),
        ({"lines": []}, "request-invalid"),
        ({"city": "x" * 39}, "request-invalid"),
    ],
)
async def test_an_address_that_is_none(site: Site, change: dict[str, Any], code: str) -> None:
    answer = await site.post("/address-changes", {**ADDRESS, **change}, member=MEMBER, stepped_up=True)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.usefixtures("family")
async def test_the_history_says_what_when_and_by_whom(site: Site, feed: Feeding, clock: HandClock) -> None:
    clock.move(60)
    await feed({**LINE, "surname": "MARTIN", "doctor": None})
    clock.move(60)
    await site.post("/address-changes", ADDRESS, member=MEMBER, stepped_up=True)
    changes = (await site.get("/profile/history", MEMBER)).json()["changes"]
    assert [(one["what"], one["by"]) for one in changes] == [
        ("address", "member"),
        ("doctor", "register"),
        ("civil-status", "register"),
        ("registered", "register"),
        ("bank-details", "register"),
        ("address-confirmed", "register"),
    ]


async def test_nobody_without_a_confirmed_address(site: Site, service: InMemoryService, feed: Feeding) -> None:
    await feed(LINE)
    await open_account(service, validated=False)
    for path in ("/profile", "/dependants", "/profile/history", f"/persons/{CLAIRE}/profile", "/bank-details", "/home"):
        assert (await site.get(path, MEMBER)).json()["code"] == "email-pending"
