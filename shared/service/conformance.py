"""`… conformance`: the whole log held against the declared lifecycles, from a shell."""

import math

import typer

from shared.admin.examining import Examination
from shared.service.cli import WithService
from shared.service.running import Service


async def examine(service: Service) -> None:
    """Hold every stream of the log against the declared lifecycles; the report, and exit code 1 for a deviation."""
    assert service.definition.lifecycles is not None, "the command is given to services that declare some"
    examination = Examination(service.definition.lifecycles)
    try:
        await examination.read_on(service, math.inf)
    finally:
        await service.close()
    report = examination.conformance.report()
    typer.echo(report.model_dump_json(indent=2))
    if report.deviations:
        raise typer.Exit(1)


def add_conformance_command(app: typer.Typer, with_service: WithService) -> None:
    """The command `conformance`."""

    @app.command(help=examine.__doc__)
    def conformance() -> None:
        with_service(examine)
