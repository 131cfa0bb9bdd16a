"""The vault: a key per person and class, made once, destroyed for ever, wrapped where it lies."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from shared.mongo import Client
from shared.personal_data import KeyMissing, MemoryKeyStore, MongoKeyStore, Vault
from shared.personal_data.vault import CACHE_SECONDS, KeyStore, key_ref

KEK = bytes(range(32))
AT = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)


class RoomyKeys(MemoryKeyStore):
    """Gives way between reading and writing, as a database does, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.loads = 0

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        self.loads += 1
        found = await super().load(refs)
        await asyncio.sleep(0)
        return found


@pytest.fixture
def store() -> RoomyKeys:
    return RoomyKeys()


@pytest.fixture
def vault(store: RoomyKeys) -> Vault:
    return Vault(store, KEK)


@pytest.fixture
async def mongo_keys(mongo: Client) -> AsyncIterator[MongoKeyStore]:
    name = f"keys_{uuid.uuid4().hex[:12]}"
    yield MongoKeyStore(mongo, name)
    await mongo.drop_database(name)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
def any_store(request: pytest.FixtureRequest) -> KeyStore:
    found: KeyStore = RoomyKeys() if request.param == "memory" else request.getfixturevalue("mongo_keys")
    return found


async def test_a_key_is_made_once_whoever_asks_at_the_same_moment(any_store: KeyStore) -> None:
    vaults = [Vault(any_store, KEK) for _ in range(8)]
    found = await asyncio.gather(*(vault.ensure(["anne/care", "anne/account"]) for vault in vaults))
    assert len({keys["anne/care"] for keys in found}) == 1
    assert len({keys["anne/account"] for keys in found}) == 1
    assert found[0]["anne/care"] != found[0]["anne/account"]
    assert await Vault(any_store, KEK).keys(["anne/care", "anne/account"]) == found[0]


async def test_a_destroyed_key_is_never_made_again(any_store: KeyStore) -> None:
    vault = Vault(any_store, KEK)
    await vault.ensure(["anne/care"])
    await vault.destroy("anne", "care", AT)
    for reader in (vault, Vault(any_store, KEK)):
        assert await reader.ensure(["anne/care"]) == {"anne/care": None}
        assert await reader.keys(["anne/care"]) == {"anne/care": None}
        assert await reader.known(["anne/care"]) == {"anne/care": None}
    assert await any_store.load(["anne/care"]) == [{"_id": "anne/care", "destroyed_at": AT}]


async def test_a_key_can_be_destroyed_before_it_was_ever_made(any_store: KeyStore) -> None:
    await Vault(any_store, KEK).destroy("anne", "care", AT)
    assert await Vault(any_store, KEK).ensure(["anne/care"]) == {"anne/care": None}


async def test_many_keys_are_made_and_destroyed_at_once_and_those_of_others_are_kept(any_store: KeyStore) -> None:
    persons = [f"p{number}" for number in range(50)]
    before = await Vault(any_store, KEK).ensure(["p7/care", "p8/care"])
    await Vault(any_store, KEK).destroy("p9", "care", AT)
    made = await Vault(any_store, KEK).ensure([f"{person}/care" for person in persons])
    assert {ref: made[ref] for ref in before} == before
    assert made.pop("p9/care") is None
    assert len(set(made.values())) == 49
    vault = Vault(any_store, KEK)
    later = AT.replace(year=AT.year + 1)
    await vault.destroy_all(persons[5:12], "care", later)
    await vault.destroy_all([], "care", later)
    found = await vault.keys([f"{person}/care" for person in persons])
    assert [person for person in persons if found[f"{person}/care"] is None] == persons[5:12]
    rows = {row["_id"]: row.get("destroyed_at") for row in await any_store.load(["p8/care", "p9/care"])}
    assert rows == {"p8/care": later, "p9/care": AT}


async def test_a_key_that_was_never_made_is_missing_and_not_taken_for_destroyed(any_store: KeyStore) -> None:
    vault = Vault(any_store, KEK)
    await vault.ensure(["anne/care"])
    with pytest.raises(KeyMissing):
        await vault.keys(["anne/care", "paul/care"])
    assert set(await vault.known(["anne/care", "paul/care"])) == {"anne/care"}


async def test_what_lies_in_the_store_is_wrapped_and_bound_to_its_name(any_store: KeyStore) -> None:
    keys = await Vault(any_store, KEK).ensure(["anne/care"])
    [row] = await any_store.load(["anne/care"])
    assert set(row) == {"_id", "wrapped"}
    assert keys["anne/care"] not in row["wrapped"]
    await any_store.add([{"_id": "paul/care", "wrapped": row["wrapped"]}])
    with pytest.raises(InvalidTag):
        await Vault(any_store, KEK).keys(["paul/care"])
    with pytest.raises(InvalidTag):
        await Vault(any_store, bytes(32)).keys(["anne/care"])


async def test_keys_are_remembered_for_a_while(store: RoomyKeys, vault: Vault) -> None:
    first = await vault.ensure(["anne/care"])
    loads = store.loads
    assert [await vault.keys(["anne/care"]) for _ in range(5)] == [first] * 5
    assert await vault.ensure(["anne/care"]) == first
    assert store.loads == loads


async def test_a_key_destroyed_elsewhere_is_forgotten_within_a_minute(store: RoomyKeys, vault: Vault) -> None:
    await vault.ensure(["anne/care"])
    await Vault(store, KEK).destroy("anne", "care", AT)
    assert CACHE_SECONDS <= 60
    expires, key = vault._cache["anne/care"]
    vault._cache["anne/care"] = (expires - CACHE_SECONDS, key)
    assert await vault.keys(["anne/care"]) == {"anne/care": None}


async def test_the_one_who_destroys_forgets_at_once(vault: Vault) -> None:
    await vault.ensure(["anne/care"])
    await vault.destroy("anne", "care", AT)
    assert await vault.keys(["anne/care"]) == {"anne/care": None}


def test_a_vault_shows_no_key(vault: Vault) -> None:
    assert KEK.hex() not in repr(vars(vault))
    assert key_ref("anne", "care") == "anne/care"
