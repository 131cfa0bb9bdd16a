"""Sockets are closed for fast tests; connected tests share one stack of Kafka, MongoDB and mail sink per run."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_socket
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local import secret_files
from deploy.local.services import PARTITIONS, ROOT
from deploy.local.stack import Stack, running
from shared.kafka import KafkaAccess, topic_of
from shared.mongo import Client, connect
from shared.service import Definition, Service
from shared.settings import BaseServiceSettings
from tests.ending import pytest_configure  # noqa: F401 - pytest calls it


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A fast test that opens a socket fails."""
    if item.get_closest_marker("connected") is None:
        pytest_socket.disable_socket(allow_unix_socket=True)
    else:
        pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """Where this run keeps its data, logs and screenshots."""
    runs = ROOT / "var" / "tests"
    for old in runs.glob("*"):
        if old.name.isdecimal() and not psutil.pid_exists(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)  # a run leaves up to 200 MB, kept until the next
    folder = runs / f"{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def stack(run_folder: Path) -> Iterator[Stack]:
    """Real Kafka, a real MongoDB-protocol server and the mail sink, on free ports; stopped at the end of the run."""
    pytest_socket.enable_socket()
    with running(run_folder / "stack", only={"kafka", "mongo", "mail"}) as found:
        yield found


@pytest.fixture
async def mongo(stack: Stack) -> AsyncIterator[Client]:
    """A client with the administrator's rights."""
    client = connect(stack.mongo_url())
    yield client
    client.close()


@pytest.fixture
def kafka(stack: Stack) -> KafkaAccess:
    """The broker, with the administrator's rights."""
    config = stack.kafka_config()
    return KafkaAccess(str(config["bootstrap.servers"]), str(config["sasl.username"]), str(config["sasl.password"]))


@pytest.fixture
def settings(stack: Stack, tmp_path: Path) -> BaseServiceSettings:
    """The environment of a service whose database is this test's own."""
    return toy_settings(stack, f"toy_{uuid.uuid4().hex[:12]}", tmp_path)


def toy_settings(stack: Stack, database: str, var: Path) -> BaseServiceSettings:
    """Settings with the administrator's rights, for a database that no service owns."""
    config = stack.kafka_config()
    environment = stack.env_for("identity")
    return BaseServiceSettings(
        mongo_url=stack.mongo_url(),
        mongo_database=database,
        kafka_bootstrap=str(config["bootstrap.servers"]),
        kafka_username=str(config["sasl.username"]),
        kafka_password=config["sasl.password"],
        secrets_dir=Path(environment["SECRETS_DIR"]),
        var_dir=var,
    )


def signs_records(stack: Stack, service: str) -> None:
    """A made-up service gets the key that its records are signed with."""
    secret_files.record_key(Path(stack.env_for("identity")["SECRETS_DIR"]) / "records", service)


@pytest.fixture
def topic(stack: Stack) -> Callable[[str], str]:
    """Creates the topic of a service made up by a test."""

    def create(service: str) -> str:
        admin = AdminClient(stack.kafka_config())
        for future in admin.create_topics([NewTopic(topic_of(service), PARTITIONS, 1)]).values():
            future.result(15)
        signs_records(stack, service)
        return topic_of(service)

    return create


@pytest.fixture
async def make_service(settings: BaseServiceSettings) -> AsyncIterator[Callable[[Definition], Any]]:
    """Builds and prepares services on this test's database, and closes them."""
    made: list[Service] = []

    async def build(definition: Definition) -> Service:
        service = Service(definition, settings)
        await service.prepare()
        made.append(service)
        return service

    yield build
    for service in made:
        await service.close()
