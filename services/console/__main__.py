"""`python -m services.console api | relay | worker | all | accounts … | sign-in | replay …`."""

from services.console.cli.app import add_commands
from services.console.main import build, definition, routes
from services.console.problems import PROBLEMS
from services.console.settings import ConsoleSettings
from shared.service import command_line

if __name__ == "__main__":
    app, with_service = command_line(ConsoleSettings, definition, routes, PROBLEMS, build)
    add_commands(app)
    app()
