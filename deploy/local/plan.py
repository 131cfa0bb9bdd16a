"""What a stack is: its folder, ports and passwords, remembered in stack.json."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from deploy.local import files, ports, services

FILE = "stack.json"
ADMIN = "admin"
INFRASTRUCTURE_PORTS = ("kafka", "kafka-controller", "mongo", "smtp", "mail")


class External(BaseModel):
    """A broker or a database that somebody else runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    username: str = ""
    password: str = ""


class Plan(BaseModel):
    """Everything that must be the same when the stack is started again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    ports: dict[str, int]
    passwords: dict[str, str]
    kafka: External | None = None
    mongo: External | None = None
    owner: str = Field(default="", exclude=True)  # the test run that dies with it; empty: it outlives its maker

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        file = folder.absolute() / FILE
        return cls.model_validate_json(file.read_bytes()) if file.exists() else None

    @classmethod
    def make(cls, folder: Path, environ: Mapping[str, str], preferred: Mapping[str, int], owner: str = "") -> Self:
        """The plan of before with what it lacks, or a new one."""
        before = cls.read(folder)
        plan = cls(
            folder=files.private_folder(folder.absolute()),
            ports=ports.choose((*INFRASTRUCTURE_PORTS, *services.SERVICES), before.ports if before else {}, preferred),
            passwords=_passwords(before.passwords if before else {}),
            kafka=outside_broker(environ),
            mongo=outside_database(environ),
            owner=owner,
        )
        return plan.write()

    def write(self) -> Self:
        files.write_private(self.folder / FILE, self.model_dump_json(indent=2))
        return self

    def moved(self, name: str) -> Self:
        """The same with another port for one part, because a stranger listens on the remembered one."""
        port = ports.pick(self.ports.values())
        return self.model_copy(update={"ports": {**self.ports, name: port}}).write()

    def sub(self, *parts: str) -> Path:
        return files.private_folder(self.folder.joinpath(*parts))


def _passwords(known: Mapping[str, str]) -> dict[str, str]:
    return {
        name: known.get(name) or secrets.token_urlsafe(24) for name in (ADMIN, *services.SERVICES, *services.READERS)
    }


def outside_broker(environ: Mapping[str, str]) -> External | None:
    if not environ.get("KAFKA_BOOTSTRAP"):
        return None
    login = {"username": environ.get("KAFKA_USERNAME", ""), "password": environ.get("KAFKA_PASSWORD", "")}
    return External(address=environ["KAFKA_BOOTSTRAP"], **login)


def outside_database(environ: Mapping[str, str]) -> External | None:
    return External(address=environ["MONGO_URL"]) if environ.get("MONGO_URL") else None
