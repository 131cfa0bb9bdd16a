"""Years pass on a real database: the account goes, later each class that the law kept, its keys with it; holds hold."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.identity.domain import erasure_commands as c
from services.identity.domain.erasure_events import RequestedBy
from services.identity.domain.ids import ErasureId, HoldId, PersonId
from services.identity.domain.retention import ERASED_CLASSES, reference_of
from services.identity.main import definition
from services.identity.read_models.destructions import destructions
from services.identity.settings import IdentitySettings
from shared.envelope import Metadata
from shared.personal_data.vault import key_ref
from shared.service import Service
from shared.testing.clock import HandClock
from tests.shared.toybox import log_of

pytestmark = pytest.mark.connected

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
ERASURE = ErasureId("4a2f6c1e-8a57-4f0e-9d5c-0b1f6f3a2c77")
CLASSES = ("account", "messages", "care", "cards", "access")


class Life:
    """One person over the years. `pass_to` moves the clock, then does all that workers do until nothing follows."""

    def __init__(self, service: Service, clock: HandClock) -> None:
        self.service, self.clock = service, clock
        self.person_id = PersonId(str(uuid.uuid4()))
        self._read = 0

    async def order(self, command: c.ErasureCommand) -> None:
        meta = Metadata(pk=self.person_id, actor="x", actor_kind="system", correlation_id="x", person_id=self.person_id)
        await self.service.handle(f"erasure:{self.person_id}", command, cmd=str(uuid.uuid4()), meta=meta)

    async def pass_to(self, day: dt.date) -> list[str]:
        """The types of the events since."""
        self.clock.time = dt.datetime.combine(day, dt.time(12), dt.UTC)
        before, told = self._read, -1
        while told < self._read:
            told = self._read
            await self._work()
            scheduler = self.service.scheduler()
            assert await scheduler._lease.acquire()
            await scheduler.fire_due()
            await scheduler._lease.release()
            await self._work()
        return [one.stored["type"] for one in (await log_of(self.service))[before:]]

    async def _work(self) -> None:
        log = await log_of(self.service)
        new, self._read = log[self._read :], len(log)
        await self.service.projector(self.service.definition.projections).apply(new)
        forgetting = self.service.definition.erasure
        assert forgetting is not None
        handler = self.service._erasure(forgetting(self.service))
        for delivery in new:
            if handler.wants(delivery.stored["type"]):
                await handler.handle(delivery)
        if new:
            await self._work()

    async def keys(self) -> set[str]:
        """The classes whose key works."""
        found = await self.service.vault.known(key_ref(self.person_id, one) for one in CLASSES)
        return {ref.rpartition("/")[2] for ref, key in found.items() if key is not None}


@pytest.fixture
async def life(stack: Stack, tmp_path: Path) -> AsyncIterator[Life]:
    """Somebody whose cover ended on 2026-10-31, and who asks to be forgotten."""
    settings = IdentitySettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"identity_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("identity")["SECRETS_DIR"]),
        var_dir=tmp_path,
    )
    clock = HandClock(NOW)
    service = Service(definition(settings), settings, clock)
    await service.prepare()
    made = Life(service, clock)
    await service.vault.ensure([key_ref(made.person_id, one) for one in CLASSES])
    await made.order(
        c.RequestErasure(
            at=NOW,
            person_id=made.person_id,
            erasure_id=ERASURE,
            reference=reference_of(ERASURE),
            by=RequestedBy.MEMBER,
            due_at=NOW + dt.timedelta(days=14),
            covered_until=dt.date(2026, 10, 31),
        )
    )
    yield made
    await service.client.drop_database(settings.mongo_database)
    await service.close()


async def test_each_class_goes_when_its_time_is_over(life: Life) -> None:
    assert await life.keys() == set(CLASSES)
    assert "PersonErased" not in await life.pass_to(dt.date(2026, 12, 7))
    assert "PersonErased" in await life.pass_to(dt.date(2026, 12, 9))
    assert await life.keys() == {"care", "cards", "access"}
    for day, gone in (
        (dt.date(2027, 12, 9), "access"),
        (dt.date(2031, 11, 1), "cards"),
        (dt.date(2036, 11, 1), "care"),
    ):
        assert await life.pass_to(day - dt.timedelta(days=2)) == []
        assert gone in await life.keys()
        assert (await life.pass_to(day)).count("RetentionEnded") == 1
        assert gone not in await life.keys()
    assert await life.keys() == set()
    found = await life.service.queries.find(destructions)
    assert {one.what: one.classes for one in found} == {
        "erasure": ERASED_CLASSES, "access": ("access",), "cards": ("cards",), "care": ("care",),
    }  # fmt: skip


async def test_a_hold_keeps_everything_and_what_became_due_goes_when_it_is_lifted(life: Life) -> None:
    await life.pass_to(dt.date(2026, 12, 9))
    hold = {"person_id": life.person_id, "hold_id": HoldId(str(uuid.uuid4()))}
    await life.order(c.RequestLegalHold(at=life.clock.now(), **hold, agent_id="ann", case="TJ Toulon 26/01234"))  # type: ignore[arg-type]
    await life.order(c.ApproveLegalHold(at=life.clock.now(), **hold, agent_id="bob"))  # type: ignore[arg-type]
    assert "RetentionEnded" not in await life.pass_to(dt.date(2032, 1, 1))
    assert await life.keys() == {"care", "cards", "access"}
    await life.order(c.RequestLegalHoldLift(at=life.clock.now(), **hold, agent_id="ann"))  # type: ignore[arg-type]
    await life.order(c.ApproveLegalHoldLift(at=life.clock.now(), **hold, agent_id="bob"))  # type: ignore[arg-type]
    assert (await life.pass_to(dt.date(2032, 1, 2))).count("RetentionEnded") == 2
    assert await life.keys() == {"care"}
