"""Documents as they are stored: personal fields sealed, bound to their place, and counted writes."""

import datetime as dt
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from shared.kernel import ERASED
from shared.personal_data import MemoryKeyStore, Vault
from shared.projections.documents import DocumentCodec, Held
from tests import toy

SUMMARY = toy.Summary(person_id="ann", label="hush", content=3)


@pytest.fixture
def vault() -> Vault:
    return Vault(MemoryKeyStore(), bytes(32))


@pytest.fixture
def codec(vault) -> DocumentCodec:
    return DocumentCodec(vault)


async def row_of(codec: DocumentCodec, document: toy.Summary = SUMMARY, writes: int = 0) -> dict[str, Any]:
    [row] = await codec.dump([Held(toy.summary, "ann", document, writes)])
    return row


async def test_a_row_holds_plain_fields_a_sealed_one_and_the_next_count_of_writes(codec):
    row = await row_of(codec, writes=4)
    assert {name: row[name] for name in row if name != "pii"} == {
        "_id": "ann",
        "_w": 5,
        "person_id": "ann",
        "content": 3,
        "events": 1,
    }
    assert row["pii"].keys() == {"label"}
    assert b"hush" not in row["pii"]["label"]["c"]


async def test_what_was_dumped_loads_again(codec):
    [held] = await codec.load(toy.summary, [await row_of(codec)])
    assert (held.key, held.document, held.writes, held.dirty) == ("ann", SUMMARY, 1, False)


async def test_a_ciphertext_moved_to_another_document_or_read_model_does_not_open(codec):
    row = await row_of(codec)
    moved = {**row, "_id": "bob"}
    with pytest.raises(InvalidTag):
        await codec.load(toy.summary, [moved])
    with pytest.raises(InvalidTag):
        await codec.load(toy.summary.at("toy_summary__v2"), [row])


async def test_an_erased_person_s_document_loads_with_the_typed_value(codec, vault):
    row = await row_of(codec)
    await vault.destroy("ann", "things", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    [held] = await codec.load(toy.summary, [row])
    assert held.document == SUMMARY.model_copy(update={"label": ERASED})
    again = await row_of(codec, held.document)
    assert again["pii"]["label"]["c"] is None
    assert (await codec.load(toy.summary, [again]))[0].document == held.document


async def test_a_row_that_cannot_be_read_fails_a_load_and_is_marked_by_an_open(codec):
    good = await row_of(codec)
    bad = {**good, "content": "many"}
    with pytest.raises(ValueError, match="content"):
        await codec.load(toy.summary, [good, bad])
    first, second = await codec.open(toy.summary, [good, bad])
    assert (first.document, first.error) == (SUMMARY, None)
    assert (second.document, second.writes, type(second.error).__name__) == (None, 1, "ValidationError")


async def test_a_deleted_document_has_a_row_of_its_key_alone(codec):
    assert await codec.dump([Held(toy.summary, "ann", None, 3)]) == [{"_id": "ann"}]
