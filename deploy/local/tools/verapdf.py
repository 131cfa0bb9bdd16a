"""veraPDF, the reference validator of PDF/UA, from its Maven jars."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.local.tools import jars, system

HERE = Path(__file__).parents[1] / "verapdf"
VERSION = "1.26.2"


def libs() -> Path:
    """The folder of jars."""
    return jars.copied(HERE / "pom.xml", f"verapdf-{VERSION}", f"validation-model-{VERSION}.jar")


def validate(files: Sequence[Path]) -> list[dict[str, Any]]:
    """For each file {file, compliant, checks, failed: [clause-test message …]}, against PDF/UA-1; one JVM for all."""
    program = [system.java_compiler(), "-cp", f"{libs()}/*", str(HERE / "Validate.java")]
    said = subprocess.run([*program, *map(str, files)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in said.splitlines()]
