"""The geo service, put together."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from fastapi import APIRouter

from services.geo import api
from services.geo.directory import importing
from services.geo.directory.importing import Importer
from services.geo.directory.staging import Base
from services.geo.domain import events as e
from services.geo.domain import files as f
from services.geo.domain.facts import Source
from services.geo.domain.files import directory_files
from services.geo.domain.place import place
from services.geo.read_models.places import places, places_with
from services.geo.search.counting import Counting, MongoCounts
from services.geo.search.following import Following
from services.geo.search.snapshots import Snapshots
from services.geo.settings import Settings
from shared.erasure import ERASURE_EVENTS, Erasure, erasures
from shared.kernel import Rejected, members
from shared.problems import ProblemCatalogue
from shared.service import Aggregate, Definition, Service

CATALOGUE: Final = ProblemCatalogue(
    statuses={"place-unknown": 422, "index-not-ready": 503, "file-unknown": 422},
    titles={
        "place-unknown": "Cette commune ou ce code postal n'est pas connu",
        "index-not-ready": "La recherche par nom, ou par femme ou homme, n'est pas encore disponible",
        "file-unknown": "Ce fichier n'a pas la forme attendue",
        "file-older": "Un fichier plus récent a déjà été pris en compte",
        "file-not-held": "Ce fichier n'attend pas de confirmation",
        "directory-behind": "La liste n'est pas encore à jour du fichier précédent",
    },
)
BATCH: Final = 5_000
PATIENCE: Final = 1_800
"""Seconds for which a file waits until the one before shows."""


def definition(settings: Settings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="geo",
        events=[*members(e.PlaceEvent), *members(f.FileEvent), *ERASURE_EVENTS],
        aggregates=[Aggregate(place), Aggregate(directory_files), Aggregate(erasures)],
        projections=[places_with(settings.hash_key("place")[1])],
        release=2,
        erasure=lambda _: Erasure("identity", []),  # nothing of members is held here
    )


def importer(service: Service, batch: int = importing.BATCH) -> Importer:
    """Takes the directory's files, so many rows at a time."""

    async def bases(source: Source) -> AsyncIterator[Sequence[Base]]:
        await _caught_up(service)
        collection = service.database[await service.pointers.live(places)]
        fields = {"fingerprint": 1, "version": 1, "listing_id": 1}
        found: list[Base] = []
        async for row in collection.find({"source": source.value}, fields, batch_size=BATCH):
            found.append(Base.of(row["_id"], row["fingerprint"], row["version"], row["listing_id"]))
            if len(found) == BATCH:
                yield found
                found = []
        yield found

    settings = _settings(service)
    key = settings.hash_key("place")[1]
    return Importer(service, bases, key, settings.var_dir / "directory", settings.most_delisted, batch)


async def _caught_up(service: Service) -> None:
    meter = service.lag_meter()
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while (await meter.measure(places)).events:
        if asyncio.get_running_loop().time() > deadline:
            raise Rejected("directory-behind")
        await asyncio.sleep(0.5)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    settings = _settings(service)
    snapshots = Snapshots(settings.var_dir / "place-index", service.vault, service.clock)
    following = Following(service.store, service.codec, snapshots) if settings.index_in_memory else None
    counting = Counting(MongoCounts(service.database), service.clock)
    return [api.router(service, following, counting), api.work(service)]


def _settings(service: Service) -> Settings:
    assert isinstance(service.settings, Settings)
    return service.settings
