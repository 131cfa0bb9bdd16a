"""`python -m services.identity api | relay | worker | all | feed register FILE | replay …`."""

from services.identity.api.problems import PROBLEMS
from services.identity.main import definition, importer, routes
from services.identity.settings import IdentitySettings
from shared.feeds.entry import add_feed_command
from shared.service import command_line

if __name__ == "__main__":
    app, with_service = command_line(IdentitySettings, definition, routes, PROBLEMS)
    add_feed_command(app, with_service, importer)
    app()
