"""`python -m services.reimbursements api | relay | worker | all | feed NAME FILE | replay …`."""

from services.reimbursements.main import CATALOGUE, definition, importer, routes
from services.reimbursements.settings import Settings
from shared.feeds.entry import add_feed_command
from shared.service import command_line

if __name__ == "__main__":
    app, with_service = command_line(Settings, definition, routes, CATALOGUE)
    add_feed_command(app, with_service, importer)
    app()
