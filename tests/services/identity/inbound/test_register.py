"""The register's files: each once, in order, signed; a bad line stops no other."""

import asyncio
import datetime as dt
from typing import Any

import orjson
import pytest

from services.identity.domain import events as e
from shared.event_store import StoreUnavailable
from shared.feeds import FeedImporter, Report
from shared.kernel import Rejected
from shared.testing.clock import HandClock
from tests.services.feed_files import Senders, feed_file
from tests.services.identity.api.test_enrolment import of_type
from tests.services.identity.conftest import Feeding
from tests.services.identity.examples import AS_OF, CLAIRE, LINE, NIR, NOW, PAUL, registered
from tests.services.in_memory import InMemoryService

PAULS: dict[str, Any] = {**LINE, "person_id": PAUL, "nir": "1880183137042"}


def reasons(report: Report) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in report.listed]


async def test_a_person_is_taken_over(service: InMemoryService, feed: Feeding) -> None:
    assert (await feed(LINE)).set_aside == 0
    [found] = await of_type(service, e.PersonRegistered)
    expected = registered(as_of=NOW - dt.timedelta(minutes=1))
    assert found.model_copy(update={"address": expected.address}) == expected
    assert service.store.claims == {service.blind("nir").of(NIR[:13]): f"person:{CLAIRE}"}
    assert found.address.postcode == "83000"


@pytest.mark.parametrize(
    "change",
    [
        {"nir": None},
        {"iban": None},
        {"rank": None, "insured_person_id": None},
        {"doctor": None},
        {"doctor": {"name": "Dr Ravel"}},
        {"given_names": ["Claire", "Anne"]},
        {"sex": "F"},
        {"sex": "2"},
        {"something": {"new": 1}},
        {"nir": "7112345678901"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_lines_are_read_tolerantly(feed: Feeding, change: dict[str, Any]) -> None:
    assert (await feed({**LINE, **change})).set_aside == 0


async def test_bad_lines_are_set_aside_with_number_and_reason(service: InMemoryService, feed: Feeding) -> None:
    bad = [
        {**LINE, "nir": "285018313704229"},
        {**LINE, "iban": "FR7630006000011234567890188"},
        {**LINE, "address": {**LINE["address"], "postcode": "99100"}},
        {**LINE, "person_id": "Claire"},
        {**LINE, "birth_date": "hier", "sex": "X"},
        {**LINE, "kind": "dog"},
        {"kind": "person", "person_id": CLAIRE},
        {**LINE, "person_id": PAUL},
    ]
    report = await feed(LINE, *bad, PAULS)
    assert reasons(report) == [
        (2, "nir-key"),
        (3, "iban-key"),
        (4, "postcode-unknown"),
        (5, "line-invalid:person_id"),
        (6, "line-invalid:birth_date:sex"),
        (7, "line-kind-unknown"),
        (8, "line-invalid:address:birth_date:given_names:sex:surname"),
        (9, "nir-taken"),
    ]
    assert {one.person_id for one in await of_type(service, e.PersonRegistered)} == {CLAIRE, PAUL}


async def test_nothing_personal_is_kept_of_a_line_set_aside(service: InMemoryService, feed: Feeding) -> None:
    report = await feed({**LINE, "surname": "CANARI" * 100, "nir": "285018313704229"})
    assert report.set_aside == 1
    for place in (str(service.store.commits), report.model_dump_json()):
        assert "CANARI" not in place
        assert "285018313704229" not in place


async def test_a_line_that_is_no_json(service: InMemoryService, importer: FeedImporter, senders: Senders) -> None:
    content = feed_file("register", AS_OF, LINE, LINE, PAULS).replace(orjson.dumps(LINE), b'{"kind":', 1)
    report = await importer.take("register", content, senders.sign("register", content))
    assert reasons(report) == [(1, "line-unreadable")]
    assert len(await of_type(service, e.PersonRegistered)) == 2


async def test_a_file_that_its_sender_did_not_sign_changes_nothing(
    service: InMemoryService, importer: FeedImporter, senders: Senders
) -> None:
    content = feed_file("register", AS_OF, LINE)
    signature = senders.sign("register", content)
    for forged, code in (
        (content + b"\n", signature),
        (content, signature[:-4] + "AAAA"),
        (content, ""),
        (content, "é"),
    ):
        with pytest.raises(Rejected, match="feed-signature-invalid"):
            await importer.take("register", forged, code)
    assert service.types() == []


async def test_repeated_and_older_files_change_nothing(
    service: InMemoryService, importer: FeedImporter, senders: Senders
) -> None:
    async def take(sequence: int, as_of: dt.datetime, surname: str) -> None:
        content = feed_file("register", as_of, {**LINE, "surname": surname}, sequence=sequence)
        await importer.take("register", content, senders.sign("register", content))

    await take(5, AS_OF, "PREMIER")
    for sequence, as_of, code in (
        (5, AS_OF, "feed-repeated"),
        (4, AS_OF, "feed-older"),
        (6, AS_OF - dt.timedelta(seconds=1), "feed-older"),
        (7, NOW + dt.timedelta(days=2), "feed-from-the-future"),
    ):
        with pytest.raises(Rejected, match=code):
            await take(sequence, as_of, "SECOND")
    await take(6, AS_OF, "TROISIÈME")
    found = [one.surname for one in await of_type(service, e.PersonRegistered | e.PersonUpdated)]
    assert found == ["PREMIER", "TROISIÈME"]


async def test_a_killed_import_goes_on_where_it_was(
    service: InMemoryService, importer: FeedImporter, senders: Senders, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [{**PAULS, "person_id": f"{number:08x}-0000-4000-8000-000000000000", "nir": None} for number in range(150)]
    content = feed_file("register", AS_OF, *lines)
    signature = senders.sign("register", content)
    append, done = service.store.append, 0

    async def dying(draft: Any) -> Any:
        nonlocal done
        done += 1
        if done > 100:
            raise StoreUnavailable
        return await append(draft)

    with monkeypatch.context() as killed:
        killed.setattr(service.store, "append", dying)
        with pytest.raises(StoreUnavailable):
            await importer.take("register", content, signature)
    report = await importer.take("register", content, signature)
    assert (report.lines, report.set_aside) == (150, 0)
    assert service.types().count("PersonRegistered") == 150
    assert service.types()[-1] == "FeedAccepted"


async def test_a_person_twice_in_a_file_is_as_the_last_line_says(service: InMemoryService, feed: Feeding) -> None:
    await feed({**LINE, "surname": "PREMIER"}, {**LINE, "surname": "SECOND"})
    person, _ = await service.state(f"person:{CLAIRE}")
    assert person.facts.surname == "SECOND"


async def test_a_number_that_changes_finds_the_person_by_both(service: InMemoryService, feed: Feeding) -> None:
    await feed(LINE)
    await feed({**LINE, "nir": "2850183137043"})
    for number in ("2850183137042", "2850183137043"):
        assert service.store.claims[service.blind("nir").of(number)] == f"person:{CLAIRE}"


async def test_the_console_hands_files_over(
    service: InMemoryService, client: Any, senders: Senders, clock: HandClock
) -> None:
    content = feed_file("register", clock.now(), LINE)
    headers = {**service.token(edge="console"), "X-Feed-Signature": senders.sign("register", content)}
    answer = await client.post("/internal/feeds/register", content=content, headers=headers)
    assert answer.status_code == 200
    assert answer.json() == {"feed": "register", "sequence": 1, "lines": 1, "set_aside": 0, "listed": []}
    again = await client.post("/internal/feeds/register", content=content, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "feed-repeated")
    stranger = await client.post("/internal/feeds/register", content=content, headers={**headers, **service.token()})
    assert stranger.json()["code"] == "issuer-refused"


async def test_two_files_at_once_are_taken_one_after_the_other(
    service: InMemoryService, importer: FeedImporter, senders: Senders
) -> None:
    files = [feed_file("register", AS_OF, {**LINE, "rank": number}, sequence=number) for number in (1, 2)]
    outcomes = await asyncio.gather(
        *(importer.take("register", one, senders.sign("register", one)) for one in files), return_exceptions=True
    )
    assert all(isinstance(outcome, Report) for outcome in outcomes)
    person, _ = await service.state(f"person:{CLAIRE}")
    assert person.facts.rank == 2


FURTHER: dict[str, Any] = {
    "household_id": "d3b07384-d9a0-4c9b-8f3e-2a1f6c5e4d3b",
    "parents": [PAUL],
    "own_cover": True,
    "eu_national": False,
    "rights": [{"from": "2024-01-01", "to": "2024-12-31", "rate": 70}, {"from": "2025-01-01", "to": None, "rate": 100}],
    "exemptions": [{"kind": "ald", "from": "2025-02-01", "to": None}, {"kind": "of-2031", "from": "2025-02-01"}],
    "contact": {"phone": "06 39 98 00 00", "fax": "none"},
    "confidential": ["doctor", "of-2031"],
    "address_since": "2025-01-01",
    "iban_since": "2025-02-01",
    "died_on": "2026-11-20",
}


async def test_rights_family_contact_and_marks_are_taken_over(service: InMemoryService, feed: Feeding) -> None:
    assert (await feed({**LINE, **FURTHER})).set_aside == 0
    person, _ = await service.state(f"person:{CLAIRE}")
    facts = person.facts.model_dump(mode="json", exclude_none=True)
    assert facts["rights"] == [
        {"starts_on": "2024-01-01", "ends_on": "2024-12-31", "rate": 70},
        {"starts_on": "2025-01-01", "rate": 100},
    ]
    assert [one["kind"] for one in facts["exemptions"]] == ["ald", "other"]
    assert facts["contact"] == {"phone": "06 39 98 00 00"}
    assert facts["confidential"] == ["doctor"]
    for name in ("household_id", "parents", "own_cover", "eu_national", "address_since", "iban_since", "died_on"):
        assert facts[name] == FURTHER[name]
    assert service.types() == [
        *("FeedStarted", "PersonRegistered", "PersonDied", "PostalAddressChanged", "BankDetailsChanged"),
        "FeedAccepted",
    ]


@pytest.mark.parametrize(
    "change",
    [{"rights": [{"from": "2026-01-01", "rate": 101}]}, {"parents": ["nobody"]}, {"exemptions": [{"kind": "ald"}]}],
    ids=lambda change: next(iter(change)),
)
async def test_what_cannot_be_read_sets_the_line_aside(feed: Feeding, change: dict[str, Any]) -> None:
    [(_, reason)] = reasons(await feed({**LINE, **change}))
    assert reason == f"line-invalid:{next(iter(change))}"


async def test_without_a_date_address_and_iban_hold_since_the_register_names_them(
    service: InMemoryService, feed: Feeding, clock: HandClock
) -> None:
    bare = {name: value for name, value in LINE.items() if not name.endswith("_since")}
    await feed(bare)
    first = clock.now().date()
    clock.time = NOW + dt.timedelta(days=3)
    await feed({**bare, "surname": "MARTIN"})
    person, _ = await service.state(f"person:{CLAIRE}")
    assert (person.facts.address_since, person.facts.iban_since) == (first, first)
    await feed({**bare, "iban": "FR7630006000011234567890189"})
    person, _ = await service.state(f"person:{CLAIRE}")
    assert (person.facts.address_since, person.facts.iban_since) == (first, first + dt.timedelta(days=3))
