"""Documents that were opened a moment ago: given again as long as nothing about them has changed, and no longer."""

from typing import Any

import pytest

from shared.kernel import ERASED
from shared.personal_data import MemoryKeyStore, Vault
from shared.projections.documents import Held
from shared.projections.remembered import SECONDS, RememberedDocuments
from tests import toy


class Watch:
    """A clock that is moved by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def vault() -> Vault:
    return Vault(MemoryKeyStore(), bytes(32))


@pytest.fixture
def documents(vault, watch) -> RememberedDocuments:
    return RememberedDocuments(vault, watch)


async def row_of(documents: RememberedDocuments, person: str = "ann", content: int = 3) -> dict[str, Any]:
    summary = toy.Summary(person_id=person, label="hush", content=content)
    [row] = await documents.dump([Held(toy.summary, person, summary, 0)])
    return row


async def opened(documents: RememberedDocuments, row: dict[str, Any]) -> Any:
    [held] = await documents.load(toy.summary, [dict(row)])
    return held.document


async def test_the_same_row_is_opened_once(documents):
    row = await row_of(documents)
    assert await opened(documents, row) is await opened(documents, row)


async def test_another_row_under_the_same_count_of_writes_is_another_document(documents):
    before, after = await row_of(documents), await row_of(documents, content=4)
    assert before["_w"] == after["_w"]
    assert [(await opened(documents, row)).content for row in (before, after, before)] == [3, 4, 3]


async def test_the_same_row_of_another_version_is_opened_for_itself(documents):
    row = {"_id": "ann", "_w": 1, "amount": 1, "count": 2}
    [one], [other] = [await documents.load(toy.heaps.at(name), [row]) for name in ("heaps__v1", "heaps__v2")]
    assert (one.document, one.document is other.document) == (other.document, False)


async def test_who_is_erased_is_erased_at_once(documents, vault):
    row = await row_of(documents)
    assert (await opened(documents, row)).label == "hush"
    await vault.destroy("ann", "things", toy.T0)
    assert (await opened(documents, row)).label is ERASED


async def test_what_cannot_be_read_is_said_each_time(documents):
    row = await row_of(documents)
    broken = {**row, "content": "many"}
    await opened(documents, row)
    held = [await documents.open(toy.summary, [broken]) for _ in range(2)]
    assert [one.error is not None for [one] in held] == [True, True]


async def test_nothing_plain_stays_longer_than_a_key(documents, watch):
    first, rows = await row_of(documents), [await row_of(documents, name) for name in ("bob", "eve")]
    before = await opened(documents, first)
    watch.time = SECONDS + 0.1
    for row in rows:
        await opened(documents, row)
    assert {key for _, key in documents._known} == {"bob", "eve"}
    assert await opened(documents, first) is not before


async def test_only_so_many_are_remembered(vault, watch):
    documents = RememberedDocuments(vault, watch, most=2)
    for name in ("ann", "bob", "eve", "joe"):
        await opened(documents, await row_of(documents, name))
    assert {key for _, key in documents._known} == {"bob", "eve", "joe"}
