"""The Faust apps of a service: one group for its reactions for life, one for each release of its read models."""

import asyncio

import faust

from shared.admin.runner import runners
from shared.admin.samples import keep_sampling
from shared.coalescing import Coalescer
from shared.consumers import consume, consumer_app, run_app
from shared.guard import Guard
from shared.kafka import topic_of
from shared.messaging import Delivered
from shared.projections.projector import Projector
from shared.reactor import Reactor
from shared.service.definition import Loop
from shared.service.joining import join_reactions, join_release, reactions_group, release_group
from shared.service.running import Service


async def run_worker(service: Service, instance: str | None = None) -> None:
    """Read models, reactions, resumes and deadlines, until cancelled.

    Raises:
        RuntimeError: an app crashed; the process must end, so that somebody restarts it.
    """
    projector = service.projector(service.definition.projections)
    reactors = service.reactors()
    await service.provenance.note({topic_of(service.name), *reactors})
    async with asyncio.TaskGroup() as tasks:
        if projector.projections:
            await join_release(service, projector)
            tasks.create_task(run_app(read_models_app(service, projector, instance)))
        if reactors:
            await join_reactions(service, reactors)
            tasks.create_task(run_app(reactions_app(service, reactors, instance)))
        tasks.create_task(service.resumer(projector, reactors).run())
        tasks.create_task(service.lag_meter().run())
        tasks.create_task(keep_sampling(service))
        for runner in runners(service):
            tasks.create_task(runner.run())
        if service.definition.deadlines:
            tasks.create_task(service.scheduler().run())
        for loop in service.definition.loops(service):
            tasks.create_task(_forever(loop))


async def _forever(loop: Loop) -> None:
    await loop()


def read_models_app(service: Service, projector: Projector, instance: str | None = None) -> faust.App:
    """The app of one release: `<service>.read-models.r<N>`."""
    group = release_group(service)
    app = consumer_app(group, service.kafka, service.settings.var_dir / "faust" / group, instance=instance)
    together: Coalescer[Delivered] = Coalescer(guard_of(service).before(projector.apply))
    consume(app, topic_of(service.name), together, service.parking.unreadable, service.provenance.read)
    return app


def reactions_app(service: Service, reactors: dict[str, Reactor], instance: str | None = None) -> faust.App:
    """The app of all reactions, processes and effects: `<service>.reactions`."""
    group = reactions_group(service)
    app = consumer_app(group, service.kafka, service.settings.var_dir / "faust" / group, instance=instance)
    for topic, reactor in reactors.items():
        own = topic == topic_of(service.name)
        handle = guard_of(service).before(reactor.apply) if own else reactor.apply
        consume(app, topic, handle, service.parking.unreadable, service.provenance.read)
    return app


def guard_of(service: Service) -> Guard:
    """Keeps from a service's own consumers what it never wrote."""
    return Guard(service.name, service.database, service.parking.unreadable)
