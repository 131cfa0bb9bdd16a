"""Somebody who was erased comes back: what is gone stays gone, what he says from now on is kept under another key."""

import datetime as dt

import pytest

from shared.kernel import ERASED
from shared.personal_data import MemoryKeyStore, Vault, open_fields, seal
from shared.personal_data.vault import KeyStore, live
from tests import toy
from tests.shared.personal_data.test_vault import KEK, any_store, mongo_keys

__all__ = ["any_store", "mongo_keys"]

AT = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=30)
REF = "anne/things"


def opened(label: str) -> dict[str, str]:
    return {"person_id": "anne", "label": label, "at": AT.isoformat()}


async def written(vault: Vault, label: str) -> object:
    _, sealed = seal(toy.BoxOpened, opened(label), await vault.ensure([REF]), "box:anne|1")
    return sealed


async def read(vault: Vault, sealed: object) -> object:
    assert isinstance(sealed, dict)
    keys = await vault.keys(entry["k"] for entry in sealed.values())
    return open_fields(sealed, keys, "box:anne|1")["label"]


async def test_old_values_stay_erased_and_new_ones_are_kept(any_store: KeyStore) -> None:
    vault, other = Vault(any_store, KEK), Vault(any_store, KEK)
    first = await written(vault, "first")
    assert await read(other, first) == "first"  # and remembers the key for a while
    await vault.destroy("anne", "things", AT)
    assert await read(vault, await written(vault, "lost")) is ERASED
    await vault.renew("anne", "things", LATER)
    second = await written(vault, "second")
    assert [await read(vault, one) for one in (first, second)] == [ERASED, "second"]
    assert await read(Vault(any_store, KEK), second) == "second"


async def test_renewed_twice_it_is_one_key(any_store: KeyStore) -> None:
    vault = Vault(any_store, KEK)
    await vault.renew("anne", "things", AT)  # never destroyed: nothing to renew
    await vault.destroy("anne", "things", AT)
    for _ in range(2):
        await vault.renew("anne", "things", LATER)
    keys = await vault.ensure([REF])
    assert (sorted(keys), live(keys, REF)) == ([REF, f"{REF}~2"], f"{REF}~2")


async def test_an_order_that_is_repeated_late_spares_the_new_key(any_store: KeyStore) -> None:
    vault = Vault(any_store, KEK)
    await written(vault, "first")
    await vault.destroy("anne", "things", AT)
    await vault.renew("anne", "things", LATER)
    second = await written(vault, "second")
    await Vault(any_store, KEK).destroy("anne", "things", AT)
    assert await read(Vault(any_store, KEK), second) == "second"
    await vault.destroy("anne", "things", LATER)
    assert await read(Vault(any_store, KEK), second) is ERASED


async def test_a_second_time(any_store: KeyStore) -> None:
    vault = Vault(any_store, KEK)
    await vault.ensure([REF])
    for number in range(2, 5):
        await vault.destroy("anne", "things", AT + dt.timedelta(days=number))
        await vault.renew("anne", "things", AT + dt.timedelta(days=number))
        assert live(await vault.ensure([REF]), REF) == f"{REF}~{number}"


async def test_what_somebody_remembers_does_not_outlast_the_return() -> None:
    store = MemoryKeyStore()
    erasing, serving = Vault(store, KEK), Vault(store, KEK)
    await serving.ensure([REF])
    await erasing.destroy("anne", "things", AT)
    await serving.renew("anne", "things", LATER)  # it still held the old key in memory
    sealed = await written(serving, "new")
    assert await read(Vault(store, KEK), sealed) == "new"


@pytest.mark.parametrize("ref", ["bob/things", "anne/care"])
async def test_nobody_else_has_another_key(ref: str) -> None:
    vault = Vault(MemoryKeyStore(), KEK)
    await vault.destroy("anne", "things", AT)
    await vault.renew("anne", "things", LATER)
    keys = await vault.ensure([ref])
    assert list(keys) == [ref]
