"""What the console tells: each look at a file; those of an inquiry show when that is over."""

import datetime as dt
import uuid
from typing import Any

import pytest

from services.identity.domain.file_reads import FileReadRecorded
from shared.envelope import Metadata
from shared.kernel import ERASED
from shared.messaging import Delivered
from shared.personal_data import MemoryKeyStore, Vault
from tests.services.identity.api.test_profile import CHILD, LEA, PAULS
from tests.services.identity.conftest import Feeding, Site, open_account
from tests.services.identity.examples import CLAIRE, LINE, MEMBER, NOW, PAUL
from tests.services.in_memory import InMemoryService, Queries

INQUIRY = str(uuid.uuid4())


def told(event_type: str, version: int = 1, **more: Any) -> Delivered:
    """An event as the console tells it; who it was is none of our business."""
    facts = {"at": NOW.isoformat(), "person_id": CLAIRE, "read_id": str(uuid.uuid4()), "period": "2026-11"}
    said = {"reader": "somebody", "role": "agent", "purpose": "call", "part": "profile", "reason": "?", "ticket": ""}
    data = {**facts, **said, "inquiry_id": None, **more}
    meta = Metadata(pk=CLAIRE, actor="agent", actor_kind="agent", correlation_id=str(uuid.uuid4()), person_id=CLAIRE)
    return Delivered(
        source="console",
        stored={"id": str(uuid.uuid4()), "type": event_type, "sv": 1, "data": data},
        stream=f"file:{CLAIRE}",
        version=version,
        position=version,
        index=0,
        recorded_at=NOW,
        commit_hash="",
        attributes=meta.dump(),
    )


async def react(service: InMemoryService, *deliveries: Delivered) -> None:
    vault = Vault(MemoryKeyStore(), bytes(32))
    for delivery in deliveries:
        await service.react(delivery, vault)


async def looks(site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await site.get("/file-reads", MEMBER)).json()["looks"]
    return found


async def test_the_member_sees_each_look_and_not_who_it_was(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE)
    await open_account(service)
    assert await looks(site) == []
    later = (NOW + dt.timedelta(hours=1)).isoformat()
    await react(service, told("MemberFileRead"), told("ValuesUnmasked", 2, at=later, role="auditor", purpose="audit"))
    newest, oldest = await looks(site)
    said = {"at": "2026-11-24T09:00:00Z", "role": "agent", "purpose": "call", "part": "profile"}
    assert oldest == {"given_names": None, **said}
    assert newest["role"] == "auditor"


async def test_they_say_until_when_they_are_complete(service: InMemoryService, site: Site, feed: Feeding) -> None:
    await feed(LINE)
    await open_account(service)
    for path in ("/file-reads", "/dependants"):
        service.queries.age = None
        assert "X-As-Of" not in (await site.get(path, MEMBER)).headers
        service.queries.age = NOW
        assert (await site.get(path, MEMBER)).headers["X-As-Of"] == NOW.isoformat()


@pytest.mark.parametrize(("born", "shown"), [("2010-11-25", ["Léa"]), ("2010-11-24", []), ("2015-03-10", ["Léa"])])
async def test_a_parent_sees_looks_at_a_childs_file_until_the_day_it_is_16(
    service: InMemoryService, site: Site, feed: Feeding, born: str, shown: list[str]
) -> None:
    await feed(LINE, PAULS, {**CHILD, "birth_date": born})
    await open_account(service)
    await react(service, told("MemberFileRead", person_id=LEA), told("MemberFileRead", 2, person_id=PAUL))
    assert [one["given_names"].split()[0] for one in await looks(site)] == shown


async def test_looks_at_a_childs_file_for_an_inquiry_wait_like_the_others(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE, PAULS, CHILD)
    await open_account(service)
    await react(service, told("MemberFileRead", person_id=LEA, purpose="fraud", inquiry_id=INQUIRY))
    assert await looks(site) == []
    await react(service, told("InquiryClosed", 2, person_id=LEA, inquiry_id=INQUIRY))
    assert [one["purpose"] for one in await looks(site)] == ["fraud"]


async def test_looks_of_an_inquiry_show_when_it_is_over(service: InMemoryService, site: Site, feed: Feeding) -> None:
    await feed(LINE)
    await open_account(service)
    fraud = {"role": "supervisor", "purpose": "fraud", "inquiry_id": INQUIRY}
    await react(service, told("MemberFileRead"), told("MemberFileRead", 2, **fraud))
    assert [one["purpose"] for one in await looks(site)] == ["call"]
    await react(service, told("InquiryClosed", 3, inquiry_id=INQUIRY))
    assert sorted(one["purpose"] for one in await looks(site)) == ["call", "fraud"]


async def test_a_look_of_an_inquiry_that_comes_while_the_page_is_made_stays_hidden(
    service: InMemoryService, site: Site, feed: Feeding
) -> None:
    await feed(LINE)
    await open_account(service)

    class Meanwhile(Queries):
        async def find(self, *wanted: Any, **equal: Any) -> list[Any]:
            await react(service, told("MemberFileRead", role="supervisor", purpose="fraud", inquiry_id=INQUIRY))
            return await super().find(*wanted, **equal)

    service.queries = Meanwhile(service)
    assert await looks(site) == []


async def test_a_look_is_sealed_with_the_key_of_its_month(service: InMemoryService) -> None:
    await react(service, told("MemberFileRead"))
    stored = service.store.commits[-1]["ev"][0]
    assert {entry["k"] for entry in stored["pii"].values()} == {"2026-11/access"}
    await service.vault.destroy("2026-11", "access", NOW)
    [event] = [one for one in await service.events() if isinstance(one, FileReadRecorded)]
    assert (event.role, event.purpose, event.part) == (ERASED, ERASED, ERASED)


async def test_what_can_no_longer_be_read_is_told_to_nobody(service: InMemoryService) -> None:
    await react(service, told("MemberFileRead", role=ERASED))
    assert "FileReadRecorded" not in service.types()
