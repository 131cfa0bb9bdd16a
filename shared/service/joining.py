"""What a new release catches up with before its consumer groups go on: new read models, new reactions (DESIGN §5)."""

from collections.abc import Mapping

from shared.kafka import topic_of
from shared.messaging import Delivered
from shared.projections.projector import Projector
from shared.reactor import Reactor
from shared.rebuild import Rebuild
from shared.service.running import Service
from shared.topics import commit_ends, is_known, records

BATCH = 500


def release_group(service: Service) -> str:
    """The consumer group of this release's read models."""
    return f"{service.name}.read-models.r{service.definition.release}"


def reactions_group(service: Service) -> str:
    """The consumer group of all reactions, processes and effects, for life."""
    return f"{service.name}.reactions"


async def join_release(service: Service, projector: Projector) -> None:
    """Before a new release first consumes: start its group at the topic's ends, fill its read models from the store.

    Those of the release before are filled too: it may have stopped before it had read the topic to its end. Events
    recorded meanwhile come to both; cursors drop what was folded already.
    """
    shown = [await service.pointers.first(projection) for projection in projector.projections]
    if shown == [projection.version for projection in projector.projections]:
        return
    await commit_ends(service.kafka, topic_of(service.name), release_group(service))
    await Rebuild(projector, service.store, service.database, service.clock).fill()


async def join_reactions(service: Service, reactors: Mapping[str, Reactor]) -> None:
    """Before a new handler first reacts in a group that has passed the topic's beginning: read it what it has missed.

    Otherwise each stream that exists would begin with a gap. What was recorded before its `since` only moves the
    inbox. The workers of the release before must have stopped: what they consume meanwhile is read to nobody else.
    """
    marks = service.database["inbox"]
    for topic, reactor in reactors.items():
        joined = {row["_id"] async for row in marks.find({"_id": {"$in": reactor.names}})}
        new = [name for name in reactor.names if name not in joined]
        if new and await _has_begun(service, topic):
            await _read_from_the_beginning(service, topic, reactor.only(new))
        for name in new:
            at = service.clock.now()
            await marks.update_one({"_id": name}, {"$setOnInsert": {"topic": topic, "joined_at": at}}, upsert=True)


async def _has_begun(service: Service, topic: str) -> bool:
    return await is_known(service.kafka, topic, reactions_group(service))


async def _read_from_the_beginning(service: Service, topic: str, reactor: Reactor) -> None:
    batch: list[Delivered] = []
    async for _, _, record in records(service.kafka, topic, service.parking.unreadable, service.provenance.read):
        batch.append(record)
        if len(batch) == BATCH:
            await reactor.apply(batch)
            batch = []
    await reactor.apply(batch)
