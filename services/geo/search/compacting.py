"""Rows ↔ plain columns of bytes: without retired slots, and without words and sites that only those had."""

from array import array
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from services.geo.search.names import Names
from services.geo.search.shelves import ID_BYTES, Rows

Columns = dict[str, bytes]
PLAIN: Final = (
    "latitude", "longitude", "source", "kind", "speciality", "flags", "person", "spot", "told", "specialities",
)  # fmt: skip
"""One number for each slot, which means the same in any other slot."""


def columns_of(rows: Rows) -> Columns:
    """All that a search can find, and no word of anybody who is gone."""
    live = np.array(rows.kind, np.int8) >= 0
    slots = np.cumsum(live) - 1
    found = {name: _values(rows, name)[live].tobytes() for name in PLAIN}
    found["ids"] = np.array(rows.ids, np.uint8).reshape(-1, ID_BYTES)[live].tobytes()
    worded, word = _values(rows, "worded"), _values(rows, "word")
    borne = live[worded]
    numbers, renumbered = np.unique(word[borne], return_inverse=True)
    found["word"] = renumbered.astype(np.uint32).tobytes()
    found["worded"] = slots[worded[borne]].astype(np.uint32).tobytes()
    found["words"] = orjson.dumps(rows.names.words(numbers.tolist()))
    found |= _sites(rows, _values(rows, "twin")[live])
    return found


def _sites(rows: Rows, twins: npt.NDArray[Any]) -> Columns:
    """Sites by number, from 1 on; 0 is none."""
    texts = ["", *rows.sites]
    numbers, renumbered = np.unique(np.append(twins >> 1, 0), return_inverse=True)
    twin = 2 * renumbered[:-1] + (twins & 1)
    return {
        "twin": twin.astype(np.uint32).tobytes(),
        "sites": orjson.dumps([texts[number] for number in numbers.tolist() if number]),
    }


def rows_of(columns: Mapping[str, bytes]) -> Rows:
    """The rows again.

    Raises:
        ValueError: they do not belong together.
    """
    rows = Rows(names=Names(orjson.loads(columns["words"])), ids=bytearray(columns["ids"]))
    rows.sites.update({site: number for number, site in enumerate(orjson.loads(columns["sites"]), start=1)})
    for name in (*PLAIN, "word", "worded", "twin"):
        getattr(rows, name).frombytes(columns[name])
    lengths = {len(getattr(rows, name)) for name in (*PLAIN, "twin")} | {len(rows.ids) // ID_BYTES}
    if len(lengths) != 1 or len(rows.word) != len(rows.worded):
        raise ValueError("columns of different lengths")
    return rows


def _values(rows: Rows, name: str) -> npt.NDArray[Any]:
    """A copy: the rows may grow while it is looked at."""
    column: array[int] = getattr(rows, name)
    return np.array(np.frombuffer(column, np.dtype(column.typecode)))
