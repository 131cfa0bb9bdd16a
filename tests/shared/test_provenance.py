"""What the owner of a topic never wrote leads to nothing anywhere: it is parked and counted, and what is true goes on."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from shared.kafka import KafkaAccess, discard, topic_of
from shared.kernel import Issued
from shared.messaging import Delivered, Message, Record, messages_of
from shared.metrics import FOREIGN_RECORDS
from shared.provenance import Provenance
from shared.reactions import Incoming, On, Reaction
from shared.service import Service
from shared.service.worker import run_worker
from shared.signatures import Signer, UnknownSignature
from tests import toy
from tests.shared.reacting import EPOCH
from tests.shared.toybox import box, in_background, open_box, put, some_id, until
from tests.signed import private_pem, public_pem, signer

OPENED = Message(
    b"p1",
    b'{"person_id":"p1"}',
    [
        ("ce_type", b"toy.BoxOpened"),
        ("ce_id", b"e1"),
        ("ce_dataschema", b"urn:schema:toy.BoxOpened:2"),
        ("ce_subject", b"box:p1"),
        ("ce_sequence", b"1"),
        ("ce_position", b"1"),
        ("ce_index", b"0"),
        ("ce_time", b"2026-03-14T09:26:53.589Z"),
        ("ce_commithash", b"00"),
    ],
    0,
)


def at(one: Message, offset: int = 0, topic: str = "toy.events.v1") -> Record:
    return Record(topic, 0, offset, one.key, one.value, dict(one.headers))


class Rows:
    """What was noted before, as the database gives it back."""

    def __init__(self, **ends: int) -> None:
        self.row = {"_id": "toy.events.v1", "ends": ends} if ends else None

    async def find_one(self, _: Any) -> Any:
        return self.row


def reader(files: dict[str, str], rows: Rows | None = None) -> Provenance:
    return Provenance("copy", files.__getitem__, {"signed_from": rows or Rows()}, KafkaAccess("nowhere:1"))  # type: ignore[arg-type]


def test_a_signed_record_is_read_and_one_that_is_not_is_refused_and_counted() -> None:
    known = reader({"toy": public_pem()})
    [signed] = signer("toy").sign([OPENED])
    assert known.read(at(signed)).stream == "box:p1"
    before = FOREIGN_RECORDS.labels("copy")._value.get()
    for one in (at(OPENED), at(next(signer("toy", 2).sign([OPENED]))), at(signed)._replace(value=b"{}")):
        with pytest.raises(UnknownSignature):
            known.read(one)
    assert FOREIGN_RECORDS.labels("copy")._value.get() == before + 3


def test_each_topic_has_the_key_of_its_owner_alone() -> None:
    known = reader({"toy": public_pem(1), "other": public_pem(2)})
    [stolen] = Signer("toy.events.v1", private_pem(2)).sign([OPENED])
    with pytest.raises(UnknownSignature):
        known.read(at(stolen))
    assert known.read(at(next(signer("other", 2).sign([OPENED])), topic="other.events.v1"))


def test_a_key_that_comes_while_records_are_read_is_believed_and_that_of_before_too() -> None:
    files = {"toy": public_pem(1)}
    known = reader(files)
    [old], [new] = signer("toy", 1).sign([OPENED]), signer("toy", 2).sign([OPENED])
    assert known.read(at(old))
    with pytest.raises(UnknownSignature):
        known.read(at(new))
    files["toy"] = public_pem(2) + public_pem(1)
    assert known.read(at(new)).version == known.read(at(old)).version == 1


async def test_only_what_lay_there_before_records_were_signed_may_be_without() -> None:
    known = reader({"toy": public_pem()}, Rows(**{"0": 5}))
    await known.note(["toy.events.v1"])
    assert known.read(at(OPENED, 4)).version == 1
    for one in (at(OPENED, 5), at(next(signer("toy", 2).sign([OPENED])), 4)):
        with pytest.raises(UnknownSignature):
            known.read(one)


class Opened(Incoming):
    person_id: str


class Filled(Incoming):
    person_id: str
    amount: int


def opening(event: Opened, delivery: Delivered) -> list[Issued]:
    return [Issued(box(event.person_id), toy.Open(at=delivery.recorded_at, person_id=event.person_id, label="copy"))]


def filling(event: Filled, delivery: Delivered) -> list[Issued]:
    command = toy.Put(at=delivery.recorded_at, person_id=event.person_id, amount=event.amount)
    return [Issued(box(event.person_id), command)]


@pytest.fixture
async def pair(make_service, topic, settings):
    """A service, and one that does the same when it hears of it."""
    name = f"toy{some_id()[:8]}"
    topic(name)
    topic(f"{name}copy")
    handles = {"BoxOpened": On(Opened, opening), "BoxFilled": On(Filled, filling)}
    definition = replace(toy.definition(f"{name}copy"), reactions=[Reaction("copying", name, EPOCH, handles)])
    copy = Service(definition, settings.model_copy(update={"mongo_database": f"{name}copy_db"}))
    await copy.prepare()
    yield await make_service(toy.definition(name)), copy
    await copy.close()


async def next_of(service: Service, amount: int, further: int = 1) -> Message:
    """The next version of the last box, or one further on, as its owner could write it."""
    head = await service.store.head()
    [last] = await service.store.window(head.position - 1, 1)
    commit = {
        **last,
        "_id": head.position + further,
        "v0": last["v0"] + further,
        "at": last["at"] + dt.timedelta(seconds=1),
    }
    data = {"person_id": last["ev"][0]["data"]["person_id"], "amount": amount, "at": last["ev"][0]["data"]["at"]}
    commit["ev"] = [{"id": some_id(), "type": "BoxFilled", "sv": 1, "data": data}]
    [one] = messages_of(service.name, commit)
    return one


async def send(service: Service, *messages: Message) -> None:
    producer = service.kafka.producer()
    await producer.start()
    try:
        for one in messages:
            await producer.send_and_wait(topic_of(service.name), one.value, key=one.key, headers=one.headers)
    finally:
        await discard(producer)


def key_of(service: Service, name: str) -> Signer:
    return Signer(topic_of(service.name), service.settings.record_key(name))


async def content(service: Service, person: str) -> int:
    return (await service.state(box(person)))[0].content


async def parked(service: Service, count: int) -> list[str]:
    rows = await service.parking.rows()
    return [row["error"] for row in rows] if len(rows) >= count else []


@pytest.mark.connected
async def test_a_forged_next_version_leads_to_nothing_and_the_true_one_after_it_does(pair) -> None:
    source, copy = pair
    async with in_background(source.relay(same_process=True).run(), run_worker(copy)):
        person = await open_box(source, 1)
        await until(lambda: content(copy, person))
        forged = await next_of(source, 500)
        [swapped] = key_of(source, copy.name).sign([forged])
        [true] = key_of(source, source.name).sign([forged])
        changed = true._replace(value=true.value.replace(b"500", b"900"))
        elsewhere = Signer(topic_of(copy.name), source.settings.record_key(source.name)).sign([forged])
        [renumbered] = key_of(source, source.name).sign(messages_of(source.name, (await source.store.window(0))[-1]))
        renumbered.headers[:] = [(k, b"3" if k == "ce_sequence" else v) for k, v in renumbered.headers]
        again = key_of(source, source.name).sign(messages_of(source.name, (await source.store.window(0))[-1]))
        await send(source, forged, swapped, changed, *elsewhere, renumbered, *again)
        errors = await until(lambda: parked(copy, 5))
        await put(source, person, 2)

        async def both() -> bool:
            return await content(copy, person) == 3

        await until(both)
    assert errors == ["UnknownSignature"] * 5
    assert FOREIGN_RECORDS.labels(copy.name)._value.get() == 5
    assert {row["kind"] for row in await copy.parking.rows()} == {"record"}
    assert (await copy.state(box(person)))[1] == 3


@pytest.mark.connected
async def test_what_lay_on_the_topic_before_is_read_without_signature_and_nothing_later(pair) -> None:
    source, copy = pair
    person = await open_box(source, 1)
    await send(source, *(one for commit in await source.store.window(0) for one in messages_of(source.name, commit)))
    async with in_background(run_worker(copy)):
        await until(lambda: content(copy, person))
        await send(source, await next_of(source, 500))
        assert await until(lambda: parked(copy, 1)) == ["UnknownSignature"]
    assert await content(copy, person) == 1


@pytest.mark.connected
async def test_a_record_that_came_before_its_key_is_tried_again_and_handled_once_with_what_waits_behind(pair) -> None:
    source, copy = pair
    async with in_background(source.relay(same_process=True).run(), run_worker(copy)):
        person = await open_box(source, 1)
        await until(lambda: content(copy, person))
        [late] = signer(source.name, 2).sign([await next_of(source, 500)])
        [behind] = key_of(source, source.name).sign([await next_of(source, 20, 2)])
        await send(source, late, behind)
        assert sorted(await until(lambda: parked(copy, 2))) == ["Gap", "UnknownSignature"]
        [row] = [one for one in await copy.parking.rows() if one["kind"] == "record"]

        async def tried(count: int) -> bool:
            rows = await copy.parking.rows()
            return [one["attempts"] for one in rows if one["_id"] == row["_id"]] == [count]

        await copy.parking.ask(row["_id"], "retry", "ann", "is the key there?")
        await until(lambda: tried(2))
        assert await content(copy, person) == 1
        keys = copy.settings.secrets_dir / "records" / f"{source.name}.pub"
        keys.write_text(public_pem(2) + keys.read_text())
        await copy.parking.ask(row["_id"], "retry", "ann", "the key came late")

        async def all_is_read() -> bool:
            return await content(copy, person) == 521 and not await copy.parking.rows()

        await until(all_is_read)
        await send(source, late)
        await put(source, person, 2)  # what the owner's log goes on with has the versions that were read already
        [last] = key_of(source, source.name).sign([await next_of(source, 3, 2)])
        await send(source, last)

        async def the_last_too() -> bool:
            return await content(copy, person) == 524

        await until(the_last_too)
    assert (await copy.state(box(person)))[1] == 5
