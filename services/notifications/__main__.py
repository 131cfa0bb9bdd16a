"""`python -m services.notifications api | relay | worker | all | replay …`."""

from services.notifications.main import CATALOGUE, definition, routes
from services.notifications.settings import NotificationsSettings
from shared.service import command_line

if __name__ == "__main__":
    app, _ = command_line(NotificationsSettings, definition, routes, CATALOGUE)
    app()
