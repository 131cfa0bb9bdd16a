"""A random sample that anybody can draw again: the order is the hash of seed and id, nothing else is random."""

import hashlib
import heapq
from collections.abc import Iterable
from typing import Final

from shared.kernel import Value

ALGORITHM: Final = "the ids with the smallest SHA-256(seed + '|' + id), in hexadecimal, ascending; UTF-8"


class Draw(Value):
    """What was drawn, and from what."""

    seed: str
    population: int
    population_hash: str
    """SHA-256 of all ids, sorted, each followed by a line feed: that of the file that lists them."""
    ids: tuple[str, ...]


def rank(seed: str, identifier: str) -> str:
    """Where an id stands in the order of this seed."""
    return hashlib.sha256(f"{seed}|{identifier}".encode()).hexdigest()


def listing(ids: Iterable[str]) -> bytes:
    """The file of a population."""
    return "".join(f"{one}\n" for one in sorted(ids)).encode()


def draw(seed: str, size: int, ids: Iterable[str]) -> Draw:
    """So many of these ids, in the order in which they were drawn; all of them where there are fewer."""
    known = sorted(set(ids))
    drawn = heapq.nsmallest(size, known, key=lambda one: (rank(seed, one), one))
    digest = hashlib.sha256(listing(known)).hexdigest()
    return Draw(seed=seed, population=len(known), population_hash=digest, ids=tuple(drawn))
