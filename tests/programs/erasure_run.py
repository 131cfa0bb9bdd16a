"""All that forgets a person, of all services, in a process that dies at a chosen step: keys, rows, claims, files, letters.

Store, relay, Faust, scheduler, reactions and what each service holds are those of production; screens and what has
nothing to do with it stay away. Names and topics are this test's own.
"""

import asyncio
import datetime as dt
import random
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from services.cards.main import definition as cards
from services.cards.settings import Settings as CardsSettings
from services.geo.main import definition as geo
from services.geo.settings import Settings as GeoSettings
from services.identity.domain.erasure_commands import RequestErasure
from services.identity.domain.erasure_events import RequestedBy
from services.identity.domain.ids import ErasureId, PersonId
from services.identity.domain.retention import reference_of
from services.identity.inbound.erasures import answers
from services.identity.main import definition as identity
from services.identity.processes.forgetting import forgetting
from services.identity.read_models.erasure_cases import erasure_cases
from services.identity.read_models.erasure_deadlines import erasure_waits
from services.identity.settings import IdentitySettings
from services.notifications.main import definition as notifications
from services.notifications.settings import NotificationsSettings
from services.reimbursements.main import definition as reimbursements
from services.reimbursements.settings import Settings as ReimbursementsSettings
from shared.envelope import Metadata
from shared.erasure import Asked, Erasure, ErasureHandler, Holding, Ledger
from shared.kernel import Issued
from shared.reactor import Handler
from shared.service import Definition, Service
from shared.service.definition import no_effects, no_loops
from shared.service.worker import run_worker
from shared.settings import BaseServiceSettings
from tests.programs.effect_mail import Fate, die
from tests.programs.erasure_held import hold
from tests.programs.worker_rounds import run_rounds, say

POINTS: Final[Mapping[str, int]] = {
    "counted": 10,
    "noted": 10,
    "amid": 10,
    "dropped": 10,
    "ErasePerson": 1,
    "ErasePerson done": 1,
    "CloseAccount": 1,
    "CloseAccount done": 1,
    "CompletePersonErasure": 5,
    "CompletePersonErasure done": 5,
    "RecordErasureCompletion": 5,
    "RecordErasureCompletion done": 5,
}
"""How often each is passed for one person at least."""
LONGEST: Final = 90.0
"""Seconds after which a round that neither dies nor ends has failed."""


class MortalService(Service):
    """Destroys under a fate."""

    fate: Fate

    async def execute(self, issued: Issued, cmd: str, meta: Metadata) -> bool:
        name = type(issued.command).__name__
        self.fate.at(name)
        accepted = await super().execute(issued, cmd, meta)
        self.fate.at(f"{name} done")
        return accepted

    def _erasure(self, erasure: Erasure) -> Handler:
        ledger = MortalLedger(self.database)
        ledger.fate = self.fate
        held = [mortal(one, self.fate) for one in erasure.holdings]
        return ErasureHandler(replace(erasure, holdings=held), ledger, self.vault, self.execute)


class MortalLedger(Ledger):
    """Dies once it is noted what is about to be dropped."""

    fate: Fate

    async def note(self, event_id: str, what: str, count: int) -> None:
        await super().note(event_id, what, count)
        self.fate.at("noted")


def mortal(holding: Holding, fate: Fate) -> Holding:
    """Dies before, while or after something is dropped."""

    async def count(asked: Asked) -> int:
        found = await holding.count(asked)
        fate.at("counted")
        return found

    async def drop(asked: Asked) -> None:
        if fate.meets("amid"):
            asyncio.get_running_loop().call_later(fate.seconds, die)
        await holding.drop(asked)
        fate.at("dropped")

    return replace(holding, count=count, drop=drop)


def services(suffix: str, fate: Fate) -> dict[str, MortalService]:
    """What each has to do with forgetting, by its real name."""
    whole: dict[str, tuple[Any, type[BaseServiceSettings]]] = {
        "identity": (identity, IdentitySettings),
        "notifications": (notifications, NotificationsSettings),
        "cards": (cards, CardsSettings),
        "reimbursements": (reimbursements, ReimbursementsSettings),
        "geo": (geo, GeoSettings),
    }
    found = {}
    for name, (definition, settings_class) in whole.items():
        settings = settings_class(mongo_database=f"{name}{suffix}")
        service = MortalService(_cut(definition(settings), suffix), settings)
        service.fate = fate
        found[name] = service
    return found


def _cut(definition: Definition, suffix: str) -> Definition:
    """The erasure alone, of this test's services."""
    forget = definition.erasure
    assert forget

    def of_ours(service: Service) -> Erasure:
        return replace(forget(service), source=f"identity{suffix}")

    cut = replace(
        definition,
        name=f"{definition.name}{suffix}",
        projections=[],
        reactions=[],
        processes=[],
        effects=no_effects,
        loops=no_loops,
        erasure=of_ours,
    )
    if definition.name != "identity":
        return cut
    heard = [replace(one, source=f"{one.source}{suffix}") for one in answers]
    return replace(cut, projections=[erasure_cases, erasure_waits], reactions=heard, processes=[forgetting])


async def ask(all_of_them: Mapping[str, MortalService]) -> str:
    """Somebody of whom everything is held wants to be forgotten at once."""
    person_id = PersonId(str(uuid.uuid4()))
    meta = Metadata(pk=person_id, actor="test", actor_kind="process", correlation_id=person_id, person_id=person_id)
    await hold(all_of_them["identity"], all_of_them["notifications"], person_id, meta)
    erasure_id, now = ErasureId(str(uuid.uuid4())), all_of_them["identity"].clock.now().replace(microsecond=0)
    command = RequestErasure(
        at=now,
        person_id=person_id,
        erasure_id=erasure_id,
        reference=reference_of(erasure_id),
        by=RequestedBy.MEMBER,
        due_at=now,
        covered_until=dt.date(2031, 12, 31),
    )
    await all_of_them["identity"].handle(f"erasure:{person_id}", command, cmd=str(uuid.uuid4()), meta=meta)
    return person_id


async def all_done(identity: Service) -> bool:
    """Whether everybody who asked has his certificate, on the screen as well."""
    asked = await _count(identity, "ErasureRequested")
    name = await identity.pointers.live(erasure_cases)
    done = await identity.database[name].count_documents({"status": "completed"})
    return asked == done == await _count(identity, "ErasureCompleted")


async def _count(service: Service, event_type: str) -> int:
    commits, found, position = await service.store.window(0), 0, 0
    while commits:
        found += sum(event["type"] == event_type for commit in commits for event in commit["ev"])
        position = commits[-1]["_id"]
        commits = await service.store.window(position)
    return found


async def child(round_: dict[str, Any]) -> None:
    all_of_them = services(round_["suffix"], fate_of(round_))
    for service in all_of_them.values():
        await service.prepare()
    for _ in range(round_.get("asks", 0)):
        say(person=await ask(all_of_them))
    started = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        parts = [tasks.create_task(run_worker(one, f"{one.name}-0")) for one in all_of_them.values()]
        parts += [tasks.create_task(one.relay(same_process=True).run()) for one in all_of_them.values()]
        while "seed" in round_ or not await all_done(all_of_them["identity"]):
            if time.monotonic() - started > LONGEST:
                raise TimeoutError("neither dead nor done")
            await asyncio.sleep(0.2)
        for part in parts:
            part.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*(one.close() for one in all_of_them.values()))


def fate_of(round_: dict[str, Any]) -> Fate:
    """Drawn from the round's seed."""
    if "seed" not in round_:
        return Fate("", 0, 0.0)
    drawn = random.Random(round_["seed"])  # noqa: S311 - a test repeats itself
    chosen = drawn.choice(sorted(POINTS))
    return Fate(chosen, drawn.randint(1, POINTS[chosen]), drawn.uniform(0.0, 0.01))


if __name__ == "__main__":
    run_rounds(child)
