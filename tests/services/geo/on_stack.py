"""The geo service on a real database, in a database of its own; files taken as an operator would."""

import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.local.stack import Stack
from services.geo.cli import take_file
from services.geo.directory.taking import Report
from services.geo.domain.facts import Source
from services.geo.main import definition
from services.geo.read_models.places import places
from services.geo.settings import Settings
from shared.rebuild import Rebuild
from shared.service import Service


def geo_settings(stack: Stack, folder: Path) -> Settings:
    """Those of a service whose database is its own."""
    return Settings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"geo_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="unused",
        secrets_dir=Path(stack.env_for("geo")["SECRETS_DIR"]),
        var_dir=folder,
    )


class Directory:
    """A service, and what its imports cost."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.folder = folder
        self.seconds = 0.0
        """Of the last file, and of the last filling of the read model."""
        self.shown = 0.0

    async def take(self, source: Source, file: Path, as_of: str) -> Report:
        """Take a file. It waits until the one before is shown, so that comes first."""
        await self.show()
        started = time.monotonic()
        report = await take_file(self.service, source, file, as_of)
        self.seconds = time.monotonic() - started
        return report

    async def show(self) -> None:
        """What the worker does, faster: the read model from the log."""
        started = time.monotonic()
        projector = self.service.projector(self.service.definition.projections)
        await Rebuild(projector, self.service.store, self.service.database, self.service.clock).fill()
        self.shown = time.monotonic() - started

    async def position(self) -> int:
        """How many commits there are."""
        return (await self.service.store.head()).position

    async def types(self, after: int) -> dict[str, int]:
        """How many events of each type came after a position."""
        found: dict[str, int] = {}
        while window := await self.service.store.window(after):
            for event in (event for commit in window for event in commit["ev"]):
                found[event["type"]] = found.get(event["type"], 0) + 1
            after = window[-1]["_id"]
        return found

    async def stands(self) -> int:
        """How many places are listed."""
        listed: dict[str, Any] = {"fingerprint": {"$ne": None}}
        return int(await self.service.database[places.id].count_documents(listed))


@asynccontextmanager
async def geo_directory(stack: Stack, folder: Path) -> AsyncIterator[Directory]:
    """Prepared, and gone at the end."""
    settings = geo_settings(stack, folder / "var")
    service = Service(definition(settings), settings)
    await service.prepare()
    await service.prepare()  # as every process does at its start
    try:
        yield Directory(service, folder)
    finally:
        await service.client.drop_database(settings.mongo_database)
        await service.close()


def change(file: Path, to: Path) -> tuple[Path, tuple[int, int, int]]:
    """Of an RPPS file: one row in fifty changes its phone, one in a hundred goes, one in two hundred is new.

    How many are listed, changed and delisted by that.
    """
    listed = changed = gone = 0
    with file.open(encoding="utf-8") as old, to.open("w", encoding="utf-8") as new:
        new.write(old.readline())
        for number, line in enumerate(old):
            military = "|M|" in line
            if number % 100 == 1:
                gone += not military
                continue
            if number % 50 == 2:
                changed += not military
            new.write(line.replace("|0199", "|0198") if number % 50 == 2 else line)
            if number % 200 == 3:
                new.write(line.replace("|81", "|89", 1))
                listed += not military
    return to, (listed, changed, gone)
