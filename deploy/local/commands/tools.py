"""`tools`: all that must be installed, downloaded or built, before anything is started."""

import typer

from deploy.local.progress import Progress
from deploy.local.tools import database_server, kafka_jars, system, verapdf, vnu


def register(app: typer.Typer) -> None:
    app.command()(tools)


def tools() -> None:
    """Install, download and build what is missing; afterwards nothing needs the network."""
    progress = Progress()
    with progress.step("Java, Maven and Kafka's jars"):
        system.java()
        kafka_jars.libs()
    with progress.step("veraPDF's jars"):
        system.java_compiler()
        verapdf.libs()
    with progress.step("the HTML checker's jars"):
        vnu.libs()
    with progress.step("the database server"):
        program = database_server.mongod() or database_server.secantus()
    with progress.step("Chromium"):
        browser = system.chromium()
    progress.say(f"database server: {program}\nbrowser: {browser}")
