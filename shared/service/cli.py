"""`python -m services.<name> …`: run a role, or rebuild, compare, flip and check from a shell."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
import uvloop

from shared.problems import ProblemCatalogue
from shared.scopes import Scope
from shared.service import operations
from shared.service.definition import Definition
from shared.service.roles import Build, Role, Routes, run
from shared.service.running import Service
from shared.settings import BaseServiceSettings
from shared.telemetry import configure

Define = Callable[[Any], Definition]
Work = Callable[[Service], Awaitable[None]]
WithService = Callable[[Work], None]

PLAIN: dict[str, Work] = {
    "plan": operations.plan,
    "compare": operations.differences,
    "flip": operations.flip,
    "verify": operations.check_chain,
    "reconcile": operations.check_topic,
}


def command_line(
    settings: type[BaseServiceSettings],
    define: Define,
    routes: Routes,
    catalogue: ProblemCatalogue,
    build: Build | None = None,
) -> tuple[typer.Typer, WithService]:
    """The command line of one service, and how a command of its own gets a Service. Nothing is connected before."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)

    def with_service(work: Work) -> None:
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
        _add(
            app,
            role.value,
            f"Run the role `{role}` until stopped.",
            with_service,
            _runner(role, routes, catalogue, build),
        )
    for name, work in PLAIN.items():
        _add(app, name, work.__doc__ or "", with_service, work)
    _add_replay(app, with_service)
    return app, with_service


def _runner(role: Role, routes: Routes, catalogue: ProblemCatalogue, build: Build | None) -> Work:
    return lambda service: run(service, role, routes, catalogue, build)


def _add(app: typer.Typer, name: str, text: str, with_service: WithService, work: Work) -> None:
    @app.command(name, help=text)
    def _command() -> None:
        with_service(work)


def _add_replay(app: typer.Typer, with_service: WithService) -> None:
    @app.command(help=operations.replay.__doc__)
    def replay(
        limit: Annotated[float, typer.Option(help="At most so many events a second; 0: as fast as possible.")] = 0,
        again: Annotated[bool, typer.Option(help="Begin at the first event, not at the checkpoint.")] = False,  # noqa: FBT002
        person: Annotated[str, typer.Option(help="In place: this person or member alone (an id).")] = "",
        since: Annotated[str, typer.Option(help="In place: everybody touched since a position or an ISO date.")] = "",
    ) -> None:
        scope = Scope.parse(person, since)
        with_service(lambda service: operations.replay(service, limit=limit, again=again, scope=scope))

    @app.command(help=operations.roll_back.__doc__)
    def rollback(name: str) -> None:
        with_service(lambda service: operations.roll_back(service, name))
