"""`prepare`: topics and secret files where the broker and the database are somebody else's, as in containers."""

import os
from pathlib import Path

import typer

from deploy.local import files, secret_files
from deploy.local.components import kafka_admin
from deploy.local.plan import outside_broker
from deploy.local.progress import Progress


def register(app: typer.Typer) -> None:
    app.command()(prepare)


def prepare() -> None:
    """Create what is missing: the topics at KAFKA_BOOTSTRAP, the files in SECRETS_DIR, the folder of spans."""
    progress = Progress()
    with progress.step("secret files"):
        secret_files.create(Path(os.environ["SECRETS_DIR"]))
        files.private_folder(Path(os.environ["VAR_DIR"]) / "spans")
    broker = outside_broker(os.environ)
    if broker:
        with progress.step("topics"):
            kafka_admin.create_topics(kafka_admin.login(broker))
