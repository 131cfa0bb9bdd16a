"""`python -m services.geo api | relay | worker | all | directory SOURCE FILE | confirm SOURCE SHA256 | replay …`."""

from services.geo.cli import add_directory_commands
from services.geo.main import CATALOGUE, definition, routes
from services.geo.settings import Settings
from shared.service import command_line

if __name__ == "__main__":
    app, with_service = command_line(Settings, definition, routes, CATALOGUE)
    add_directory_commands(app, with_service)
    app()
