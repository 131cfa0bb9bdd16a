"""Two states of a source side by side on disk, the directory's and the file's: ids and fingerprints only."""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -32000;
CREATE TABLE base (id BLOB PRIMARY KEY, fingerprint BLOB, version INTEGER, listing TEXT) WITHOUT ROWID;
CREATE TABLE file (id BLOB PRIMARY KEY, fingerprint BLOB, row INTEGER) WITHOUT ROWID;
"""


class Base(NamedTuple):
    """A place as the directory has it; without fingerprint it is not listed."""

    id: bytes
    fingerprint: bytes | None
    version: int
    listing: str

    @classmethod
    def of(cls, place_id: str, fingerprint: str | None, version: int, listing: str) -> "Base":
        """From the read model's texts."""
        return cls(uuid.UUID(place_id).bytes, bytes.fromhex(fingerprint) if fingerprint else None, version, listing)


class Known(NamedTuple):
    """What must be done for a row of the file, and the version its stream has."""

    version: int
    listed: bool


class Staging:
    """One comparison; it leaves nothing behind but its file, which `close` removes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        self._path = file
        self._db = sqlite3.connect(file)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()
        self._path.unlink(missing_ok=True)

    def add_base(self, rows: Iterable[Base]) -> None:
        self._db.executemany("INSERT INTO base VALUES (?, ?, ?, ?)", rows)

    def add_file(self, rows: Sequence[tuple[bytes, bytes, int]]) -> int:
        """Note rows of the file; how many of them stood there already: the first of each id counts."""
        before = self._db.total_changes
        self._db.executemany("INSERT OR IGNORE INTO file VALUES (?, ?, ?)", rows)
        return len(rows) - (self._db.total_changes - before)

    def compare(self) -> tuple[int, int, int, int]:
        """Listed, changed, delisted, unchanged."""
        self._db.executescript(
            """
            CREATE TABLE todo (row INTEGER PRIMARY KEY, version INTEGER, listed INTEGER);
            INSERT INTO todo SELECT f.row, coalesce(b.version, 0), b.fingerprint IS NOT NULL
              FROM file f LEFT JOIN base b ON b.id = f.id
              WHERE b.fingerprint IS NULL OR b.fingerprint <> f.fingerprint;
            CREATE TABLE gone AS SELECT b.id, b.version, b.listing FROM base b LEFT JOIN file f ON f.id = b.id
              WHERE b.fingerprint IS NOT NULL AND f.id IS NULL ORDER BY b.id;
            """
        )
        listed, changed = self._db.execute(
            "SELECT count(*) FILTER (WHERE NOT listed), count(*) FILTER (WHERE listed) FROM todo"
        ).fetchone()
        gone, rows = self._count("gone"), self._count("file")
        return listed, changed, gone, rows - listed - changed

    def todo(self, first: int, last: int) -> dict[int, Known]:
        """Of the rows first … last, those that differ."""
        found = self._db.execute("SELECT row, version, listed FROM todo WHERE row BETWEEN ? AND ?", (first, last))
        return {row: Known(version, bool(listed)) for row, version, listed in found}

    def last_todo(self) -> int:
        """The last row that differs (0: none)."""
        return int(self._db.execute("SELECT coalesce(max(row), 0) FROM todo").fetchone()[0])

    def gone(self, size: int) -> Iterator[list[Base]]:
        """The places that the file no longer has, in batches."""
        cursor = self._db.execute("SELECT id, NULL, version, listing FROM gone")
        while batch := cursor.fetchmany(size):
            yield [Base(*row) for row in batch]

    def listed_before(self) -> int:
        """How many places the source has listed."""
        return int(self._db.execute("SELECT count(*) FROM base WHERE fingerprint IS NOT NULL").fetchone()[0])

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of ours
