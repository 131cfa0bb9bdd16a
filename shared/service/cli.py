"""`python -m services.<name> …`: run a role, or rebuild, compare, flip and check from a shell."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
import uvloop
from rich import print as show

from shared.comparison import compare
from shared.event_store import GENESIS, verify
from shared.kafka import topic_of
from shared.problems import ProblemCatalogue
from shared.rebuild import Rebuild
from shared.service.definition import Definition
from shared.service.roles import Role, Routes, run
from shared.service.running import Service
from shared.settings import BaseServiceSettings
from shared.telemetry import configure
from shared.topics import reconcile

Define = Callable[[Any], Definition]


def command_line(
    settings: type[BaseServiceSettings],
    define: Define,
    routes: Routes,
    catalogue: ProblemCatalogue,
) -> typer.Typer:
    """The command line of one service; nothing is read or connected before a command runs."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)

    def with_service(work: Callable[[Service], Awaitable[None]]) -> None:
        async def inside() -> None:
            values = settings()
            definition = define(values)
            configure(
                definition.name,
                trace_file=values.trace_file,
                otlp_endpoint=values.otlp_endpoint,
                level=values.log_level,
            )
            await work(Service(definition, values))

        uvloop.run(inside())

    for role in Role:
        _add_role(app, role, with_service, routes, catalogue)
    _add_replay(app, with_service)
    _add_checks(app, with_service)
    return app


WithService = Callable[[Callable[[Service], Awaitable[None]]], None]


def _add_role(app: typer.Typer, role: Role, with_service: WithService, routes: Routes, catalogue: Any) -> None:
    @app.command(role.value, help=f"Run the role `{role.value}` until stopped.")
    def _run() -> None:
        with_service(lambda service: run(service, role, routes, catalogue))


def _add_replay(app: typer.Typer, with_service: WithService) -> None:
    @app.command(help="Count what a rebuild of all read models would fold; nothing is written, no effect fires.")
    def plan() -> None:
        async def work(service: Service) -> None:
            show(await _rebuild(service).plan())

        with_service(work)

    @app.command(help="Fill the read models of this release from the store, beside the live ones.")
    def replay(
        limit: Annotated[float, typer.Option(help="At most so many events a second; 0: as fast as possible.")] = 0,
        again: Annotated[bool, typer.Option(help="Begin at the first event, not at the checkpoint.")] = False,  # noqa: FBT002
    ) -> None:
        async def work(service: Service) -> None:
            await service.prepare()
            rebuild = _rebuild(service)
            if again:
                await rebuild.restart()
            position = await rebuild.fill(limit=limit)
            show({"position": position, "head": (await service.store.head()).position})

        with_service(work)

    @app.command(name="compare", help="Compare this release's read models with those that readers see now.")
    def compare_() -> None:
        async def work(service: Service) -> None:
            for projection in service.definition.projections:
                live = projection.at(await service.pointers.live(projection))
                show(projection.name, await compare(service.database, service.documents, live, projection))

        with_service(work)

    @app.command(help="Let readers see this release's read models.")
    def flip() -> None:
        async def work(service: Service) -> None:
            for projection in service.definition.projections:
                show(projection.name, "flipped" if await service.pointers.flip(projection) else "unchanged")

        with_service(work)

    @app.command(help="Let readers see what they saw before the last flip.")
    def rollback(name: str) -> None:
        async def work(service: Service) -> None:
            show(name, "rolled back" if await service.pointers.roll_back(name) else "unchanged")

        with_service(work)


def _add_checks(app: typer.Typer, with_service: WithService) -> None:
    @app.command(name="verify", help="Recompute the hash chain of the whole log.")
    def verify_() -> None:
        async def work(service: Service) -> None:
            head = GENESIS
            while window := await service.store.window(head.position):
                head = verify(window, head)
            show({"position": head.position, "hash": head.hash.hex()})

        with_service(work)

    @app.command(name="reconcile", help="Compare the topic with the store.")
    def reconcile_() -> None:
        async def work(service: Service) -> None:
            result = await reconcile(service.kafka, topic_of(service.name), service.store)
            show(result)
            if result.first_difference is not None:
                raise typer.Exit(1)

        with_service(work)


def _rebuild(service: Service) -> Rebuild:
    projector = service.projector(service.definition.projections)
    return Rebuild(projector, service.store, service.database, service.clock)
