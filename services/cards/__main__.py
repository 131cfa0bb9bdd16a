"""`python -m services.cards api | relay | worker | all | feed NAME FILE | conformance | replay …`."""

import typer

from services.cards.api.problems import CATALOGUE
from services.cards.domain.conformance import Conformance
from services.cards.main import definition, importer, routes
from services.cards.settings import Settings
from shared.event_store.protocol import WINDOW
from shared.feeds.entry import add_feed_command
from shared.service import Service, command_line
from shared.service.cli import WithService


async def examine(service: Service) -> None:
    """Hold every stream of the log against the declared lifecycles; the report, and exit code 1 for a deviation."""
    found, position = Conformance(), 0
    try:
        while commits := await service.store.window(position, WINDOW):
            for entry in await service.codec.decode(commits):
                found.tell(entry.stream, entry.event)
            position = commits[-1]["_id"]
    finally:
        await service.close()
    report = found.report()
    typer.echo(report.model_dump_json(indent=2))
    if report.deviations:
        raise typer.Exit(1)


def add_conformance_command(app: typer.Typer, with_service: WithService) -> None:
    """The command `conformance`."""

    @app.command(help=examine.__doc__)
    def conformance() -> None:
        with_service(examine)


if __name__ == "__main__":
    app, with_service = command_line(Settings, definition, routes, CATALOGUE)
    add_feed_command(app, with_service, importer)
    add_conformance_command(app, with_service)
    app()
