"""A broker that somebody else runs gets its topics, and nothing of ours is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from deploy.local import processes
from deploy.local.services import ROOT, TOPICS
from deploy.local.stack import Stack, running

pytestmark = pytest.mark.connected


@pytest.fixture
def given(stack: Stack, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has a broker, which lacks a topic."""
    admin = AdminClient(stack.kafka_config())
    admin.delete_topics(["cards.opposition.v1"])["cards.opposition.v1"].result(10)
    return {
        "KAFKA_BOOTSTRAP": f"127.0.0.1:{stack.ports['kafka']}",
        "KAFKA_USERNAME": "admin",
        "KAFKA_PASSWORD": stack.passwords["admin"],
        "SECRETS_DIR": str(tmp_path / "secrets"),
        "VAR_DIR": str(tmp_path),
    }


def topics(found: Stack) -> set[str]:
    return set(AdminClient(found.kafka_config()).list_topics(timeout=10).topics)


def test_prepare_creates_topics_and_secret_files(stack: Stack, given: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.local", "prepare"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **given}, check=True)
    assert set(TOPICS) <= topics(stack)
    assert (tmp_path / "secrets" / "jwks.json").exists()


def test_up_uses_a_given_broker(
    stack: Stack, given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with running(tmp_path / "other", only={"kafka"}) as other:
        assert processes.leftovers(other.folder) == []
        assert other.env_for("cards")["KAFKA_BOOTSTRAP"] == given["KAFKA_BOOTSTRAP"]
        assert set(TOPICS) <= topics(other)
