"""Creating an account: what opens the way, what does not, and what nobody learns from the answers."""

import asyncio
import datetime as dt
import uuid
from typing import Any

import pytest

from services.identity.access.desk import Desk
from services.identity.access.memory import MemoryCredentials, MemoryEnrolments
from services.identity.domain import events as e
from shared.testing.clock import HandClock
from tests.services.identity.conftest import CountingHasher, Feeding, Site, learn
from tests.services.identity.examples import CHOICES, CLAIRE, CODE, EMAIL, HASH, LINE, MEMBER, NIR, PAUL, PROOFS
from tests.services.in_memory import InMemoryService


async def enrol(site: Site, **changes: Any) -> str:
    answer = await site.post("/enrolments", {**PROOFS, **changes})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["enrolment_id"])


async def create(site: Site, enrolment_id: str, cmd: str | None = None, **changes: Any) -> Any:
    return await site.post(f"/enrolments/{enrolment_id}/account", {**CHOICES, **changes}, cmd=cmd)


async def of_type(service: InMemoryService, kind: Any) -> list[Any]:
    return [event for event in await service.events() if isinstance(event, kind)]


async def paul_too(service: InMemoryService, feed: Feeding) -> dict[str, Any]:
    """Paul is known as well; what he types."""
    paul = {"person_id": PAUL, "nir": "1880183137042", "given_names": "Paul", "birth_date": "1988-01-05"}
    await feed({**LINE, **paul, "sex": "M", "insured_person_id": PAUL})
    await learn(service, PAUL, "98765432109")
    return {"nir": "1880183137042", "birth_date": "1988-01-05", "serial": "98765432109"}


@pytest.mark.usefixtures("known")
class TestProofs:
    async def test_all_right_opens_the_way(self, site: Site, desk: Desk) -> None:
        enrolment_id = await enrol(site)
        assert isinstance(desk.stores.enrolments, MemoryEnrolments)
        [kept] = desk.stores.enrolments.rows.values()
        assert (kept.id, kept.person_id) == (enrolment_id, CLAIRE)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"surname": "MARTIN"},
            {"birth_date": "1985-01-18"},
            {"postcode": "83100"},
            {"iban_last_7": "7890189"},
            {"serial": "11111111111"},
            {"nir": "1850183137042"},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    async def test_one_message_covers_any_wrong_fact(self, site: Site, wrong: dict[str, Any]) -> None:
        answer = await site.post("/enrolments", {**PROOFS, **wrong})
        assert answer.status_code == 422
        assert answer.json()["code"] == "facts-do-not-match"
        assert answer.json().keys() == {"type", "title", "status", "code", "errors"}

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"nir": "285018313704229"}, "nir-key"),
            ({"nir": "28501831370422"}, "nir-length"),
            ({"postcode": "99100"}, "postcode-unknown"),
            ({"iban_last_7": "123"}, "iban-last7-format"),
            ({"serial": "12"}, "serial-format"),
            ({"birth_date": "1985-02-30"}, "request-invalid"),
            ({"more": "1"}, "request-invalid"),
        ],
    )
    async def test_what_has_no_form_is_said_and_counts_for_nothing(
        self, site: Site, wrong: dict[str, Any], code: str
    ) -> None:
        for _ in range(6):
            answer = await site.post("/enrolments", {**PROOFS, **wrong})
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert (await site.post("/enrolments", PROOFS)).status_code == 200

    async def test_after_five_wrong_tries_the_way_is_closed_for_a_day(self, site: Site, clock: HandClock) -> None:
        for _ in range(5):
            assert (await site.post("/enrolments", {**PROOFS, "surname": "X"})).status_code == 422
        answer = await site.post("/enrolments", PROOFS)
        assert (answer.status_code, answer.json()["code"]) == (429, "tries-exhausted")
        assert answer.headers["Retry-After"] == "86400"
        clock.move(86_400)
        await enrol(site)

    async def test_right_tries_are_not_counted(self, site: Site) -> None:
        for _ in range(7):
            await enrol(site)

    async def test_from_one_place_not_everybody_can_be_tried(self, site: Site, desk: Desk) -> None:
        limit = desk.settings.proofs_per_origin
        for number in range(limit):
            wrong = {**PROOFS, "nir": f"28501831{number:05}"}
            assert (await site.post("/enrolments", wrong, origin="192.0.2.0/24")).status_code == 422
        assert (await site.post("/enrolments", PROOFS, origin="192.0.2.0/24")).status_code == 429
        assert (await site.post("/enrolments", PROOFS, origin="198.51.100.0/24")).status_code == 200

    async def test_a_minor_has_no_account_but_with_own_cover_from_16(
        self, site: Site, feed: Feeding, service: InMemoryService
    ) -> None:
        minor = {"person_id": PAUL, "nir": "1090183137042", "birth_date": "2009-01-05", "sex": 1}
        typed = {"nir": "1090183137042", "birth_date": "2009-01-05", "serial": "98765432109"}
        await learn(service, PAUL, "98765432109")
        await feed({**LINE, **minor})
        assert (await site.post("/enrolments", {**PROOFS, **typed})).json()["code"] == "facts-do-not-match"
        await feed({**LINE, **minor, "insured_person_id": PAUL})
        await enrol(site, **typed)

    async def test_the_edge_of_agents_has_no_business_here(self, service: InMemoryService, client: Any) -> None:
        answer = await client.post("/enrolments", json=PROOFS, headers=service.token(edge="console"))
        assert answer.json()["code"] == "issuer-refused"


@pytest.mark.usefixtures("known")
class TestCreation:
    async def test_an_account_is_created_and_a_link_asked_for(self, site: Site, service: InMemoryService) -> None:
        answer = await create(site, enrolment := await enrol(site))
        assert (answer.status_code, answer.json()) == (202, {"enrolment_id": enrolment})
        [created] = await of_type(service, e.AccountCreated)
        [link] = await of_type(service, e.EmailValidationRequested)
        assert (created.member_id, created.person_id, created.email) == (CLAIRE, CLAIRE, EMAIL)
        assert (created.cgu_version, created.cgu_hash) == ("2026-01", HASH)
        assert link.expires_at - link.at == dt.timedelta(hours=24)

    async def test_the_code_is_kept_as_a_hash_outside_the_log(
        self, site: Site, service: InMemoryService, desk: Desk, hasher: CountingHasher
    ) -> None:
        await create(site, await enrol(site))
        credentials = desk.stores.credentials
        assert isinstance(credentials, MemoryCredentials)
        [kept] = credentials.rows.values()
        assert kept.active
        assert await hasher.verify(CODE, kept.hash)
        assert CODE not in repr(kept)
        stored = str(service.store.commits)
        assert kept.hash not in stored
        assert CODE not in stored

    async def test_nothing_personal_stands_plain_in_the_log(self, site: Site, service: InMemoryService) -> None:
        await create(site, await enrol(site))
        stored = str(service.store.commits)
        number, address = service.blind("nir").of(NIR[:13]), service.blind("email").of(EMAIL)
        for plain in (
            NIR[:13],
            EMAIL,
            "LEFÈVRE",
            "Claire",
            "1985-01-17",
            "83000",
            "3M02606",
            "12345678909",
            number,
            address,
        ):
            assert plain not in stored
        assert service.store.claims[number] == f"person:{CLAIRE}"
        assert service.store.claims[address] == f"account:{CLAIRE}"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"email": "claire"}, "email-format"),
            ({"cgu_hash": "x"}, "request-invalid"),
            ({"code": None}, "request-invalid"),
        ],
    )
    async def test_what_has_no_form_creates_nothing(
        self, site: Site, service: InMemoryService, change: dict[str, Any], code: str
    ) -> None:
        answer = await create(site, await enrol(site), **change)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "AccountCreated" not in service.types()

    async def test_every_rule_a_code_breaks_is_named(self, site: Site) -> None:
        answer = await create(site, await enrol(site), code="abc")
        assert answer.status_code == 422
        assert answer.json()["code"] == "code-too-short"
        named = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
        assert named == [
            ("#/code", "code-too-short"),
            ("#/code", "code-without-digit"),
            ("#/code", "code-without-special"),
        ]
        assert "abc" not in answer.text

    async def test_an_enrolment_lasts_half_an_hour(self, site: Site, clock: HandClock) -> None:
        enrolment_id = await enrol(site)
        clock.move(1800)
        answer = await create(site, enrolment_id)
        assert (answer.status_code, answer.json()["code"]) == (410, "enrolment-expired")

    async def test_an_enrolment_that_never_was_is_answered_like_one_that_expired(self, site: Site) -> None:
        answer = await create(site, str(uuid.uuid4()))
        assert answer.json()["code"] == "enrolment-expired"

    async def test_an_enrolment_bears_ten_tries(self, site: Site) -> None:
        enrolment_id = await enrol(site)
        for _ in range(10):
            assert (await create(site, enrolment_id)).status_code == 202
        assert (await create(site, enrolment_id)).status_code == 429

    async def test_the_same_command_twice_is_one_account(self, site: Site, service: InMemoryService) -> None:
        enrolment_id, cmd = await enrol(site), str(uuid.uuid4())
        answers = [await create(site, enrolment_id, cmd=cmd) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        assert [one for one in service.types() if one.startswith("Account")] == ["AccountCreated"]

    async def test_one_command_id_does_not_stand_for_two_addresses(self, site: Site) -> None:
        enrolment_id, cmd = await enrol(site), str(uuid.uuid4())
        await create(site, enrolment_id, cmd=cmd)
        answer = await create(site, enrolment_id, cmd=cmd, email="autre@exemple.fr")
        assert (answer.status_code, answer.json()["code"]) == (422, "command-reused")


@pytest.mark.usefixtures("known")
class TestNobodyLearns:
    async def test_a_second_account_is_answered_like_a_first(
        self, site: Site, service: InMemoryService, desk: Desk
    ) -> None:
        first = await create(site, await enrol(site))
        second = await create(site, other := await enrol(site), email="autre@exemple.fr", code="second-code-1")
        assert (second.status_code, second.json()) == (first.status_code, {"enrolment_id": other})
        [told] = await of_type(service, e.AccountCreationRefused)
        assert (told.member_id, told.obstacle) == (CLAIRE, e.CreationObstacle.ACCOUNT_EXISTS)
        assert isinstance(desk.stores.credentials, MemoryCredentials)
        assert len(desk.stores.credentials.rows) == 1, "the code that was typed is not kept"

    async def test_a_taken_address_is_answered_like_a_free_one(
        self, site: Site, service: InMemoryService, feed: Feeding, desk: Desk
    ) -> None:
        typed = await paul_too(service, feed)
        first = await create(site, await enrol(site))
        second = await create(site, other := await enrol(site, **typed), email=EMAIL.upper().replace("FR", "fr"))
        assert (second.status_code, second.json()) == (first.status_code, {"enrolment_id": other})
        [told] = await of_type(service, e.AccountCreationRefused)
        assert (told.member_id, told.obstacle) == (CLAIRE, e.CreationObstacle.EMAIL_TAKEN)
        assert isinstance(desk.stores.credentials, MemoryCredentials)
        assert {row.member_id for row in desk.stores.credentials.rows.values()} == {MEMBER, PAUL}
        assert await desk.holder(desk.indexes.email.of(EMAIL)) == f"account:{CLAIRE}"

    async def test_with_a_taken_address_he_signs_in_and_sees_the_same_and_no_link_goes_out(
        self, site: Site, service: InMemoryService, feed: Feeding
    ) -> None:
        typed = await paul_too(service, feed)
        await create(site, await enrol(site))
        await create(site, await enrol(site, **typed))
        seen = []
        for nir, whose in ((NIR, CLAIRE), (typed["nir"], PAUL)):
            answer = await site.post("/sign-ins", {"nir": nir, "code": CODE})
            account = (await site.get("/account", whose)).json()
            seen.append((answer.status_code, answer.json()["access"], account["email"], account["email_validated"]))
        assert seen[0] == seen[1] == (200, "email-pending", EMAIL, False)
        assert [one.taken for one in await of_type(service, e.EmailValidationRequested)] == [False, True]

    async def test_after_that_another_address_may_be_given_or_the_same_once_it_is_free(
        self, site: Site, service: InMemoryService, feed: Feeding, desk: Desk, clock: HandClock
    ) -> None:
        typed = await paul_too(service, feed)
        await create(site, await enrol(site))
        await create(site, await enrol(site, **typed))
        await site.post("/email/correction", {"email": "claire@exemple.org"}, member=CLAIRE)
        assert await desk.holder(desk.indexes.email.of(EMAIL)) is None
        clock.move(120)
        assert (await site.post("/email-validations/resend", {}, member=PAUL)).status_code == 200
        assert await desk.holder(desk.indexes.email.of(EMAIL)) == f"account:{PAUL}"
        await site.post("/email/correction", {"email": "paul@exemple.fr"}, member=PAUL)
        assert await desk.holder(desk.indexes.email.of("paul@exemple.fr")) == f"account:{PAUL}"
        assert await desk.holder(desk.indexes.email.of(EMAIL)) is None

    async def test_two_who_want_one_address_at_once_do_not_both_get_it(
        self, site: Site, service: InMemoryService, feed: Feeding
    ) -> None:
        typed = await paul_too(service, feed)
        enrolments = [await enrol(site), await enrol(site, **typed)]
        answers = await asyncio.gather(*(create(site, one) for one in enrolments))
        assert {answer.status_code for answer in answers} == {202}
        assert sorted(one.taken for one in await of_type(service, e.EmailValidationRequested)) == [False, True]

    async def test_the_same_work_is_done_whatever_is_known(
        self, site: Site, hasher: CountingHasher, feed: Feeding, service: InMemoryService
    ) -> None:
        typed = await paul_too(service, feed)
        work = []
        for enrolment_id in (await enrol(site), await enrol(site), await enrol(site, **typed)):
            before = hasher.hashed
            await create(site, enrolment_id)
            work.append(hasher.hashed - before)
        assert work == [1, 1, 1]

    async def test_known_or_unknown_the_proofs_are_looked_at_alike(
        self, noted_site: Site, steps: list[tuple[str, Any]]
    ) -> None:
        for nir in (NIR, "1850183137042"):
            await noted_site.post("/enrolments", {**PROOFS, "nir": nir, "surname": "X"})
        read = [stream for name, stream in steps if name == "state"]
        assert read == [f"person:{CLAIRE}", "person:nobody"]
