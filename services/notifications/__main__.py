"""`python -m services.notifications api | relay | worker | all | replay | feed | conformance …`."""

from services.notifications.main import CATALOGUE, definition, importer, routes
from services.notifications.settings import NotificationsSettings
from shared.feeds.entry import add_feed_command
from shared.service import command_line
from shared.service.conformance import add_conformance_command

if __name__ == "__main__":
    app, with_service = command_line(NotificationsSettings, definition, routes, CATALOGUE)
    add_feed_command(app, with_service, importer)
    add_conformance_command(app, with_service)
    app()
