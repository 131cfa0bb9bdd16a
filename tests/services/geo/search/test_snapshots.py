"""The index kept on disk: the same as from the log at any cut, none at the least doubt, and nobody's name outlives him."""

import asyncio
import tempfile
import uuid
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.geo.domain import events as e
from services.geo.domain.facts import Practitioner
from services.geo.domain.ids import ListingId, PlaceId
from services.geo.search import sealed_columns
from services.geo.search.asked import Asked
from services.geo.search.compacting import columns_of, rows_of
from services.geo.search.following import Following
from services.geo.search.index import Index
from services.geo.search.snapshots import FILE, RETENTION, Snapshots
from shared.envelope import Metadata
from shared.personal_data.vault import key_ref
from tests.services.geo.sample import AT, TOULON, delist, record
from tests.services.geo.search.histories import asked, histories
from tests.services.in_memory import InMemoryService

NAME = "Kermarrec"
GIVEN = ("", "Anne", "Bruno", "Claire", "Denis", "Emma", "Franck")
NEAR = Asked(43.124, 5.928, 1_000.0)


@given(events=histories(), asked=asked, cut=st.integers(0, 40), key=st.binary(min_size=32, max_size=32))
@settings(max_examples=150, deadline=None)
def test_from_a_snapshot_and_the_rest_it_is_the_index_of_the_log(
    events: list[e.PlaceEvent], asked: Asked, cut: int, key: bytes
) -> None:
    whole, before = Index(), Index()
    whole.apply(events)
    before.apply(events[:cut])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        sealed_columns.write(file, {}, columns_of(before.rows), key)
        after = Index(rows_of(sealed_columns.read(file, key)))
    after.build()
    after.apply(events[cut:])
    assert after.search(asked) == whole.search(asked)
    assert len(after) == len(whole)


@given(events=histories())
@settings(max_examples=50, deadline=None)
def test_kept_twice_it_is_the_same(events: list[e.PlaceEvent]) -> None:
    index = Index()
    index.apply(events)
    columns = columns_of(index.rows)
    assert columns_of(rows_of(columns)) == columns
    assert len(rows_of(columns)) == len(index)


class World:
    """A directory, and an index over it that starts again and again."""

    def __init__(self, service: InMemoryService, folder: Path) -> None:
        self.service = service
        self.folder = folder
        self.decoded = 0
        self.following = Following(service.store, service.codec, self.snapshots())

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def snapshots(self) -> Snapshots:
        return Snapshots(self.folder, self.service.vault, self.service.clock)

    async def start(self) -> int:
        """A new process; how many commits it folds until it is ready."""
        self.following = Following(Counted(self.service.store, self), self.service.codec, self.snapshots())  # type: ignore[arg-type]
        self.decoded = 0
        await self.following.catch_up()
        return self.decoded

    async def stop(self) -> None:
        async with self.following.running():
            await asyncio.sleep(0)

    async def add(self, number: int, surname: str = NAME) -> str:
        place = str(uuid.UUID(int=number))
        command = record(
            place_id=PlaceId(place),
            listing_id=ListingId(f"listing-{number}"),
            practitioner=Practitioner(surname=surname, given_name=GIVEN[number]),
            location=TOULON,
        )
        await self._handle(place, command)
        return place

    async def delist(self, place: str) -> None:
        await self._handle(place, delist().model_copy(update={"place_id": PlaceId(place)}))
        listing = f"listing-{uuid.UUID(place).int}"
        await self.service.vault.destroy(listing, "directory", AT)

    async def _handle(self, place: str, command: object) -> None:
        meta = Metadata(pk=place, actor="rpps", actor_kind="feed", correlation_id=str(uuid.uuid4()))
        await self.service.handle(f"place:{place}", command, cmd=str(uuid.uuid4()), meta=meta)  # type: ignore[arg-type]

    def found(self, name: str) -> set[str]:
        hits = self.following.index.search(Asked(**{**vars(NEAR), "name": name})).hits
        return {hit.place_id for hit in hits}

    def key(self) -> str:
        said = sealed_columns.about(self.file)
        assert said is not None
        return str(said["key"])

    async def words(self, file: bytes, name: str) -> list[str]:
        """Those of a snapshot, with what the vault still has."""
        key = (await self.service.vault.known([key_ref(name, RETENTION)]))[key_ref(name, RETENTION)]
        assert key is not None, "destroyed"
        copy = self.folder / "copy"
        copy.write_bytes(file)
        return orjson.loads(sealed_columns.read(copy, key)["words"])  # type: ignore[no-any-return]


class Counted:
    """A store that says how many commits were read by windows."""

    def __init__(self, store: object, world: World) -> None:
        self._store, self._world = store, world

    async def window(self, after: int, limit: int = 1000) -> list[object]:
        found = await self._store.window(after, limit)  # type: ignore[attr-defined]
        self._world.decoded += len(found) if limit > 1 else 0
        return found  # type: ignore[no-any-return]


@pytest.fixture
async def world(service: InMemoryService, tmp_path: Path) -> World:
    """Three places, and a snapshot of them."""
    world = World(service, tmp_path / "index")
    for number in (1, 2, 3):
        await world.add(number)
    gone = await world.add(4, "Guillou")
    await world.delist(gone)
    await world.start()
    await world.stop()
    assert world.file.exists()
    return world


async def test_a_start_folds_only_what_came_since(world: World) -> None:
    assert await world.start() == 0
    assert len(world.found(NAME)) == 3
    late = await world.add(5, "Le Goff")
    assert await world.start() == 1
    assert world.found("goff") == {late}
    assert len(world.found(NAME)) == 3


async def test_without_enough_that_is_new_nothing_is_written(world: World) -> None:
    key = world.key()
    await world.add(5)
    await world.start()
    await world.stop()
    assert world.key() == key


@pytest.mark.parametrize("size", [0, 1, 30, 300, 500, -1])
async def test_half_a_file_is_none(world: World, size: int) -> None:
    whole = world.file.read_bytes()
    world.file.write_bytes(whole[:size])
    assert await world.start() == 5
    assert len(world.found(NAME)) == 3
    assert not world.file.exists()


async def test_one_changed_bit_and_it_is_none(world: World) -> None:
    whole = bytearray(world.file.read_bytes())
    whole[-3] ^= 1
    world.file.write_bytes(whole)
    assert await world.start() == 5


@pytest.mark.parametrize(
    "said",
    [{"format": 0}, {"code": "another"}, {"hash": "00" * 32}, {"position": 4}, {"position": 99}, {"key": "unknown"}, {"columns": {}}, {"position": "x"}, {"key": None}],
)  # fmt: skip
async def test_of_another_form_code_or_log_it_is_none(world: World, said: dict[str, object]) -> None:
    line, _, rest = world.file.read_bytes().partition(b"\n")
    world.file.write_bytes(orjson.dumps({**orjson.loads(line), **said}) + b"\n" + rest)
    assert await world.start() == 5
    assert len(world.found(NAME)) == 3


@pytest.mark.parametrize("field", ["key", "before"])
async def test_whoever_changes_its_first_line_destroys_no_other_key(world: World, field: str) -> None:
    line, _, rest = world.file.read_bytes().partition(b"\n")
    world.file.write_bytes(orjson.dumps({**orjson.loads(line), field: "listing-1"}) + b"\n" + rest)
    assert await world.start() == 5
    ref = key_ref("listing-1", "directory")
    assert (await world.service.vault.known([ref]))[ref] is not None
    assert len(world.found(NAME)) == 3


async def test_killed_while_writing_the_old_one_stands(world: World) -> None:
    whole = world.file.read_bytes()
    world.file.with_suffix(".new").write_bytes(whole[: len(whole) // 2])
    assert await world.start() == 0
    await world.delist(await world.add(6))
    await world.start()
    await world.stop()
    assert await world.start() == 0


async def test_no_name_stands_there_in_clear(world: World) -> None:
    kept = world.file.read_bytes().lower()
    assert NAME.lower().encode() not in kept
    words = await world.words(world.file.read_bytes(), world.key())
    assert words == ["kermarrec", "anne", "bruno", "claire"]
    assert world.file.stat().st_mode & 0o777 == 0o600


async def test_who_is_delisted_goes_from_the_next_one_and_from_every_copy_of_the_last(world: World) -> None:
    late = await world.add(5, "Le Goff")
    await world.delist(await world.add(6))
    await world.start()
    await world.stop()
    old, key = world.file.read_bytes(), world.key()
    assert "goff" in await world.words(old, key)
    await world.delist(late)
    await world.start()
    await world.stop()
    assert "goff" not in await world.words(world.file.read_bytes(), world.key())
    with pytest.raises(AssertionError, match="destroyed"):
        await world.words(old, key)


async def test_a_folder_that_takes_nothing_stops_no_search(service: InMemoryService, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")
    world = World(service, tmp_path / "index")
    await world.delist(await world.add(1))
    await world.add(2)
    await world.start()
    await world.stop()
    assert len(world.found(NAME)) == 1
