"""Forgetting in one service: killed at any point and called again, nothing is left and nothing is counted twice."""

import os
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import erasure as x
from shared.envelope import Metadata
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.mongo import Client
from shared.personal_data import MemoryKeyStore, Vault
from shared.testing.spec import Spec
from tests.shared.personal_data.test_vault import AT

ANNE = "anne"
WHOSE: dict[str, Any] = {"person_id": ANNE, "erasure_id": str(uuid.uuid5(uuid.NAMESPACE_OID, "erasure"))}
CLASSES = ("account", "messages")


class Killed(Exception):  # noqa: N818 - said as it is
    """The process is gone."""


def decided(kind: str = "PersonErased", classes: tuple[str, ...] = CLASSES) -> Delivered:
    data = {**WHOSE, "classes": list(classes), "at": AT.isoformat(), "more": "than is read"}
    return Delivered(
        source="deciding",
        stored={"id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {classes}")), "type": kind, "sv": 1, "data": data},
        stream=f"erasure:{ANNE}",
        version=1,
        position=1,
        index=0,
        recorded_at=AT,
        commit_hash="00",
        attributes={"pk": ANNE, "actor": "x", "actor_kind": "process", "correlation_id": "x"},
    )


class MemoryLedger:
    """Counts in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, int]] = {}

    async def note(self, event_id: str, what: str, count: int) -> None:
        row = self.rows.setdefault(event_id, {})
        row[what] = max(row.get(what, 0), count)

    async def noted(self, event_id: str) -> Mapping[str, int]:
        return self.rows.get(event_id, {})


class World:
    """Things of two persons, a store of answers, and somebody who kills after so many steps."""

    def __init__(self, kill_after: int = 10_000) -> None:
        self.things = {"devices": ["anne", "anne", "bob"], "letters": ["anne", "bob"], "cards": ["anne"]}
        self.answers: dict[str, Issued] = {}
        self.left = kill_after
        self.vault = Vault(MemoryKeyStore(), os.urandom(32))
        self.ledger = MemoryLedger()

    def handler(self) -> x.ErasureHandler:
        held = [
            self.holding(what, of) for what, of in (("devices", "account"), ("letters", "messages"), ("cards", "cards"))
        ]
        ledger: Any = self.ledger
        return x.ErasureHandler(x.Erasure("deciding", [x.keys(self.vault), *held]), ledger, self.vault, self.execute)

    def holding(self, what: str, retention: str) -> x.Holding:
        async def count(asked: x.Asked) -> int:
            self.step()
            return Counter(self.things[what])[asked.person_id]

        async def drop(asked: x.Asked) -> None:
            if self.left and asked.person_id in self.things[what]:
                self.things[what].remove(asked.person_id)  # one of them, then the kill
            self.step()
            self.things[what] = [one for one in self.things[what] if one != asked.person_id]
            self.step()

        return x.Holding(what, retention, count, drop)

    async def execute(self, issued: Issued, cmd: str, _: Metadata) -> bool:
        self.step()
        self.answers.setdefault(cmd, issued)
        self.step()
        return True

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


def reached(world: World) -> dict[str, int]:
    [answer] = world.answers.values()
    command = answer.command
    assert isinstance(command, x.CompletePersonErasure)
    assert answer.stream == f"erasures:{ANNE}"
    return {one.what: one.count for one in command.reached}


async def test_what_is_held_of_these_classes_goes_and_no_more() -> None:
    world = World()
    await world.vault.ensure([f"{ANNE}/{one}" for one in (*CLASSES, "care")])
    assert await world.handler().handle(decided()) == "accepted"
    assert world.things == {"devices": ["bob"], "letters": ["bob"], "cards": ["anne"]}
    assert reached(world) == {"keys": 2, "devices": 2, "letters": 1}
    keys = await world.vault.known([f"{ANNE}/{one}" for one in (*CLASSES, "care")])
    assert [key is None for key in keys.values()].count(True) == 2


async def test_a_class_that_was_kept_goes_in_its_time() -> None:
    world = World()
    await world.handler().handle(decided("RetentionEnded", ("cards",)))
    assert world.things["cards"] == []
    assert reached(world) == {"keys": 0, "cards": 1}


@given(st.lists(st.integers(1, 12), max_size=6))
async def test_killed_anywhere_and_called_again_it_is_done_once(kills: list[int]) -> None:
    world = World()
    for after in kills:
        world.left = after
        try:
            await world.handler().handle(decided())
        except Killed:
            continue
    world.left = 10_000
    await world.handler().handle(decided())
    assert world.things == {"devices": ["bob"], "letters": ["bob"], "cards": ["anne"]}
    assert reached(world) == {"keys": 0, "devices": 2, "letters": 1}


def test_it_hears_of_nothing_else() -> None:
    handler = World().handler()
    assert [handler.wants(one) for one in ("PersonErased", "RetentionEnded", "ErasureRequested")] == [True, True, False]


def test_an_answer_is_given_once_for_each_class() -> None:
    command = x.CompletePersonErasure(at=AT, **WHOSE, classes=CLASSES, reached=())
    answered = x.PersonErasureCompleted(**command.model_dump())
    spec: Spec[Any, Any, Any] = Spec(x.erasures)
    spec.when(command).then(answered)
    spec.given(answered).when(command).nothing()
    other = command.model_copy(update={"classes": ("cards",)})
    spec.given(answered).when(other).then(x.PersonErasureCompleted(**other.model_dump()))


@pytest.mark.connected
async def test_rows_and_claims_on_a_real_database(mongo: Client) -> None:
    name = f"erasure_{uuid.uuid4().hex[:12]}"
    database = mongo[name]
    try:
        await database["devices"].insert_many(
            [{"_id": number, "member_id": "anne" if number else "bob"} for number in range(3)]
        )
        await database["claims"].insert_many([{"_id": "a", "s": "account:anne"}, {"_id": "b", "s": "account:bob"}])
        held = [
            x.rows(database["devices"], "devices", "account", lambda person: {"member_id": person}),
            x.claims(database, "account", "account"),
        ]
        world = World()
        handler = x.ErasureHandler(x.Erasure("deciding", held), x.Ledger(database), world.vault, world.execute)
        for _ in range(2):
            await handler.handle(decided())
        assert await database["devices"].count_documents({}) == 1
        assert [row["_id"] async for row in database["claims"].find({})] == ["b"]
        assert reached(world) == {"claims": 1, "devices": 2}
    finally:
        await mongo.drop_database(name)
