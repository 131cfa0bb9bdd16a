"""The Faust apps of a service: one group for its reactions for life, one for each release of its read models."""

import asyncio

import faust

from shared.coalescing import Coalescer
from shared.consumers import consume, consumer_app, run_app
from shared.kafka import topic_of
from shared.messaging import Delivered
from shared.projections.projector import Projector
from shared.reactor import Reactor
from shared.rebuild import Rebuild
from shared.service.running import Service
from shared.topics import commit_ends


async def run_worker(service: Service, instance: str | None = None) -> None:
    """Read models, reactions and resumes, until cancelled.

    Raises:
        RuntimeError: an app crashed; the process must end, so that somebody restarts it.
    """
    projector = service.projector(service.definition.projections)
    reactors = service.reactors()
    async with asyncio.TaskGroup() as tasks:
        if projector.projections:
            await join_release(service, projector)
            tasks.create_task(run_app(read_models_app(service, projector, instance)))
        if reactors:
            tasks.create_task(run_app(reactions_app(service, reactors, instance)))
        tasks.create_task(service.resumer(projector, reactors).run())
        tasks.create_task(service.lag_meter().run())


def read_models_app(service: Service, projector: Projector, instance: str | None = None) -> faust.App:
    """The app of one release: `<service>.read-models.r<N>`."""
    group = release_group(service)
    app = consumer_app(group, service.kafka, service.settings.var_dir / "faust" / group, instance=instance)
    together: Coalescer[Delivered] = Coalescer(projector.apply)
    consume(app, topic_of(service.name), together, service.parking.unreadable)
    return app


def reactions_app(service: Service, reactors: dict[str, Reactor], instance: str | None = None) -> faust.App:
    """The app of all reactions, processes and effects: `<service>.reactions`."""
    group = f"{service.name}.reactions"
    app = consumer_app(group, service.kafka, service.settings.var_dir / "faust" / group, instance=instance)
    for topic, reactor in reactors.items():
        consume(app, topic, reactor.apply, service.parking.unreadable)
    return app


def release_group(service: Service) -> str:
    """The consumer group of this release's read models."""
    return f"{service.name}.read-models.r{service.definition.release}"


async def join_release(service: Service, projector: Projector) -> None:
    """Before a new release first consumes: start its group at the topic's ends, and fill what is new from the store.

    Events recorded meanwhile come to both; cursors drop what was folded already.
    """
    new = [
        projection
        for projection in projector.projections
        if await service.pointers.first(projection) != projection.version
    ]
    if not new:
        return
    await commit_ends(service.kafka, topic_of(service.name), release_group(service))
    rebuild = Rebuild(service.projector(new), service.store, service.database, service.clock)
    await rebuild.fill()
