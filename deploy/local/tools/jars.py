"""Java programs from their Maven jars, copied once into the cache."""

import os
import subprocess
from pathlib import Path

from deploy.local import files
from deploy.local.errors import ToolMissingError
from deploy.local.tools import cache, system


def copied(pom: Path, name: str, jar: str) -> Path:
    """The folder `name` of a pom's jars, `jar` among them; complete or absent, for it gets its name last."""
    target = cache.folder() / name
    return target if target.exists() else _download(pom, target, jar)


def _download(pom: Path, target: Path, jar: str) -> Path:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    command = [system.maven(), "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    done = subprocess.run([*command, f"-DoutputDirectory={partial}"], check=False)
    if done.returncode or not (partial / jar).exists():
        files.remove_folder(partial)
        raise ToolMissingError(f"Maven could not copy the jars of {target.name}: see its message above")
    if target.exists():  # another run was faster
        files.remove_folder(partial)
    else:
        partial.rename(target)
    return target
