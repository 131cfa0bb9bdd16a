"""The Nu Html Checker, the reference validator of HTML, from its Maven jars."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.local.tools import jars, system

HERE = Path(__file__).parents[1] / "vnu"
VERSION = "26.5.2"


def libs() -> Path:
    """The folder of jars."""
    return jars.copied(HERE / "pom.xml", f"vnu-{VERSION}", f"validator-{VERSION}.jar")


def complaints(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Errors and warnings as the checker says them {url, message, extract …}; one JVM for all files."""
    program = [system.java(), "-cp", f"{libs()}/*", "nu.validator.client.SimpleCommandLineValidator"]
    options = ["--format", "json", "--exit-zero-always", "--stdout"]
    said = subprocess.run([*program, *options, *map(str, files)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [one for one in json.loads(said)["messages"] if one["type"] != "info" or one.get("subType") == "warning"]
