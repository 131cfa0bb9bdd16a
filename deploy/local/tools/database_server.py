"""The database server: mongod if it is there, otherwise SecantusDB's Rust server, built once."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import ToolMissingError
from deploy.local.tools import cache, system

CRATE = "secantus-mdb"
VERSION = "0.5.3-beta.196"
PROGRAM = "secantusd-rs"
# The full release profile takes seven minutes instead of five, for no gain at the sizes of a local run.
BUILD = {"CARGO_PROFILE_RELEASE_LTO": "off", "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16"}


def mongod() -> str | None:
    return shutil.which("mongod")


def secantus() -> Path:
    root = cache.folder() / f"{CRATE}-{VERSION}"
    program = root / "bin" / PROGRAM
    return program if program.exists() else _build(root, program)


def _build(root: Path, program: Path) -> Path:
    cargo = system.cargo()
    system.compilers()
    print(f"building {PROGRAM} {VERSION}: once, about five minutes", flush=True)
    command = [cargo, "install", CRATE, "--version", VERSION]
    done = subprocess.run(
        [*command, "--locked", "--ignore-rust-version", "--root", str(root)], env={**os.environ, **BUILD}, check=False
    )
    if done.returncode or not program.exists():
        raise ToolMissingError(f"{CRATE} {VERSION} could not be built: see Cargo's message above")
    return program
