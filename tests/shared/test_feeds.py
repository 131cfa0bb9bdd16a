"""Feeds: unsigned, repeated or older files change nothing; a bad line is set aside and stops no other."""

import base64
import datetime as dt
import mmap
import os
import uuid
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, Field

from shared.codec import EventCodec
from shared.command_handler import Answer, Claims, CommandHandler
from shared.envelope import EventRegistry, Metadata
from shared.event_store.memory import MemoryEventStore
from shared.event_store.protocol import StoreUnavailable
from shared.feeds import FEED_EVENTS, Feed, FeedAccepted, FeedImporter, FeedStarted, Kind, Line, Order, Report, feed_log
from shared.feeds.log import AcceptFeed, AdvanceFeed, FeedAdvanced, SetAside, StartFeed
from shared.feeds.running import WINDOW
from shared.kernel import Command, Decider, Event, Rejected, Value, require
from shared.personal_data import MemoryKeyStore, Vault
from shared.testing.spec import Spec

AT = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
AS_OF = AT - dt.timedelta(hours=1)
KEY = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()


class SetClock:
    def now(self) -> dt.datetime:
        return AT


class Add(Command):
    amount: int
    name: str | None = None


class Added(Event, name="Added"):
    amount: int


class Sum(Value):
    total: int = 0


def decide(state: Sum, command: Add) -> list[Added]:
    require(state.total + command.amount >= 0, otherwise="sum-negative")
    return [Added(at=command.at, amount=command.amount)] if command.amount else []


counter: Decider[Sum, Add, Added] = Decider(
    category="sum",
    retention="none",
    initial=Sum(),
    decide=decide,
    evolve=lambda state, event: Sum(total=state.total + event.amount),
)


class Service:
    """What feeds need of a service, over the in-memory store."""

    def __init__(self) -> None:
        self.store = MemoryEventStore(SetClock())
        vault = Vault(MemoryKeyStore(), os.urandom(32))
        codec = EventCodec(EventRegistry("test", [Added, *FEED_EVENTS]), vault)
        self._handler = CommandHandler("test", self.store, codec, vault, os.urandom(32))
        self._deciders: dict[str, Decider[Any, Any, Any]] = {"feed": feed_log, "sum": counter}
        self.breaks_after = 10**9
        self.breaks_at = -1

    async def handle(self, stream: str, command: Any, *, cmd: str, meta: Metadata) -> Answer:
        self.breaks_after -= 1
        if self.breaks_after < 0 or self.breaks_after == self.breaks_at:
            raise StoreUnavailable
        name = getattr(command, "name", None)
        claims = (lambda _state, _events: Claims(take=[f"name:{name}"])) if name else None
        decider = self._deciders[stream.partition(":")[0]]
        return await self._handler.handle(decider, stream, command, cmd=cmd, meta=meta, claims=claims)

    async def state(self, stream: str) -> tuple[Any, int]:
        return await self._handler.state(self._deciders[stream.partition(":")[0]], stream)

    async def total(self, name: str = "a") -> int:
        state, _ = await self.state(f"sum:{name}")
        return int(state.total)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [event["data"] for commit in self.store.commits for event in commit["ev"] if event["type"] == name]


class AddLine(BaseModel):
    to: str
    amount: Annotated[int, Field(lt=1000)]
    name: str | None = None


async def add(line: AddLine, place: Line) -> Sequence[Order]:
    require(line.to != "nobody", otherwise="to-unknown")
    targets = line.to.split("+")
    command = Add(at=place.at, amount=line.amount, name=line.name)
    return [Order(f"sum:{target}", command, pk=target, person_id=None) for target in targets]


SUMS = Feed("sums", "sender", {"add": Kind(AddLine, add)})


def file_of(
    *lines: Any, feed: str = "sums", sequence: int = 1, as_of: dt.datetime = AS_OF, count: int | None = None
) -> bytes:
    header = {
        "feed": feed,
        "sequence": sequence,
        "as_of": as_of.isoformat(),
        "lines": len(lines) if count is None else count,
    }
    texts = [line if isinstance(line, bytes) else orjson.dumps(line) for line in (header, *lines)]
    return b"\n".join(texts) + b"\n"


def signature(content: bytes, key: Ed25519PrivateKey = KEY) -> str:
    return base64.urlsafe_b64encode(key.sign(content)).rstrip(b"=").decode()


def adding(amount: Any, to: str = "a", **more: Any) -> dict[str, Any]:
    return {"kind": "add", "to": to, "amount": amount, **more}


@pytest.fixture
def service() -> Service:
    return Service()


Take = Callable[[bytes], Awaitable[Report]]


@pytest.fixture
def importer(service: Service) -> FeedImporter:
    return FeedImporter(service, [SUMS], {"sender": KEY.public_key()}, SetClock())


@pytest.fixture
def take(importer: FeedImporter) -> Take:
    return lambda content: importer.take("sums", content, signature(content))


async def test_every_line_is_carried_out_in_order(take: Take, service: Service) -> None:
    report = await take(file_of(adding(5), adding(-5), adding(3), adding(7, to="b")))
    assert (await service.total(), await service.total("b")) == (3, 7)
    assert report == Report(feed="sums", sequence=1, lines=4, set_aside=0, listed=())
    assert [event["sequence"] for event in service.events("FeedAccepted")] == [1]


async def test_the_last_line_may_end_without_a_newline(take: Take, service: Service) -> None:
    await take(file_of(adding(5)).rstrip(b"\n"))
    assert await service.total() == 5


async def test_lines_of_many_windows_keep_their_order_within_a_stream(take: Take, service: Service) -> None:
    lines = [adding(amount, to=name) for amount in (1, 2, -3) for name in ("a", "b", "c") for _ in range(60)]
    report = await take(file_of(*lines))
    assert report.set_aside == 0
    assert [await service.total(name) for name in ("a", "b", "c")] == [0, 0, 0]


async def test_one_line_may_lead_to_several_commands(take: Take, service: Service) -> None:
    await take(file_of(adding(2, to="a+b")))
    assert (await service.total("a"), await service.total("b")) == (2, 2)


BAD = [
    (b"{", "line-unreadable"),
    (b"", "line-unreadable"),
    (b"[1]", "line-unreadable"),
    (b"\xff\xfe", "line-unreadable"),
    (b'{"kind":"add","to":"a","amount":1,"pad":"' + b"x" * 70_000 + b'"}', "line-unreadable"),
    ({"kind": "subtract", "to": "a"}, "line-kind-unknown"),
    ({"to": "a", "amount": 1}, "line-kind-unknown"),
    ({"kind": ["add"], "to": "a", "amount": 1}, "line-kind-unknown"),
    (adding("many"), "line-invalid:amount"),
    ({"kind": "add"}, "line-invalid:amount:to"),
    (adding(2000), "line-invalid:amount"),
    (adding(1, to="nobody"), "to-unknown"),
    (adding(-100), "sum-negative"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
async def test_a_bad_line_is_set_aside_and_stops_no_other(take: Take, service: Service, bad: Any, reason: str) -> None:
    report = await take(file_of(adding(1), bad, adding(2)))
    assert [(found.line, found.reason) for found in report.listed] == [(2, reason)]
    assert report.set_aside == 1
    assert await service.total() == 3


async def test_what_is_set_aside_stands_in_the_event_without_what_it_held(take: Take, service: Service) -> None:
    await take(file_of({"kind": "add", "to": "SECRET", "amount": "CANARY"}, {"kind": "CANARY"}))
    [accepted] = service.events("FeedAccepted")
    assert accepted["set_aside"] == 2
    assert accepted["listed"] == [
        {"line": 1, "reason": "line-invalid:amount"},
        {"line": 2, "reason": "line-kind-unknown"},
    ]


async def test_a_flood_of_bad_lines_is_counted_whole_and_listed_up_to_a_bound(take: Take) -> None:
    report = await take(file_of(*([b"?"] * 1100)))
    assert (report.set_aside, len(report.listed)) == (1100, 1000)


async def test_a_name_that_another_stream_holds_sets_the_line_aside(take: Take) -> None:
    report = await take(file_of(adding(1, name="x"), adding(1, to="b", name="x")))
    assert [(found.line, found.reason) for found in report.listed] == [(2, "name-taken")]


def changed(content: bytes) -> tuple[bytes, str]:
    return content.replace(b'"amount":1', b'"amount":9'), signature(content)


REFUSED = [
    (lambda content: (content, ""), "feed-signature-invalid"),
    (lambda content: (content, "é"), "feed-signature-invalid"),
    (lambda content: (content, signature(content)[:-4]), "feed-signature-invalid"),
    (lambda content: (content, signature(content, STRANGER)), "feed-signature-invalid"),
    (changed, "feed-signature-invalid"),
]


@pytest.mark.parametrize(("forge", "code"), REFUSED)
async def test_without_its_senders_signature_nothing_changes(
    importer: FeedImporter, service: Service, forge: Any, code: str
) -> None:
    content, signed = forge(file_of(adding(1)))
    with pytest.raises(Rejected) as refusal:
        await importer.take("sums", content, signed)
    assert refusal.value.code == code
    assert service.store.commits == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "feed-header-invalid"),
        (b"\n", "feed-header-invalid"),
        (b'{"feed":"sums"}\n', "feed-header-invalid"),
        (file_of(feed="others"), "feed-header-invalid"),
        (file_of(sequence=0), "feed-header-invalid"),
        (file_of(sequence=1 << 60), "feed-header-invalid"),
        (file_of(as_of=dt.datetime(2026, 11, 24)), "feed-header-invalid"),  # noqa: DTZ001 - without a zone on purpose
        (file_of(adding(1), count=2), "feed-lines-missing"),
        (file_of(adding(1), count=0), "feed-lines-missing"),
        (file_of(as_of=AT + dt.timedelta(days=2)), "feed-from-the-future"),
    ],
)
async def test_a_malformed_file_changes_nothing(take: Take, service: Service, content: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        await take(content)
    assert refusal.value.code == code
    assert service.store.commits == []


async def test_a_feed_nobody_reads_is_refused(importer: FeedImporter) -> None:
    content = file_of(feed="others")
    with pytest.raises(Rejected, match="feed-unknown"):
        await importer.take("others", content, signature(content))


@pytest.mark.parametrize(
    ("again", "code"),
    [
        (file_of(adding(1), sequence=5), "feed-repeated"),  # the very same file
        (file_of(adding(2), sequence=5), "feed-repeated"),
        (file_of(adding(2), sequence=4), "feed-older"),
        (file_of(adding(2), sequence=6, as_of=AS_OF - dt.timedelta(seconds=1)), "feed-older"),
    ],
)
async def test_repeated_and_older_files_change_nothing(take: Take, service: Service, again: bytes, code: str) -> None:
    await take(file_of(adding(1), sequence=5))
    before = len(service.store.commits)
    with pytest.raises(Rejected) as refusal:
        await take(again)
    assert refusal.value.code == code
    assert len(service.store.commits) == before


async def test_a_gap_in_the_numbers_and_the_same_date_are_allowed(take: Take, service: Service) -> None:
    await take(file_of(adding(1), sequence=5))
    await take(file_of(adding(1), sequence=9))
    assert await service.total() == 2


@pytest.mark.parametrize("done", range(1, 12))
async def test_an_interrupted_file_is_finished_by_sending_it_again(take: Take, service: Service, done: int) -> None:
    content = file_of(*[adding(1) for _ in range(5)], *[adding(1, to="b") for _ in range(5)])
    service.breaks_after = done
    with pytest.raises(StoreUnavailable):
        await take(content)
    assert service.events("FeedAccepted") == []
    service.breaks_after = 10**9
    assert (await take(content)).lines == 10
    assert (await service.total(), await service.total("b")) == (5, 5)
    assert len(service.events("FeedStarted")) == len(service.events("FeedAccepted")) == 1


async def test_a_resumed_file_goes_on_behind_the_lines_that_were_noted(service: Service) -> None:
    read: list[int] = []

    async def note(line: AddLine, place: Line) -> Sequence[Order]:
        read.append(place.number)
        return await add(line, place)

    noting = Feed("sums", "sender", {"add": Kind(AddLine, note)})
    importer = FeedImporter(service, [noting], {"sender": KEY.public_key()}, SetClock(), noted=WINDOW)
    bad = range(0, 2 * WINDOW, WINDOW // 4)
    content = file_of(*[adding(1, to="nobody" if number in bad else "a") for number in range(2 * WINDOW)])
    service.breaks_after = WINDOW + WINDOW // 2
    with pytest.raises(StoreUnavailable):
        await importer.take("sums", content, signature(content))
    assert [event["read"] for event in service.events("FeedAdvanced")] == [WINDOW]
    service.breaks_after = 10**9
    read.clear()
    report = await importer.take("sums", content, signature(content))
    assert read[0] == WINDOW + 1
    assert (await service.total(), report.set_aside) == (2 * WINDOW - len(bad), len(bad))
    assert [one.line for one in report.listed] == [number + 1 for number in bad]
    assert [one["line"] for one in service.events("FeedAccepted")[0]["listed"]] == [number + 1 for number in bad]


async def test_one_command_without_an_answer_is_not_passed_over(take: Take, service: Service) -> None:
    content = file_of(*[adding(1, to=name) for name in "abcdef"])
    service.breaks_at = 10**9 - 4
    with pytest.raises(StoreUnavailable):
        await take(content)
    assert service.events("FeedAccepted") == []
    assert (await take(content)).set_aside == 0
    assert [await service.total(name) for name in "abcdef"] == [1] * 6


async def test_an_interrupted_file_comes_too_late_after_the_next_one(take: Take, service: Service) -> None:
    content = file_of(adding(1))
    service.breaks_after = 1
    with pytest.raises(StoreUnavailable):
        await take(content)
    service.breaks_after = 10**9
    await take(file_of(adding(10), sequence=2))
    with pytest.raises(Rejected, match="feed-older"):
        await take(content)
    assert await service.total() == 10


async def test_a_changed_file_under_the_number_of_an_interrupted_one_is_refused(take: Take, service: Service) -> None:
    service.breaks_after = 1
    with pytest.raises(StoreUnavailable):
        await take(file_of(adding(1)))
    service.breaks_after = 10**9
    with pytest.raises(Rejected, match="feed-repeated"):
        await take(file_of(adding(2)))


async def test_a_mapped_file_is_read_like_bytes(importer: FeedImporter, service: Service, tmp_path: Path) -> None:
    content = file_of(adding(1), adding(2))
    path = tmp_path / "sums.jsonl"
    path.write_bytes(content)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        await importer.take("sums", mapped, signature(content))
    assert await service.total() == 3


async def test_who_sent_it_stands_in_every_commit(take: Take, service: Service) -> None:
    await take(file_of(adding(1)))
    metas = [commit["meta"] for commit in service.store.commits]
    assert {(meta["actor"], meta["actor_kind"], meta["channel"]) for meta in metas} == {("sender", "feed", "feed")}
    assert len({meta["correlation_id"] for meta in metas}) == 1
    assert [meta["pk"] for meta in metas] == ["sums", "a", "sums"]


async def test_ids_of_lines_are_the_same_each_time_and_no_others(importer: FeedImporter) -> None:
    seen: list[str] = []

    async def note(_: AddLine, line: Line) -> list[Order]:
        seen.append(line.id)
        return []

    noting = Feed("sums", "sender", {"add": Kind(AddLine, note)})
    for content in (file_of(adding(1), adding(1)), file_of(adding(1), adding(1)), file_of(adding(1), sequence=2)):
        other = FeedImporter(Service(), [noting], {"sender": KEY.public_key()}, SetClock())
        await other.take("sums", content, signature(content))
    assert seen[:2] == seen[2:4]
    assert len(set(seen)) == 3
    assert [uuid.UUID(one).version for one in seen] == [5] * 5


STARTED = FeedStarted(at=AT, feed="sums", sequence=3, as_of=AS_OF, file="f3")
ACCEPTED = FeedAccepted(at=AT, feed="sums", sequence=3, as_of=AS_OF, lines=7, set_aside=1, listed=())
START = StartFeed(at=AT, feed="sums", sequence=3, as_of=AS_OF, file="f3")
ACCEPT = AcceptFeed(at=AT, file="f3", lines=7, set_aside=1, listed=())
log = Spec(feed_log)


def test_a_first_file_starts() -> None:
    log.when(START).then(STARTED)


def test_a_started_file_goes_on() -> None:
    log.given(STARTED).when(START).nothing()


def test_how_far_a_file_is_only_grows_and_a_new_file_begins_at_its_start() -> None:
    aside = SetAside(line=3, reason="to-unknown")
    facts = {"at": AT, "read": 64, "set_aside": 1, "listed": (aside,)}
    note, advanced = AdvanceFeed(file="f3", **facts), FeedAdvanced(feed="sums", sequence=3, **facts)
    log.given(STARTED).when(note).then(advanced)
    log.given(STARTED, advanced).when(note).nothing()
    log.given(STARTED, ACCEPTED).when(note).rejected("feed-overtaken")
    log.given(STARTED).when(note.model_copy(update={"file": "f2"})).rejected("feed-overtaken")
    following = STARTED.model_copy(update={"sequence": 4, "file": "f4"})
    assert feed_log.fold([STARTED, advanced]).read == 64
    assert feed_log.fold([STARTED, advanced, following]).read == 0


def test_a_file_ends_once() -> None:
    log.given(STARTED).when(ACCEPT).then(ACCEPTED)
    log.given(STARTED, ACCEPTED).when(ACCEPT).nothing()


def test_a_file_that_another_has_overtaken_does_not_end() -> None:
    other = STARTED.model_copy(update={"sequence": 4, "file": "f4"})
    log.given(STARTED, other).when(ACCEPT).rejected("feed-overtaken")
    log.when(ACCEPT.model_copy(update={"file": ""})).rejected("feed-overtaken")


def test_a_day_ahead_is_a_clock_that_is_fast_and_more_is_a_mistake() -> None:
    ahead = AT + dt.timedelta(days=1)
    log.when(START.model_copy(update={"as_of": ahead})).then(STARTED.model_copy(update={"as_of": ahead}))
    later = ahead + dt.timedelta(seconds=1)
    log.when(START.model_copy(update={"as_of": later})).rejected("feed-from-the-future")
