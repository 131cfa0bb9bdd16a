"""Apache Kafka from its Maven jars, copied once into the cache."""

import os
import subprocess
from pathlib import Path

from deploy.local import files
from deploy.local.errors import ToolMissingError
from deploy.local.tools import cache, system

POM = Path(__file__).parents[1] / "pom.xml"
VERSION = "4.3.1"


def libs() -> Path:
    """The folder of jars; complete or absent, for it gets its name last."""
    target = cache.folder() / f"kafka-{VERSION}"
    return target if target.exists() else _download(target)


def _download(target: Path) -> Path:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    command = [system.maven(), "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    done = subprocess.run([*command, f"-DoutputDirectory={partial}"], check=False)
    if done.returncode or not list(partial.glob(f"kafka_2.13-{VERSION}.jar")):
        files.remove_folder(partial)
        raise ToolMissingError("Maven could not copy Kafka's jars: see its message above")
    if target.exists():  # another run was faster
        files.remove_folder(partial)
    else:
        partial.rename(target)
    return target
