"""What somebody who writes the database may do to a log; where he can, he makes positions and hashes fit again."""

from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.event_store import chain
from shared.proofs.checkpointer import NEWEST
from shared.proofs.checkpoints import Checkpoint, sign
from tests.shared.proofs.forgeries import THIEF
from tests.shared.proofs.signed_log import KEY, ORIGIN, SignedLog

Log = list[dict[str, Any]]


async def _change(log: SignedLog, position: int, **fields: Any) -> None:
    await log.database["commits"].update_one({"_id": position}, {"$set": fields})


async def value(log: SignedLog) -> None:
    await _change(log, 1, **{"ev.0.data.amount": 10**6})


async def ciphertext(log: SignedLog) -> None:
    await _change(log, 1, **{"ev.0.pii": {"label": {"k": "other", "c": b"\0" * 30}}})


async def actor(log: SignedLog) -> None:
    await _change(log, 1, **{"meta.actor": "another"})


async def time(log: SignedLog) -> None:
    await _change(log, 6, at=chain.GENESIS.at)


async def reordered(log: SignedLog) -> None:
    row: Any = await log.database["commits"].find_one({"_id": 1})
    await _change(log, 1, ev=row["ev"][::-1])


async def other_stream(log: SignedLog) -> None:
    await _change(log, 6, s="box:hidden")


async def tail(log: SignedLog) -> None:
    await log.database["commits"].delete_many({"_id": {"$gte": 12}})


async def swapped(log: SignedLog) -> None:
    first, second = [await log.database["commits"].find_one({"_id": number}) for number in (2, 3)]
    await log.database["commits"].delete_many({"_id": {"$in": [2, 3]}})
    await log.database["commits"].insert_many([first | {"_id": 3}, second | {"_id": 2}])


async def _laid_anew(log: SignedLog, change: Callable[[Log], None], *, chained: bool) -> None:
    """Other commits at positions 1, 2, 3 …; `chained`: with hashes that fit."""
    rows: Log = await log.database["commits"].find().sort("_id").to_list(None)
    change(rows)
    head = chain.GENESIS
    for position, row in enumerate(rows, 1):
        row["_id"] = position
        if chained:
            row["ph"] = head.hash
            row["h"] = chain.commit_hash(row, chain.body_digest(row)[0])  # type: ignore[arg-type]
            head = chain.head_of(row)  # type: ignore[arg-type]
    await log.database["commits"].delete_many({})
    await log.database["commits"].insert_many(rows)


def _removed(rows: Log) -> None:
    del rows[5]  # of the exported stream


def _removed_elsewhere(rows: Log) -> None:
    del rows[3]


def _inserted(rows: Log) -> None:
    rows.insert(4, {**rows[4], "s": "box:inserted", "cmd": "made-up"})


def _doubled(rows: Log) -> None:
    rows.insert(6, {**rows[5], "cmd": "made-up", "s": "box:mine", "v0": 100})


def _changed(rows: Log) -> None:
    rows[0]["ev"][0]["data"]["amount"] = 10**6


def _exchanged(rows: Log) -> None:
    rows[1], rows[2] = rows[2], rows[1]


def _laid(name: str, change: Callable[[Log], None], *, chained: bool) -> Any:
    async def tamper(log: SignedLog) -> None:
        await _laid_anew(log, change, chained=chained)

    tamper.__name__ = f"{name}{'_with_new_hashes' if chained else ''}"
    return tamper


rewritten = _laid("changed", _changed, chained=True)


async def old_backup(log: SignedLog) -> None:
    """The database as it was when five commits were signed, its checkpoints included."""
    await log.database["commits"].delete_many({"_id": {"$gt": 5}})
    await log.database["checkpoints"].delete_many({"_id": {"$gt": 5}})
    await _newest(log, (await log.database["checkpoints"].find_one({"_id": 5}) or {})["note"])


async def two_of_one_size(log: SignedLog) -> None:
    """By who holds the key."""
    note = sign(Checkpoint(ORIGIN, 5, bytes(32), chain.GENESIS.at), KEY)
    await log.database["checkpoints"].insert_one({"_id": 6, "note": note})


async def signed_by(log: SignedLog, key: Ed25519PrivateKey = THIEF) -> None:
    """All its checkpoints, by a key of his own."""
    for checkpoint in log.notes():
        note = sign(checkpoint, key)
        await log.database["checkpoints"].replace_one({"_id": checkpoint.size}, {"note": note})
        await _newest(log, note)


async def _newest(log: SignedLog, note: str) -> None:
    await log.database["checkpoints"].replace_one({"_id": NEWEST}, {"note": note})


TAMPERINGS = [
    value,
    ciphertext,
    actor,
    time,
    reordered,
    other_stream,
    tail,
    swapped,
    *(
        _laid(change.__name__[1:], change, chained=chained)
        for change in (_removed, _removed_elsewhere, _inserted, _doubled, _exchanged)
        for chained in (False, True)
    ),
    rewritten,
    old_backup,
    two_of_one_size,
]
