"""« Fermer mon compte et effacer mes données » over HTTP, from the request to the certificate, and back again."""

import datetime as dt
import uuid
from typing import Any

import pytest
from httpx import AsyncClient

from services.identity.access.desk import Desk
from services.identity.access.erasures import CANCEL
from services.identity.domain import erasure_commands as c
from services.identity.domain.ids import ErasureId, LinkId, PersonId
from services.identity.domain.retention import ERASED_CLASSES, SERVICES
from services.identity.read_models.erasure_deadlines import ERASURE_DEADLINES
from shared.envelope import Metadata
from shared.kernel import ERASED
from shared.states import States
from shared.testing.clock import HandClock
from tests.services.identity.conftest import Site, open_account
from tests.services.identity.examples import CHOICES, CLAIRE, CODE, EMAIL, MEMBER, NIR, NOW, PAUL, PROOFS
from tests.services.in_memory import InMemoryService

WAIT = dt.timedelta(days=14)
META = Metadata(pk=CLAIRE, actor="x", actor_kind="process", correlation_id="x", person_id=CLAIRE)


@pytest.fixture(autouse=True)
async def _account(service: InMemoryService, known: str) -> None:
    await open_account(service)


async def ask(site: Site, *, stepped_up: bool = True) -> Any:
    return await site.post("/erasure", {}, member=MEMBER, stepped_up=stepped_up)


async def shown(site: Site) -> Any:
    return (await site.get("/erasure", MEMBER)).json()


async def order(service: InMemoryService, command: c.ErasureCommand) -> None:
    await service.handle(f"erasure:{CLAIRE}", command, cmd=str(uuid.uuid4()), meta=META)


async def erase(site: Site, service: InMemoryService, clock: HandClock) -> Any:
    """All that happens once the days are over; what the member was shown before."""
    await ask(site)
    before = await shown(site)
    clock.move(WAIT.total_seconds())
    state, _ = await service.state(f"erasure:{CLAIRE}")
    await order(service, c.ErasePerson(at=clock.now(), person_id=CLAIRE, erasure_id=state.erasure_id))
    for retention in ERASED_CLASSES:
        await service.vault.destroy(CLAIRE, retention, clock.now())
    await service.settle()
    service.commands._states = States()  # the moment has passed for which states are remembered
    return before


async def answer(service: InMemoryService, clock: HandClock) -> None:
    """Every service has forgotten her."""
    state, _ = await service.state(f"erasure:{CLAIRE}")
    facts = {"person_id": CLAIRE, "erasure_id": ErasureId(str(state.erasure_id)), "classes": ERASED_CLASSES}
    for name in SERVICES:
        await order(service, c.RecordErasureCompletion(at=clock.now(), **facts, service=name, reached=()))


async def certificate(site: Site, before: Any, code: str | None = None) -> Any:
    form = {"reference": before["reference"], "code": code or before["code"]}
    return await site.post("/erasures/certificates", form)


class TestRequest:
    async def test_what_is_kept_is_said_before(self, site: Site) -> None:
        found = await shown(site)
        assert (found["requested"], found["code"], found["days"]) == (False, None, 14)
        assert [line["retention"] for line in found["kept"]] == ["care", "cards", "access", "looks", "opposition"]
        assert all(line["source"] for line in found["kept"])
        assert [line["until"] for line in found["kept"]] == [None, None, "2027-11-24", "2027-12-01", None]

    async def test_it_takes_a_confirmation_of_identity(self, site: Site, service: InMemoryService) -> None:
        refused = await ask(site, stepped_up=False)
        assert (refused.status_code, refused.json()["code"]) == (401, "step-up-required")
        assert "ErasureRequested" not in service.types()

    async def test_it_is_held_and_closes_everything_else(self, site: Site) -> None:
        assert (await ask(site)).status_code == 200
        found = await shown(site)
        assert (found["requested"], found["due_at"]) == (True, "2026-12-08T09:00:00Z")
        assert found["reference"].startswith("EF-")
        for path in ("/profile", "/bank-details", "/attestations", "/sign-ins", "/home"):
            refused = await site.get(path, MEMBER)
            assert (refused.status_code, refused.json()["code"]) == (403, "erasure-closed"), path

    async def test_a_second_request_is_refused(self, site: Site) -> None:
        await ask(site)
        assert (await ask(site)).json()["code"] == "erasure-already-requested"

    async def test_signing_in_goes_on_and_says_so(self, site: Site, service: InMemoryService, desk: Desk) -> None:
        from services.identity.access import codes  # noqa: PLC0415
        from services.identity.access.desk import Call  # noqa: PLC0415
        from services.identity.domain.account_commands import ChangeCode  # noqa: PLC0415

        call = Call(str(uuid.uuid4()), "x", "member", "x")
        kept = await codes.keep(desk, call, MEMBER, CODE)
        changed = ChangeCode(at=NOW, credential_id=kept.id, session_id=None)
        await service.handle(f"account:{CLAIRE}", changed, cmd=str(uuid.uuid4()), meta=META)
        await desk.stores.devices.remember(MEMBER, "laptop", NOW + WAIT)  # type: ignore[arg-type]
        await ask(site)
        opened = (await site.post("/sign-ins", {"nir": NIR, "code": CODE}, device="laptop")).json()
        assert opened["closing"] is True
        state = (await site.get(f"/sessions/{opened['session_id']}", MEMBER)).json()
        assert state == {"open": True, "closing": True}


class TestTakingItBack:
    async def test_in_the_account(self, site: Site) -> None:
        await ask(site)
        await site.post("/erasure/cancellation", {}, member=MEMBER)
        assert (await shown(site))["requested"] is False
        assert (await site.get("/profile", MEMBER)).status_code == 200

    async def test_by_the_link_which_ends_all_sessions(
        self, site: Site, service: InMemoryService, desk: Desk, clock: HandClock
    ) -> None:
        await ask(site)
        state, _ = await service.state(f"erasure:{CLAIRE}")
        token = desk.links.token(CANCEL, LinkId(state.erasure_id), state.due_at)
        answered = await site.post("/erasures/cancellations", {"token": token})
        assert answered.status_code == 200
        assert (await shown(site))["requested"] is False
        clock.move(WAIT.total_seconds() + 1)
        late = await site.post("/erasures/cancellations", {"token": token})
        assert (late.status_code, late.json()["code"]) == (410, "link-expired")

    async def test_a_link_of_somebody_elses_making(self, site: Site) -> None:
        await ask(site)
        refused = await site.post("/erasures/cancellations", {"token": "x.1.y"})
        assert (refused.status_code, refused.json()["code"]) == (404, "link-invalid")

    async def test_nothing_to_take_back(self, site: Site) -> None:
        refused = await site.post("/erasure/cancellation", {}, member=MEMBER)
        assert (refused.status_code, refused.json()["code"]) == (404, "erasure-unknown")


class TestErased:
    async def test_the_account_is_closed_and_nobody_comes_in(
        self, site: Site, service: InMemoryService, clock: HandClock
    ) -> None:
        await erase(site, service, clock)
        account, _ = await service.state(f"account:{CLAIRE}")
        assert (account.closed, account.email) == (True, ERASED)
        assert (await site.post("/sign-ins", {"nir": NIR, "code": CODE})).json()["code"] == "sign-in-refused"

    async def test_the_certificate_needs_no_account(
        self, site: Site, service: InMemoryService, clock: HandClock
    ) -> None:
        before = await erase(site, service, clock)
        found = (await certificate(site, before)).json()
        assert (found["status"], len(found["waits_for"])) == ("erased", len(SERVICES))
        await answer(service, clock)
        found = (await certificate(site, before, before["code"].lower().replace("-", " "))).json()
        assert (found["status"], found["waits_for"]) == ("completed", [])
        assert {one["service"] for one in found["answers"]} == set(SERVICES)
        assert {line["retention"] for line in found["kept"]} == {"care", "cards", "access", "looks", "opposition"}
        form = {"reference": before["reference"], "code": before["code"]}
        pdf = await site.post("/erasures/certificates/pdf", form)
        assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
        assert (await site.post("/erasures/certificates/pdf", form)).content == pdf.content

    async def test_but_reference_and_code(self, site: Site, service: InMemoryService, clock: HandClock) -> None:
        before = await erase(site, service, clock)
        for wrong in ({**before, "code": "AAAA-AAAA-AAAA"}, {**before, "reference": "EF-AAAA-AAAA-AAAA"}):
            refused = await certificate(site, wrong)
            assert (refused.status_code, refused.json()["code"]) == (422, "certificate-refused")

    async def test_there_is_none_before(self, site: Site) -> None:
        await ask(site)
        before = await shown(site)
        form = {"reference": before["reference"], "code": before["code"]}
        assert (await site.post("/erasures/certificates/pdf", form)).json()["code"] == "certificate-too-early"

    async def test_the_register_goes_on(
        self, site: Site, service: InMemoryService, clock: HandClock, feed: Any
    ) -> None:
        from tests.services.identity.examples import LINE  # noqa: PLC0415

        await erase(site, service, clock)
        report = await feed({**LINE, "rights_to": "2027-03-31"})
        assert report.set_aside == 0
        await service.settle()
        person, _ = await service.state(f"person:{CLAIRE}")
        assert (person.facts.surname, str(person.facts.rights_to)) == ("LEFÈVRE-D'ARC", "2027-03-31")
        state, _ = await service.state(f"erasure:{CLAIRE}")
        assert str(next(one.until for one in state.kept if one.retention == "care")) == "2037-03-31"


class TestComingBack:
    async def create(self, site: Site) -> Any:
        started = (await site.post("/enrolments", PROOFS)).json()
        return await site.post(f"/enrolments/{started['enrolment_id']}/account", CHOICES)

    async def test_a_new_account_with_the_same_number(
        self, site: Site, service: InMemoryService, clock: HandClock
    ) -> None:
        await erase(site, service, clock)
        early = await self.create(site)
        assert (early.status_code, early.json()["code"]) == (409, "erasure-under-way")
        await answer(service, clock)
        assert (await self.create(site)).status_code == 202
        account, _ = await service.state(f"account:{CLAIRE}")
        assert (account.closed, account.email) == (False, EMAIL)
        emails = [event.email for event in await service.events() if event.NAME == "AccountCreated"]
        assert emails == [ERASED, EMAIL]
        types = service.types()
        assert types.index("PersonReturned") < len(types) - 1 - types[::-1].index("PostalAddressChanged")
        assert types[-2:] == ["AccountCreated", "EmailValidationRequested"]

    async def test_the_certificate_stays(self, site: Site, service: InMemoryService, clock: HandClock) -> None:
        before = await erase(site, service, clock)
        await answer(service, clock)
        await self.create(site)
        assert (await certificate(site, before)).json()["status"] == "completed"


class TestDeadlines:
    async def due(self, service: InMemoryService) -> dict[str, str]:
        found = {}
        for projection in ERASURE_DEADLINES:
            deadline = await service.queries.get(projection, CLAIRE)
            if deadline is not None:
                found[projection.name] = f"{deadline.command} {deadline.due_at:%Y-%m-%d}"
        return found

    async def test_one_to_erase_then_those_of_what_is_kept(
        self, site: Site, service: InMemoryService, clock: HandClock
    ) -> None:
        assert await self.due(service) == {}
        await ask(site)
        assert await self.due(service) == {"identity.erasure_waits": "ErasePerson 2026-12-08"}
        await site.post("/erasure/cancellation", {}, member=MEMBER)
        assert await self.due(service) == {}
        await erase(site, service, clock)
        assert await self.due(service) == {"identity.access_ends": "EndRetention 2027-12-07"}

    async def test_a_hold_takes_them_away_and_gives_them_back(
        self, site: Site, service: InMemoryService, client: AsyncClient
    ) -> None:
        await ask(site)
        hold = await Console(service, client).place()
        assert await self.due(service) == {}
        await Console(service, client).lift(hold)
        assert await self.due(service) == {"identity.erasure_waits": "ErasePerson 2026-12-08"}


class Console:
    """Two supervisors and an auditor; an agent where it is said."""

    def __init__(self, service: InMemoryService, client: AsyncClient) -> None:
        self._service, self._client = service, client

    async def post(self, path: str, body: Any = None, *, agent: str = "ann", kind: str = "supervisor") -> Any:
        headers = {**self._service.token(agent, edge="console", kind=kind), "Idempotency-Key": str(uuid.uuid4())}
        return await self._client.post(f"/internal/desk/{CLAIRE}{path}", json=body or {}, headers=headers)

    async def get(self, path: str, base: str = "/internal/erasures", kind: str = "auditor") -> Any:
        headers = self._service.token("eve", edge="console", kind=kind)
        return (await self._client.get(f"{base}{path}", headers=headers)).json()

    async def place(self) -> str:
        await self.post("/legal-holds", {"case": "TJ Toulon 26/01234"})
        [hold] = (await self.get(f"/{CLAIRE}"))["holds"]
        await self.post(f"/legal-holds/{hold['hold_id']}/approval", agent="bob")
        return str(hold["hold_id"])

    async def lift(self, hold: str) -> None:
        await self.post(f"/legal-holds/{hold}/lift")
        await self.post(f"/legal-holds/{hold}/lift/approval", agent="bob")


class TestConsole:
    async def test_a_hold_is_seen_by_member_and_auditor(
        self, site: Site, service: InMemoryService, client: AsyncClient
    ) -> None:
        console = Console(service, client)
        await ask(site)
        hold = await console.place()
        assert (await shown(site))["held"] is True
        [case] = (await console.get("?held=true"))["items"]
        assert (case["person_id"], case["holds"][0]["status"], case["holds"][0]["agent_id"]) == (
            CLAIRE,
            "placed",
            "bob",
        )
        await console.lift(hold)
        assert (await console.get("?held=true"))["items"] == []

    async def test_one_agent_alone_places_nothing(self, service: InMemoryService, client: AsyncClient) -> None:
        console = Console(service, client)
        await console.post("/legal-holds", {"case": "TJ Toulon 26/01234"})
        [hold] = (await console.get(f"/{CLAIRE}"))["holds"]
        refused = await console.post(f"/legal-holds/{hold['hold_id']}/approval")
        assert (refused.status_code, refused.json()["code"]) == (409, "second-person-needed")

    @pytest.mark.parametrize("kind", ["auditor", "agent", "operations"])
    async def test_none_but_supervisors_place_one(
        self, service: InMemoryService, client: AsyncClient, kind: str
    ) -> None:
        refused = await Console(service, client).post("/legal-holds", {"case": "1"}, kind=kind)
        assert refused.status_code == 403

    async def test_a_hold_has_the_name_that_the_console_gave_it(
        self, service: InMemoryService, client: AsyncClient
    ) -> None:
        console, name = Console(service, client), str(uuid.uuid4())
        await console.post("/legal-holds", {"case": "TJ Toulon 26/01234", "hold_id": name})
        assert [one["hold_id"] for one in (await console.get(f"/{CLAIRE}"))["holds"]] == [name]

    async def test_a_case_is_a_number_not_a_story(self, service: InMemoryService, client: AsyncClient) -> None:
        refused = await Console(service, client).post("/legal-holds", {"case": "he said: « attendez ! »"})
        assert refused.status_code == 422

    async def test_the_desk_asks_and_takes_back(
        self, site: Site, service: InMemoryService, client: AsyncClient
    ) -> None:
        console = Console(service, client)
        await console.post("/erasure", kind="agent")
        [case] = (await console.get(""))["items"]
        assert (case["by"], case["status"]) == ("desk", "requested")
        await console.post("/erasure/cancellation", kind="agent")
        assert (await shown(site))["requested"] is False
        assert (await console.get(""))["items"] == []

    async def test_nobody_is_nobody(self, service: InMemoryService, client: AsyncClient) -> None:
        assert (await Console(service, client).get(f"/{PersonId(PAUL)}"))["code"] == "not-found"


class TestRetention:
    async def table(self, service: InMemoryService, client: AsyncClient) -> Any:
        found = await Console(service, client).get("", "/internal/retention")
        return {one["retention"]: one for one in found["classes"]}

    async def test_each_class_says_how_long_and_by_which_text(
        self, service: InMemoryService, client: AsyncClient
    ) -> None:
        found = await self.table(service, client)
        assert {name: (one["years"], one["start"]) for name, one in found.items()} == {
            "account": (0, "erasure"),
            "messages": (0, "erasure"),
            "care": (10, "cover"),
            "cards": (5, "cover"),
            "access": (1, "erasure"),
        }
        assert all(one["source"] for one in found.values())
        assert {one["waiting"] for one in found.values()} == {0}

    async def test_what_is_due_next_and_what_was_done(
        self, site: Site, service: InMemoryService, client: AsyncClient, clock: HandClock
    ) -> None:
        console = Console(service, client)
        await ask(site)
        assert (await self.table(service, client))["account"]["next_due"] == "2026-12-08T09:00:00Z"
        await site.post("/erasure/cancellation", {}, member=MEMBER)
        before = await erase(site, service, clock)
        found = await self.table(service, client)
        assert (found["account"]["waiting"], found["account"]["done"]) == (0, 1)
        assert (found["access"]["waiting"], found["access"]["next_due"]) == (1, "2027-12-07T23:00:00Z")
        [one] = (await console.get("/destructions", "/internal/retention"))["items"]
        assert (one["what"], one["classes"], one["reference"]) == (
            "erasure",
            ["account", "messages"],
            before["reference"],
        )
        assert sorted(one["waits_for"]) == sorted(SERVICES)
        await answer(service, clock)
        [one] = (await console.get("/destructions", "/internal/retention"))["items"]
        assert (one["waits_for"], one["answered_at"]) == ([], "2026-12-08T09:00:00Z")

    async def test_a_class_that_ended_is_listed_and_the_next_goes_on(
        self, site: Site, service: InMemoryService, client: AsyncClient, clock: HandClock
    ) -> None:
        await erase(site, service, clock)
        state, _ = await service.state(f"erasure:{CLAIRE}")
        clock.move(dt.timedelta(days=366).total_seconds())
        end = c.EndRetention(
            at=clock.now(), person_id=CLAIRE, erasure_id=ErasureId(str(state.erasure_id)), retention="access"
        )
        await order(service, end)
        found = await self.table(service, client)
        assert (found["access"]["waiting"], found["access"]["done"]) == (0, 1)
        [one] = (await Console(service, client).get("/destructions?what=access", "/internal/retention"))["items"]
        assert one["classes"] == ["access"]

    async def test_a_legal_hold_takes_its_dates_out_of_the_table(
        self, site: Site, service: InMemoryService, client: AsyncClient
    ) -> None:
        await ask(site)
        await Console(service, client).place()
        assert (await self.table(service, client))["account"]["waiting"] == 0

    @pytest.mark.parametrize("kind", ["agent", "operations"])
    async def test_none_but_auditors_and_supervisors_see_it(
        self, service: InMemoryService, client: AsyncClient, kind: str
    ) -> None:
        for path in ("", "/destructions"):
            assert (await Console(service, client).get(path, "/internal/retention", kind))["code"] == "issuer-refused"

    async def test_the_certificate_is_a_pdf_for_auditors_too(
        self, site: Site, service: InMemoryService, client: AsyncClient, clock: HandClock
    ) -> None:
        before = await erase(site, service, clock)
        headers = service.token("eve", edge="console", kind="auditor")
        base = f"/internal/erasures/{CLAIRE}/certificate"
        found = await client.get(f"{base}/pdf?reference={before['reference']}", headers=headers)
        assert found.content.startswith(b"%PDF")
        assert (await client.get(f"{base}?reference=EF-AAAA-AAAA-AAAA", headers=headers)).status_code == 404
