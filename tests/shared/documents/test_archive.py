"""Files outside the log: whole, encrypted, each person's own, and gone with the key."""

import datetime as dt
import hashlib
import uuid
from collections.abc import AsyncIterator

import pytest
from cryptography.exceptions import InvalidTag

from shared.documents import Archive, OwnerErased, TooLarge
from shared.documents.archive import CHUNK, LIMIT
from shared.mongo import Client, Database
from shared.personal_data import MemoryKeyStore, Vault

pytestmark = pytest.mark.connected

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
ANNE = {"person_id": "anne", "retention": "cards"}
PAUL = {"person_id": "paul", "retention": "cards"}
PDF = "application/pdf"


@pytest.fixture
async def database(mongo: Client) -> AsyncIterator[Database]:
    name = f"archive_{uuid.uuid4().hex[:12]}"
    yield mongo[name]
    await mongo.drop_database(name)


@pytest.fixture
def vault() -> Vault:
    return Vault(MemoryKeyStore(), bytes(32))


@pytest.fixture
async def archive(database: Database, vault: Vault) -> Archive:
    found = Archive(database, vault)
    await found.prepare()
    return found


async def everything(database: Database) -> bytes:
    rows = [*await database["files"].find().to_list(None), *await database["file_chunks"].find().to_list(None)]
    return repr(rows).encode()


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 7])
async def test_what_is_put_comes_back_whole(archive: Archive, size: int) -> None:
    content = bytes(index % 251 for index in range(1009)) * (size // 1009 + 1)
    sha256 = await archive.put(content[:size], **ANNE, media_type=PDF)
    assert sha256 == hashlib.sha256(content[:size]).hexdigest()
    assert await archive.get(sha256, **ANNE) == (content[:size], PDF)


async def test_put_twice_it_is_kept_once(archive: Archive, database: Database) -> None:
    assert await archive.put(b"a photo", **ANNE, media_type=PDF) == await archive.put(
        b"a photo", **ANNE, media_type=PDF
    )
    assert await database["files"].count_documents({}) == 1


async def test_the_same_content_of_two_persons_does_not_meet(archive: Archive, database: Database) -> None:
    sha256 = await archive.put(b"a photo", **ANNE, media_type=PDF)
    assert await archive.get(sha256, **PAUL) is None
    await archive.put(b"a photo", **PAUL, media_type=PDF)
    assert await database["files"].count_documents({}) == 2
    await archive.delete(sha256, **ANNE)
    assert await archive.get(sha256, **ANNE) is None
    assert await archive.get(sha256, **PAUL) == (b"a photo", PDF)
    assert await database["file_chunks"].count_documents({}) == 1


async def test_nothing_of_the_content_stands_in_the_database(archive: Archive, database: Database) -> None:
    sha256 = await archive.put(b"Kanarienvogel", **ANNE, media_type=PDF)
    kept = await everything(database)
    assert b"Kanarienvogel" not in kept
    assert sha256.encode() not in kept


async def test_with_its_key_destroyed_a_file_is_gone_and_none_is_taken(archive: Archive, vault: Vault) -> None:
    sha256 = await archive.put(b"a photo", **ANNE, media_type=PDF)
    await vault.destroy("anne", "cards", NOW)
    assert await archive.get(sha256, **ANNE) is None
    with pytest.raises(OwnerErased):
        await archive.put(b"another", **ANNE, media_type=PDF)
    await archive.delete(sha256, **ANNE)


async def test_what_a_destroyed_key_leaves_can_be_purged(archive: Archive, vault: Vault, database: Database) -> None:
    await archive.put(b"a photo", **ANNE, media_type=PDF)
    await archive.put(b"a paper", **ANNE, media_type=PDF)
    sha256 = await archive.put(b"a photo", **PAUL, media_type=PDF)
    await vault.destroy("anne", "cards", NOW)
    assert await archive.purge(**ANNE) == 2
    assert await database["file_chunks"].count_documents({}) == 1
    assert await archive.get(sha256, **PAUL) is not None


async def test_more_than_the_limit_is_refused(archive: Archive, database: Database) -> None:
    await archive.put(bytes(LIMIT), **ANNE, media_type=PDF)
    with pytest.raises(TooLarge):
        await archive.put(bytes(LIMIT + 1), **ANNE, media_type=PDF)
    assert await database["files"].count_documents({}) == 1


async def test_a_file_whose_last_part_was_never_written_is_not_there(archive: Archive, database: Database) -> None:
    sha256 = await archive.put(b"a photo", **ANNE, media_type=PDF)
    await database["files"].delete_many({})
    assert await archive.get(sha256, **ANNE) is None
    await archive.put(b"a photo", **ANNE, media_type=PDF)
    assert await archive.get(sha256, **ANNE) == (b"a photo", PDF)


async def test_a_changed_or_moved_part_does_not_open(archive: Archive, database: Database) -> None:
    sha256 = await archive.put(b"a" * CHUNK + b"b" * CHUNK, **ANNE, media_type=PDF)
    first, second = await database["file_chunks"].find().sort("_id", 1).to_list(None)
    await database["file_chunks"].update_one({"_id": first["_id"]}, {"$set": {"c": second["c"]}})
    with pytest.raises(InvalidTag):
        await archive.get(sha256, **ANNE)


async def test_a_class_never_used_has_no_files(archive: Archive) -> None:
    assert await archive.get("00" * 32, person_id="nobody", retention="cards") is None
