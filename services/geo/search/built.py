"""What is built from the rows at one moment: trees, and the ways back from an id and from a word."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from services.geo.domain.facts import Kind
from services.geo.search.shelves import ID_BYTES, KINDS, NOWHERE, Rows, Slots, sphere

Tree: TypeAlias = "cKDTree[Any, Any]"


@dataclass(frozen=True)
class Built:
    """What was built from the first `slots` slots."""

    slots: int = 0
    points: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    shelves: dict[Kind, tuple[Slots, Tree]] = field(default_factory=dict)
    order: Slots = field(default_factory=lambda: np.zeros(0, np.int64))
    """Slots by the first half of their place's id."""
    halves: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    word: Slots = field(default_factory=lambda: np.zeros(0, np.int64))
    worded: Slots = field(default_factory=lambda: np.zeros(0, np.int64))
    """Slots by the words that they bear, and those words."""
    person: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    persons: Slots = field(default_factory=lambda: np.zeros(0, np.int64))
    """Slots of persons by their traces, and those traces."""

    def of_person(self, trace: int) -> list[int]:
        """Slots that bear a trace, retired ones too."""
        wanted = np.uint64(trace)
        first = last = int(self.person.searchsorted(wanted))
        while last < len(self.person) and self.person[last] == wanted:
            last += 1
        found: list[int] = self.persons[first:last].tolist()
        return found


def build(rows: Rows) -> Built:
    """All of it, from the slots that there are."""
    kind = np.array(rows.kind, np.int8)
    latitude, longitude = np.array(rows.latitude, np.int32), np.array(rows.longitude, np.int32)
    points = sphere(latitude, longitude)
    placed = latitude != NOWHERE
    shelves: dict[Kind, tuple[Slots, Tree]] = {}
    for number, name in enumerate(KINDS):
        slots = np.nonzero((kind == number) & placed)[0]
        if len(slots):
            shelves[name] = (slots, cKDTree(points[slots], balanced_tree=False, compact_nodes=False))
    halves = np.frombuffer(bytes(rows.ids), dtype=">u8").reshape(-1, ID_BYTES // 8)[:, 0].astype(np.uint64)
    order = np.argsort(halves, kind="stable")
    words, worded = np.array(rows.word, np.int64), np.array(rows.worded, np.int64)
    by_word = np.argsort(words, kind="stable")
    person = np.array(rows.person, np.uint64)
    persons = np.nonzero(person)[0]
    persons = persons[np.argsort(person[persons], kind="stable")]
    return Built(
        len(kind), points, shelves, order, halves[order], words[by_word], worded[by_word], person[persons], persons
    )
