"""Runs the programs of tests/programs/worker_* and effect_*: one process after the other, each may be killed."""

import json
from collections.abc import Sequence
from typing import Any

from shared.mongo import Client
from shared.settings import BaseServiceSettings
from tests.shared.programs import program

Said = list[dict[str, Any]]


def environment(settings: BaseServiceSettings) -> dict[str, str]:
    """The same settings for another process."""
    return {
        "MONGO_URL": settings.mongo_url,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "KAFKA_USERNAME": settings.kafka_username,
        "KAFKA_PASSWORD": settings.kafka_password.get_secret_value(),
        "SECRETS_DIR": str(settings.secrets_dir),
        "VAR_DIR": str(settings.var_dir),
        "SMTP_HOST": settings.smtp_host,
        "SMTP_PORT": str(settings.smtp_port),
        "MAIL_SINK_URL": settings.mail_sink_url or "",
    }


async def run_rounds(name: str, settings: BaseServiceSettings, rounds: Sequence[dict[str, Any]]) -> Said:
    """Run a program to its end; the lines it said. A child that fails instead of being killed fails the test."""
    async with program(name, json.dumps(list(rounds)), env=environment(settings)) as process:
        out, _ = await process.communicate()
    said = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0
    assert [one for one in said if one.get("code", 0) > 0] == []
    return said


def deaths(said: Said) -> list[bool]:
    """Which of the rounds were killed."""
    return [one["killed"] for one in said if "killed" in one]


async def forget_the_dead_soon(mongo: Client, seconds: int = 2) -> None:
    """The server keeps the transaction of a killed worker open for a while: nobody may write what it has written."""
    await mongo.admin.command({"setParameter": 1, "transactionLifetimeLimitSeconds": seconds})
