"""What a query reads: the live version, after the caller's own writes, and never held back by others'."""

import asyncio
import time
from dataclasses import replace

import pytest

from shared.projections.queries import Written
from shared.service import Service
from tests import toy
from tests.shared.toybox import box, fill, log_of, opened_and_filled, put


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7@box:a", Written("box:a", 7)),
        ("7@box:a@b", Written("box:a@b", 7)),
        (None, None),
        ("", None),
        ("7@", None),
        ("@box:a", None),
        ("-7@box:a", None),
        ("seven@box:a", None),
        ("box:a", None),
    ],
)
def test_a_clients_written_header_is_read_or_counts_as_absent(text, expected):
    assert Written.parse(text) == expected
    assert expected is None or Written.parse(str(expected)) == expected


@pytest.fixture
async def service(make_service) -> Service:
    found = await make_service(toy.definition())
    await fill(found, [opened_and_filled(name, 1, 2) for name in ("a", "b", "c")])
    await found.projector([toy.summary, toy.heaps]).apply(await log_of(found))
    return found


@pytest.mark.connected
async def test_one_document_by_key_and_several_by_their_plain_fields_in_order(service):
    assert (await service.queries.get(toy.summary, "b")).content == 3
    assert await service.queries.get(toy.summary, "nobody") is None
    found = await service.queries.find(toy.summary, content=3)
    assert [one.person_id for one in found] == ["a", "b", "c"]
    assert [one.person_id for one in await service.queries.find(toy.summary, limit=2, content=3)] == ["a", "b"]
    assert await service.queries.find(toy.summary, person_id="c", content=4) == []


@pytest.mark.connected
async def test_the_newest_come_first_page_by_page_and_are_counted(make_service):
    dated = replace(toy.summary, indexes=("content,person_id",))
    service = await make_service(toy.definition(projections=[dated]))
    await fill(service, [opened_and_filled(name, 1, 2) for name in "edcba"])
    await service.projector([dated]).apply(await log_of(service))
    seen, place = [], None
    while page := await service.queries.newest(dated, "person_id", 2, place, content=3):
        seen += [one.person_id for one in page]
        place = (page[-1].person_id, page[-1].person_id)
    assert seen == ["e", "d", "c", "b", "a"]
    assert (await service.queries.count(dated, content=3), await service.queries.count(dated, content=4)) == (5, 0)
    assert await service.queries.count(dated, limit=2, content=3) == 2
    indexes = await service.database[dated.id].index_information()
    assert [("content", 1), ("person_id", 1)] in [list(map(tuple, one["key"])) for one in indexes.values()]


@pytest.mark.connected
async def test_a_query_reads_the_live_version_whatever_version_its_code_knows(service):
    newer = replace(toy.summary, version=2)
    assert (await service.queries.get(newer, "a")).content == 3
    await service.pointers.flip(newer)
    assert await service.queries.get(newer, "a") is None


@pytest.mark.connected
async def test_nothing_written_means_no_wait(service):
    assert await service.queries.wait(toy.summary, None) == 0


@pytest.mark.connected
async def test_a_query_waits_for_its_own_stream_and_not_for_others_that_are_behind(service):
    for name in ("a", "b"):
        await put(service, name, 5)
    mine = [one for one in await log_of(service) if one.stream == box("a")]
    waiting = asyncio.create_task(service.queries.wait(toy.summary, Written(box("a"), 4), patience=10))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await service.projector([toy.summary]).apply(mine)
    assert await asyncio.wait_for(waiting, 5) == 0
    assert await service.queries.wait(toy.summary, Written(box("b"), 4), patience=0.05) == 1


@pytest.mark.connected
async def test_after_the_patience_a_query_says_how_many_versions_are_missing(service):
    started = time.monotonic()
    assert await service.queries.wait(toy.summary, Written(box("a"), 9), patience=0.3) == 6
    assert 0.3 <= time.monotonic() - started < 2
    assert await service.queries.wait(toy.summary, Written(box("nobody"), 2), patience=0) == 2


@pytest.mark.connected
async def test_a_query_waits_for_the_version_that_readers_see(service):
    newer = replace(toy.summary, version=2)
    assert await service.queries.wait(newer, Written(box("a"), 3), patience=0) == 0
    await service.pointers.flip(newer)
    assert await service.queries.wait(newer, Written(box("a"), 3), patience=0) == 3
