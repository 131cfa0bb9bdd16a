"""A beneficiary's key is destroyed: his lines are gone everywhere, the others' ledger, pages and statement go on."""

import uuid

import httpx

from services.reimbursements.domain import commands as c
from shared.envelope import Metadata
from shared.states import States
from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import AT, CHILD, HOUSEHOLD, MEMBER, PARTNER, line, third_party
from tests.services.reimbursements.test_api import BASE, search, see
from tests.services.reimbursements.test_statements import file, text_of


async def destroy(service: InMemoryService, *persons: str) -> None:
    """And let the moment pass for which states are remembered."""
    for person in persons:
        await service.vault.destroy(person, "care", AT)
    service.commands._states = States()


async def test_what_is_left_goes_on(feed: Feeding, service: InMemoryService, http: httpx.AsyncClient) -> None:
    await see(service, CHILD)
    debt = third_party(person_id=PARTNER, quantity=3)
    await feed(
        lot_line(line(), line(person_id=CHILD, label="Pédiatre"), debt), lot_line(line(person_id=PARTNER), number=3)
    )
    before = text_of(await file(http, "2026-03"))
    assert "Pédiatre" in before
    await destroy(service, CHILD, PARTNER)
    assert [row["person_id"] for row in (await search(http))["rows"]] == [MEMBER]
    after = text_of(await file(http, "2026-03"))
    assert "Pédiatre" not in after
    assert "effacées" in after
    for path in ("deductions", "claims", "spending", "explanations"):
        assert (await http.get(f"{BASE}/{path}")).status_code == 200, path
    report = await feed(lot_line(line(), number=2))
    assert report.set_aside == 0
    state, _ = await service.state(f"household:{HOUSEHOLD}")
    assert state.last == 3
    assert {entry.person_id for entry in state.lines.values()} == {MEMBER}


async def test_the_members_own_key(feed: Feeding, service: InMemoryService, http: httpx.AsyncClient) -> None:
    await feed(lot_line(line()))
    note = c.NoteAccount(at=AT, household_id=HOUSEHOLD, masked="FR76 •••• 0189")
    meta = Metadata(pk=HOUSEHOLD, actor="x", actor_kind="process", correlation_id="x")
    await service.handle(f"household:{HOUSEHOLD}", note, cmd=str(uuid.uuid4()), meta=meta)
    await destroy(service, MEMBER)
    state, _ = await service.state(f"household:{HOUSEHOLD}")
    assert (dict(state.lines), state.account, state.last) == ({}, None, 1)
    assert (await search(http, by_payment=True))["payments"] == []
    assert (await http.get(f"{BASE}/statements")).json() == {"statements": []}
