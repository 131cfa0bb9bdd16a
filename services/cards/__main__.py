"""`python -m services.cards api | relay | worker | all | feed NAME FILE | conformance | replay …`."""

from services.cards.api.problems import CATALOGUE
from services.cards.main import definition, importer, routes
from services.cards.settings import Settings
from shared.feeds.entry import add_feed_command
from shared.service import command_line
from shared.service.conformance import add_conformance_command

if __name__ == "__main__":
    app, with_service = command_line(Settings, definition, routes, CATALOGUE)
    add_feed_command(app, with_service, importer)
    add_conformance_command(app, with_service)
    app()
