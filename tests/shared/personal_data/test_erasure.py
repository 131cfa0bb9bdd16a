"""No plain personal value in anything that is written, and what is left of it once a person's key is destroyed."""

import logging
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bson
import pytest
import structlog

from shared.event_store import MemoryEventStore
from shared.kafka import KafkaAccess, topic_of
from shared.kernel import ERASED
from shared.log_lines import configure_logs
from shared.mongo import Client
from shared.personal_data import BlindIndex
from shared.projections.queries import Written
from shared.rebuild import Rebuild
from shared.service import Definition, Service
from shared.service.worker import run_worker
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import whole
from tests import recompute, toy
from tests.parts import Toy, opening, put
from tests.shared.toybox import box, fold_of, in_background, meta, read_model, send, some_id

CANARY = "Kanarienvogel-Zoé-4711"
AGAIN = replace(toy.summary, version=2)


async def test_the_fold_goes_on_without_the_erased_value_and_the_chain_still_holds() -> None:
    store = MemoryEventStore(HandClock())
    box_of = Toy(store)
    await box_of.send(opening(label=CANARY))
    await box_of.send(put(3))
    before = await whole(store)
    await box_of.vault.destroy("anne", "things", toy.T0)

    assert await box_of.state("box:anne") == (toy.Box(is_open=True, content=3), 2)
    await box_of.send(put(4))
    assert await box_of.state("box:anne") == (toy.Box(is_open=True, content=7), 3)
    [opened, *_] = await box_of.codec.decode(await store.stream("box:anne"))
    assert opened.event == toy.BoxOpened(at=toy.T0, person_id="anne", label=ERASED)
    after = await whole(store)
    assert after[: len(before)] == before
    assert recompute.first_broken(recompute.as_json(after)) is None


async def test_what_an_erased_person_does_later_is_not_kept_either() -> None:
    box_of = Toy(MemoryEventStore(HandClock()))
    await box_of.vault.destroy("anne", "things", toy.T0)
    await box_of.send(opening(label=CANARY))
    [commit] = await whole(box_of.store)
    assert commit["ev"][0]["pii"] == {"label": {"k": "anne/things", "c": None}}
    [recorded] = await box_of.codec.decode([commit])
    assert recorded.event == toy.BoxOpened(at=toy.T0, person_id="anne", label=ERASED)


@dataclass
class Everything:
    """What a run has left behind, byte by byte."""

    database: bytes
    vault: bytes
    topic: bytes
    files: bytes
    log: str

    def parts(self) -> dict[str, bytes]:
        return {**{name: value for name, value in vars(self).items() if name != "log"}, "log": self.log.encode()}


async def everything(service: Service, kafka: KafkaAccess, person: str, log: str) -> Everything:
    documents: list[dict[str, Any]] = []
    for name in await service.database.list_collection_names():
        documents += await service.database[name].find().to_list(None)
    keys = await service.client["keys"]["keys"].find({"_id": {"$regex": person}}).to_list(None)
    return Everything(
        database=b"".join(map(bson.encode, documents)),
        vault=b"".join(map(bson.encode, keys)),
        topic=b"".join([record async for record in raw_records(kafka, service.name)]),
        files=b"".join(contents(Path(service.settings.var_dir))),
        log=log,
    )


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


async def raw_records(kafka: KafkaAccess, service: str) -> AsyncIterator[bytes]:
    consumer = kafka.consumer(topic_of(service))
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(one) < end for one, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                for record in batch:
                    yield b"|".join(
                        [
                            record.key,
                            record.value,
                            *(part for head in record.headers for part in (head[0].encode(), head[1])),
                        ]
                    )
    finally:
        await consumer.stop()


@pytest.fixture
def log_lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """The service's own log, from its lowest level on."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logs("toy", "debug")
    yield lambda: capsys.readouterr().out
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


Make = Callable[[Definition], Any]


@pytest.mark.connected
async def test_nothing_written_holds_the_value_and_erasure_reaches_every_copy(
    make_service: Make,
    topic: Callable[[str], str],
    kafka: KafkaAccess,
    mongo: Client,
    log_lines: Callable[[], str],
) -> None:
    name, person, other = f"toy{uuid.uuid4().hex[:8]}", some_id(), some_id()
    topic(name)
    definition = toy.definition(name, claims=toy.claim_label(BlindIndex("label", 1, b"k" * 32)))
    service: Service = await make_service(definition)
    async with in_background(service.relay(same_process=True).run(), run_worker(service)):
        await send(service, person, opening(person, CANARY))
        await send(service, other, opening(other, "another label"))
        answer = await send(service, person, put(3, person))
        assert await service.queries.wait(toy.summary, Written(answer.stream, answer.version), patience=20) == 0

    assert await service.queries.get(toy.summary, person) == toy.Summary(
        person_id=person, label=CANARY, content=3, events=2
    )
    found = await everything(service, kafka, person, log_lines())
    assert all(person.encode() in part for part in (found.database, found.vault, found.topic))
    assert '"outcome": "accepted"' in found.log or '"outcome":"accepted"' in found.log
    for where, content in found.parts().items():
        assert CANARY.encode() not in content, f"a plain personal value lies in {where}"

    await service.vault.destroy(person, "things", toy.T0)
    await check_erased(await make_service(definition), person, other)


async def check_erased(fresh: Service, person: str, other: str) -> None:
    """As a process sees it that never had the key: log, read model, rebuild, and new events."""
    erased = toy.Summary(person_id=person, label=ERASED, content=3, events=2)
    assert await fresh.state(box(person)) == (toy.Box(is_open=True, content=3), 2)
    assert await fresh.queries.get(toy.summary, person) == erased
    kept = await fresh.queries.get(toy.summary, other)
    assert kept is not None
    assert kept.label == "another label"

    await Rebuild(fresh.projector([AGAIN]), fresh.store, fresh.database, fresh.clock).fill()
    assert await read_model(fresh, AGAIN) == {person: erased, other: kept} == await fold_of(fresh, AGAIN)

    await fresh.handle(box(person), put(4, person), cmd=some_id(), meta=meta(person))
    await Rebuild(fresh.projector([AGAIN]), fresh.store, fresh.database, fresh.clock).fill()
    assert (await read_model(fresh, AGAIN))[person] == erased.model_copy(update={"content": 7, "events": 3})
    assert recompute.first_broken(recompute.as_json(await whole(fresh.store))) is None
