"""The full nodes of a tree, kept as tiles: of eight levels only the lowest is stored, 256 hashes to a document."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from shared.mongo import Database, Session, UpdateOne
from shared.proofs.merkle import Node, node_hash

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
HASH: Final = 32
T = TypeVar("T")


class Tiles:
    """`proof_tiles {_id: "<tile level>/<index>", h: the hashes, one behind the other}`: derived, but never changed."""

    def __init__(self, database: Database) -> None:
        self._rows = database["proof_tiles"]

    async def put(self, nodes: Iterable[tuple[int, int, bytes]], session: Session | None = None) -> None:
        """Store nodes (level, index, hash), each level from where it ended; safe to repeat."""
        tiles: dict[str, dict[int, bytes]] = {}
        for level, index, value in nodes:
            if level % HEIGHT == 0:
                tiles.setdefault(_name(level, index // WIDTH), {})[index % WIDTH] = value
        if not tiles:
            return
        known = await self._load(tiles)
        updates = [
            UpdateOne({"_id": name}, {"$set": {"h": _laid(known.get(name, b""), new)}}, upsert=True)
            for name, new in tiles.items()
        ]
        await self._rows.bulk_write(updates, ordered=False, session=session)

    async def compute(self, function: Callable[[Node], T]) -> T:
        """What a function of nodes gives: it is run once to see which it asks for, and again when they are there."""
        wanted: set[str] = set()

        def noting(level: int, index: int) -> bytes:
            wanted.add(_name(level, (index << level % HEIGHT) // WIDTH))
            return bytes(HASH)

        function(noting)
        tiles = await self._load(wanted)
        return function(lambda level, index: _node(tiles, level, index))

    async def _load(self, names: Iterable[str]) -> dict[str, bytes]:
        rows = await self._rows.find({"_id": {"$in": list(names)}}).to_list(None)
        return {row["_id"]: bytes(row["h"]) for row in rows}


def _name(level: int, tile: int) -> str:
    return f"{level // HEIGHT}/{tile}"


def _laid(before: bytes, new: dict[int, bytes]) -> bytes:
    hashes = bytearray(before.ljust((max(new) + 1) * HASH, b"\0"))
    for place, value in new.items():
        hashes[place * HASH : (place + 1) * HASH] = value
    return bytes(hashes)


def _node(tiles: dict[str, bytes], level: int, index: int) -> bytes:
    """A node from the hashes below it in its tile.

    Raises:
        KeyError, ValueError: the tile is not there, or shorter than it must be.
    """
    height = level % HEIGHT
    first = index << height
    hashes = tiles[_name(level, first // WIDTH)]
    start = first % WIDTH
    row = [hashes[place * HASH : (place + 1) * HASH] for place in range(start, start + (1 << height))]
    if any(len(value) != HASH for value in row):
        raise ValueError(f"node {level}/{index} is not stored")
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]
