"""On a real database: a file is imported, killed and resumed; read models folded in any order; pages answered."""

import asyncio
import random
import uuid
from pathlib import Path

import pytest

from deploy.local.seed.files import sender_key
from deploy.local.stack import Stack
from services.reimbursements.domain.commands import ReleaseLots
from services.reimbursements.domain.ids import HouseholdId
from services.reimbursements.domain.state import Household
from services.reimbursements.main import importer
from shared.envelope import Metadata
from shared.feeds.entry import take_file
from shared.projections.documents import AnyProjection
from shared.service import Service
from tests.oracle.feeds import lines_of, written
from tests.oracle.generate import Care
from tests.oracle.generate import Household as Invented
from tests.services.reimbursements.agreeing import counters_agree, expected
from tests.services.reimbursements.on_stack import member_of, money_service, project

pytestmark = pytest.mark.connected
HOUSEHOLDS = 3


@pytest.fixture
def invented() -> list[Invented]:
    care = Care(seed=42)
    return [next(care.households(1)) for _ in range(HOUSEHOLDS)]


@pytest.fixture
def file(invented: list[Invented], stack: Stack, tmp_path: Path) -> Path:
    """Shuffled: nothing says that files come in order."""
    lines = list(lines_of(invented))
    random.Random(1).shuffle(lines)  # noqa: S311 - the same disorder each time
    path = tmp_path / "settlements-1.jsonl"
    key = sender_key(Path(stack.env_for("identity")["SECRETS_DIR"]), "settlement")
    written(path, [{"kind": "lot", "household_id": "?"}, *lines], key)
    return path


async def released(service: Service, invented: Invented) -> Household:
    """The ledger, once the process has let go what had waited and one commit could not hold."""
    household = HouseholdId(invented.id)
    stream, meta = f"household:{household}", Metadata(pk=household, actor="x", actor_kind="process", correlation_id="x")
    while True:
        state, version = await service.state(stream)
        command = ReleaseLots(at=service.clock.now(), household_id=household)
        answer = await service.handle(stream, command, cmd=str(uuid.uuid4()), meta=meta)
        if answer.version == version:
            assert isinstance(state, Household)
            return state


async def test_an_import_that_is_killed_goes_on_and_counts_nothing_twice(
    stack: Stack, tmp_path: Path, file: Path, invented: list[Invented]
) -> None:
    async with money_service(stack, tmp_path) as service:

        def cut_off(*_: int) -> None:
            first.cancel()

        first = asyncio.ensure_future(take_file(importer(service), "settlements", file, cut_off))
        await asyncio.wait({first})  # cut off once the first lines are carried out
        assert first.cancelled()
        report = await take_file(importer(service), "settlements", file)
        assert [(one.line, one.reason) for one in report.listed] == [
            (1, "line-invalid:household_id:lot:number:paid_on")
        ]
        for one in invented:
            state = await released(service, one)
            assert state.last == len(one.lots)
            assert sum(debt.remaining for debt in state.debts.values()) == int(expected(one).owed * 100)


async def test_read_models_folded_in_any_order_are_the_fold_of_the_log(
    stack: Stack, tmp_path: Path, file: Path, invented: list[Invented]
) -> None:
    async with money_service(stack, tmp_path) as service:
        await take_file(importer(service), "settlements", file)
        projector = service.projector(service.definition.projections)
        deliveries = [one for each in invented for one in await projector.events(f"household:{each.id}")]
        shuffled = [*deliveries, *deliveries[::3]]
        random.Random(3).shuffle(shuffled)  # noqa: S311 - the same disorder each time
        for start in range(0, len(shuffled), 50):
            await projector.apply(shuffled[start : start + 50])
        live = await documents(service)
        await service.database["cursors"].drop()
        for one in service.definition.projections:
            await service.database[one.id].drop()
        await project(service, [f"household:{each.id}" for each in invented])
        assert await documents(service) == live


async def documents(service: Service) -> dict[str, list[object]]:
    async def of(projection: AnyProjection) -> list[object]:
        return list(await service.queries.find(projection, limit=100_000))

    return {one.name: await of(one) for one in service.definition.projections}


async def test_a_members_pages_answer_from_what_was_imported(
    stack: Stack, tmp_path: Path, file: Path, invented: list[Invented]
) -> None:
    async with money_service(stack, tmp_path) as service:
        await take_file(importer(service), "settlements", file)
        await project(service, [f"household:{one.id}" for one in invented])
        async with member_of(service, invented[0].id) as http:
            found = await http.post(f"/persons/{invented[0].id}/reimbursements/search", json={"everything": True})
            assert found.status_code == 200
        await counters_agree(service, invented[0])
