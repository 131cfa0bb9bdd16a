"""The commands of one file: their ids are made from the file and the place, so that sending them twice is once."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Final

import orjson

from services.geo.directory.entries import Entry
from services.geo.directory.staging import Base
from services.geo.domain import commands as c
from services.geo.domain.facts import Facts, Location, Practitioner, Source
from services.geo.domain.ids import FileId, ListingId, PlaceId
from services.geo.domain.place import Place
from shared.bulk import Ask
from shared.canonical import uuid5
from shared.clock import Clock
from shared.envelope import Metadata

NAMESPACE: Final = "5b0c3f0e-7f57-5d55-9d8c-0a4be2a3c7d1"


@dataclass
class Orders:
    """Makes them. `taken`: how many events the source's files had before; the same bytes may come again later."""

    clock: Clock
    source: Source
    file: FileId
    taken: int
    as_of: dt.datetime
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        self.name = f"{self.file}|{self.taken}"
        self._correlation = uuid5(NAMESPACE, self.file)

    def ask(self, entry: Entry, version: int) -> Ask[Place, c.PlaceCommand]:
        id_ = _uuid(self.place(entry.key))
        command = c.RecordPlace(
            at=self.clock.now(),
            place_id=PlaceId(id_),
            listing_id=ListingId(uuid5(NAMESPACE, f"{self.name}|{id_}")),
            source=self.source,
            facts=Facts.model_validate(entry.facts),
            practitioner=None if entry.practitioner is None else Practitioner.model_validate(entry.practitioner),
            location=None
            if entry.position is None
            else Location(lat_e6=entry.position[0], lon_e6=entry.position[1], precision=entry.position[2]),
            fingerprint=self.fingerprint(entry).hex(),
            as_of=self.as_of,
        )
        return Ask(f"place:{id_}", command, self.cmd(id_), self.meta(id_), Place(), version)

    def delisting(self, one: Base) -> Ask[Place, c.PlaceCommand]:
        id_ = _uuid(one.id)
        command = c.DelistPlace(at=self.clock.now(), place_id=PlaceId(id_), as_of=self.as_of)
        state = Place(listing_id=ListingId(one.listing))
        return Ask(f"place:{id_}", command, self.cmd(id_), self.meta(id_), state, one.version)

    def place(self, key: str) -> bytes:
        """The place's id: keyed, so that nobody finds the number behind it by trying all of them."""
        return hashlib.blake2b(key.encode(), key=self.key, digest_size=16).digest()

    def fingerprint(self, entry: Entry) -> bytes:
        """Stands for all that a row says."""
        content = orjson.dumps(entry[1:])
        return hashlib.blake2b(content, key=self.key, digest_size=16).digest()

    def cmd(self, part: str) -> str:
        return uuid5(NAMESPACE, f"{self.name}|{part}")

    def meta(self, pk: str) -> Metadata:
        return Metadata(
            pk=pk, actor=self.source.value, actor_kind="feed", correlation_id=self._correlation, channel="feed"
        )


def _uuid(digest: bytes) -> str:
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
