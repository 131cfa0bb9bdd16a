"""A file against the one before: exactly what differs becomes an event, whatever interrupts it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.geo.directory.entries import Entry
from services.geo.directory.importing import Importer
from services.geo.directory.staging import Base
from services.geo.directory.taking import Report
from services.geo.domain.facts import Kind, Precision, Source
from services.geo.domain.ids import FileId
from services.geo.main import definition
from services.geo.read_models.places import places
from shared.kernel import ERASED, Rejected
from shared.testing.clock import HandClock
from tests.services.geo.sample import AS_OF, AT, Secrets
from tests.services.in_memory import InMemoryService

Rows = Mapping[str, tuple[str, int]]
"""What a source calls a place → the surname there, and how far north it lies."""
BATCH = 20
HUNDRED: Rows = {f"p{number}": ("MARTIN", number) for number in range(100)}


class Written:
    """A file made up by a test. A row without a surname is one that is set aside."""

    source = Source.RPPS

    def __init__(self, rows: Rows, *, cut: int = 0) -> None:
        self._rows = list(rows.items())
        self._cut = cut
        self.read = 0

    def rows(self) -> Iterator[tuple[int, Any]]:
        yield from enumerate(self._rows, start=2)

    def entry(self, raw: tuple[str, tuple[str, int]]) -> Entry:
        key, (surname, north) = raw
        self.read += 1
        if self._cut and self.read > self._cut:
            raise RuntimeError("cut off")
        if not surname:
            raise Rejected("row-incomplete")
        facts = {"kind": Kind.DOCTOR, "activity": "Médecin"}
        return Entry(key, facts, {"surname": surname}, (43_000_000 + north, 5_000_000, Precision.ADDRESS))


class Taking:
    """Takes files made up by a test, one a day."""

    def __init__(self, importer: Importer, service: InMemoryService) -> None:
        self.importer = importer
        self.service = service
        self.day = 0

    async def __call__(self, rows: Rows, file: str = "", *, same_day: bool = False, cut: int = 0) -> Report:
        self.day += not same_day
        self.last = Written(rows, cut=cut)
        as_of = AS_OF + dt.timedelta(days=self.day)
        name = FileId((file or str(self.day)).rjust(64, "0"))
        return await self.importer.take(self.last, name, as_of)

    def new(self, since: int) -> Counter[str]:
        return Counter(self.service.types()[since:])

    async def listed(self) -> dict[str, tuple[Any, int]]:
        found = (await self.service.queries.all(places)).values()
        return {
            one.place_id: (one.practitioner.surname, round(one.where.coordinates[1] * 1e6) - 43_000_000)
            for one in found
            if one.fingerprint and one.where and one.practitioner and one.practitioner is not ERASED
        }


@pytest.fixture
def take(importer: Importer, service: InMemoryService) -> Taking:
    return Taking(importer, service)


async def test_the_first_file_lists_all(take: Taking) -> None:
    report = await take(HUNDRED)
    assert (report.state, report.tally.rows, report.tally.listed) == ("taken", 100, 100)
    assert take.new(0) == {"PlaceListed": 100, "FileTaken": 1}


async def test_the_same_file_again_is_no_event_at_all(take: Taking) -> None:
    await take(HUNDRED, "a")
    before = len(take.service.store.commits)
    report = await take(HUNDRED, "a")
    assert (report.state, report.tally.unchanged) == ("unchanged", 100)
    assert len(take.service.store.commits) == before
    assert take.last.read == 100, "each row is read once, none is decided"


async def test_a_changed_file_is_exactly_its_changes(take: Taking) -> None:
    await take(HUNDRED)
    before = len(take.service.types())
    rows = {**HUNDRED, "p1": ("DURAND", 1), "p2": ("MARTIN", 7), "p3": ("DURAND", 8), "new": ("MARTIN", 3)}
    del rows["p50"]
    report = await take(rows)
    assert (report.tally.listed, report.tally.changed, report.tally.delisted, report.tally.unchanged) == (1, 3, 1, 96)
    assert take.new(before) == {
        "PlaceListed": 1,
        "PlaceChanged": 2,
        "PlaceMoved": 2,
        "PlaceDelisted": 1,
        "FileTaken": 1,
    }


async def test_who_is_delisted_is_erased_and_comes_back_under_a_new_key(take: Taking) -> None:
    await take(HUNDRED)
    without = {key: row for key, row in HUNDRED.items() if key != "p5"}
    await take(without)
    listed = [event for event in await take.service.events() if type(event).__name__ == "PlaceListed"]
    assert [event.practitioner for event in listed].count(ERASED) == 1
    await take(HUNDRED)
    assert len(await take.listed()) == 100
    listed = [event for event in await take.service.events() if type(event).__name__ == "PlaceListed"]
    assert [event.practitioner is ERASED for event in listed].count(True) == 1
    assert len({event.listing_id for event in listed}) == 101


async def test_a_file_that_would_delist_too_many_waits_for_a_confirmation(take: Taking) -> None:
    await take(HUNDRED)
    few = dict(list(HUNDRED.items())[:79])
    before = len(take.service.types())
    held = await take(few, "few")
    assert (held.state, held.tally.delisted) == ("held", 21)
    assert take.new(before) == {"FileHeld": 1}
    assert len(await take.listed()) == 100
    await take.importer.confirm(Source.RPPS, held.file, "agent-1")
    assert (await take(few, "few")).state == "taken"
    assert len(await take.listed()) == 79


async def test_a_share_that_is_usual_goes_through(take: Taking) -> None:
    await take(HUNDRED)
    assert (await take(dict(list(HUNDRED.items())[:80]))).state == "taken"


async def test_nothing_is_confirmed_that_does_not_wait(take: Taking) -> None:
    with pytest.raises(Rejected, match="file-not-held"):
        await take.importer.confirm(Source.RPPS, FileId("1" * 64), "agent-1")


async def test_an_older_file_is_refused(take: Taking) -> None:
    await take(HUNDRED)
    take.day -= 2
    with pytest.raises(Rejected, match="file-older"):
        await take({})


async def test_bad_and_repeated_rows_are_counted_and_stop_no_other(take: Taking) -> None:
    report = await take({**HUNDRED, "p3": ("", 0)})
    assert report.tally.set_aside == {"row-incomplete": 1}
    assert [(row.row, row.reason) for row in report.set_aside] == [(5, "row-incomplete")]
    assert report.tally.listed == 99


async def test_a_row_that_comes_twice_counts_once(importer: Importer, service: InMemoryService) -> None:
    class Twice(Written):
        def rows(self) -> Iterator[tuple[int, Any]]:
            yield 2, ("p1", ("MARTIN", 1))
            yield 3, ("p1", ("DURAND", 2))

    report = await importer.take(Twice({}), FileId("1" * 64), AS_OF)
    assert (report.tally.listed, report.tally.set_aside) == (1, {"row-repeated": 1})
    assert service.types() == ["PlaceListed", "FileTaken"]


@pytest.mark.parametrize("cut", [1, BATCH - 1, BATCH + 1, 3 * BATCH + 5, 4 * BATCH, 5 * BATCH + 1])
async def test_cut_off_anywhere_and_taken_again_it_ends_the_same(take: Taking, cut: int) -> None:
    rows = {f"p{number}": ("MARTIN", number) for number in range(3 * BATCH)}
    with pytest.raises(RuntimeError):
        await take(rows, "a", cut=cut)
    report = await take(rows, "a", same_day=True)
    assert report.state == "taken"
    assert take.new(0) == {"PlaceListed": 3 * BATCH, "FileTaken": 1}
    assert len(await take.listed()) == 3 * BATCH


async def test_a_delisting_cut_off_before_the_erasure_is_made_good_by_the_next_file(take: Taking) -> None:
    class Deaf:
        def __init__(self, vault: Any) -> None:
            self.vault = vault

        async def destroy_all(self, *_: Any) -> None:
            raise RuntimeError("cut off")

    await take(HUNDRED)
    vault = take.service.vault
    without = {key: row for key, row in HUNDRED.items() if key != "p5"}
    take.service.vault = Deaf(vault)  # type: ignore[assignment]
    with pytest.raises(RuntimeError):
        await take(without, "b")
    take.service.vault = vault
    await take(without, "b", same_day=True)
    listed = [event for event in await take.service.events() if type(event).__name__ == "PlaceListed"]
    assert [event.practitioner for event in listed].count(ERASED) == 1


async def test_the_same_bytes_after_another_file_are_taken_again(take: Taking) -> None:
    other = {**HUNDRED, "p1": ("DURAND", 1)}
    for rows, name in ((HUNDRED, "a"), (other, "b"), (HUNDRED, "a"), (other, "b"), (HUNDRED, "a")):
        assert (await take(rows, name)).state == "taken"
        names = Counter(name for name, _ in (await take.listed()).values())
        assert names["DURAND"] == (rows is other)


async def test_ids_do_not_tell_what_they_stand_for(take: Taking, tmp_path: Path, service: InMemoryService) -> None:
    await take(HUNDRED)
    assert not list((tmp_path / "staging").glob("*")), "nothing is left on the disk"
    one = await take.listed()
    other = Taking(Importer(take.importer._service, take.importer._bases, b"k" * 32, tmp_path, 1.0), service)
    await other(HUNDRED)
    assert not set(one) & set(await other.listed())


rows = st.dictionaries(
    st.sampled_from([f"p{number}" for number in range(8)]),
    st.tuples(st.sampled_from(["MARTIN", "DURAND", ""]), st.integers(0, 3)),
)


@given(files=st.lists(rows, min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_after_any_files_the_directory_is_the_last_one(files: list[Rows], tmp_path: Path) -> None:
    service = InMemoryService(definition(Secrets()), HandClock(AT))  # type: ignore[arg-type]

    async def bases(_: Source) -> Any:
        found = (await service.queries.all(places)).values()
        yield [Base.of(one.place_id, one.fingerprint, one.version, one.listing_id) for one in found]

    take = Taking(Importer(service, bases, bytes(32), tmp_path, 1.0, batch=3), service)
    for file in files:
        await take(file)
        wanted = sorted(row for row in file.values() if row[0])
        assert sorted((await take.listed()).values()) == wanted
    before = len(service.types())
    await take(files[-1])
    assert take.new(before).keys() <= {"FileTaken"}
