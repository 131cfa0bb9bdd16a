"""What an operator does to one service from a shell: plan, compare, flip, roll back, check."""

import typer
from rich import print as show

from shared.comparison import compare
from shared.event_store import GENESIS, verify
from shared.kafka import topic_of
from shared.rebuild import Rebuild
from shared.scopes import WHOLE, Scope
from shared.service.running import Service
from shared.topics import reconcile


async def plan(service: Service) -> None:
    """Count what a rebuild of all read models would fold; nothing is written, no effect fires."""
    show(await rebuild_of(service).plan())


async def replay(service: Service, *, limit: float, again: bool, scope: Scope = WHOLE) -> None:
    """Fill the read models of this release from the store, beside the live ones; with a scope, in place."""
    await service.prepare()
    rebuild = rebuild_of(service, scope)
    if again:
        await rebuild.restart()
    position = await rebuild.fill(limit=limit)
    show({"position": position, "head": (await service.store.head()).position})


async def differences(service: Service) -> None:
    """Compare this release's read models with those that readers see now."""
    for projection in service.definition.projections:
        live = projection.at(await service.pointers.live(projection))
        show(projection.name, await compare(service.database, service.documents, live, projection))


async def flip(service: Service) -> None:
    """Let readers see this release's read models."""
    for projection in service.definition.projections:
        show(projection.name, "flipped" if await service.pointers.flip(projection) else "unchanged")


async def roll_back(service: Service, name: str) -> None:
    """Let readers see what they saw before the last flip."""
    show(name, "rolled back" if await service.pointers.roll_back(name) else "unchanged")


async def check_chain(service: Service) -> None:
    """Recompute the hash chain of the whole log."""
    head = GENESIS
    while window := await service.store.window(head.position):
        head = verify(window, head)
    show({"position": head.position, "hash": head.hash.hex()})


async def check_topic(service: Service) -> None:
    """Compare the topic with the store as far as the relay says it has come; exit code 1 where they differ."""
    checkpoint = await service.database["relay_checkpoints"].find_one({"_id": "relay"}) or {"position": 0}
    topic = topic_of(service.name)
    await service.provenance.note([topic])
    result = await reconcile(service.kafka, topic, service.store, checkpoint["position"], service.provenance.read)
    show(result)
    if result.first_difference is not None or result.unreadable:
        raise typer.Exit(1)


def rebuild_of(service: Service, scope: Scope = WHOLE) -> Rebuild:
    """The job that fills all read models of this release."""
    projector = service.projector(service.definition.projections)
    return Rebuild(projector, service.store, service.database, service.clock, scope)
