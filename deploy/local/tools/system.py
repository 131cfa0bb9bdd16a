"""Programs of the machine: found, installed as root on Debian, or named with the command that brings them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import ToolMissingError

JAVA_AT_LEAST = 17
CARGO_AT_LEAST = (1, 95)


def java() -> str:
    if _java_version() < JAVA_AT_LEAST:
        _install("Java 17 or newer", "openjdk-17-jre-headless")
    return _path("java")


def java_compiler() -> str:
    """Java that also runs a single source file."""
    java()
    _program("javac", "Java's compiler", "openjdk-17-jdk-headless")
    return _path("java")


def maven() -> str:
    java()
    return _program("mvn", "Maven", "maven")


def chromium() -> str:
    return _program("chromium", "Chromium", "chromium")


def compilers() -> None:
    """What the native part of the database server is built with."""
    _program("c++", "A C and C++ compiler", "build-essential")
    _program("cmake", "CMake", "cmake")


def cargo() -> str:
    """Debian's Cargo is too old to build the database server, so none is installed from there."""
    found = re.search(r"(\d+)\.(\d+)", _output("cargo", "--version"))
    if not found or tuple(map(int, found.groups())) < CARGO_AT_LEAST:
        raise ToolMissingError(
            "Cargo 1.95 or newer is needed to build the database server: install it with rustup "
            "(rustup toolchain install 1.95), put mongod on the PATH, or set MONGO_URL to a MongoDB replica set"
        )
    return _path("cargo")


def _program(name: str, what: str, package: str) -> str:
    if not shutil.which(name):
        _install(what, package)
    return _path(name)


def _java_version() -> int:
    found = re.search(r'version "(\d+)', _output("java", "-version"))
    return int(found.group(1)) if found else 0


def _output(program: str, argument: str) -> str:
    if not shutil.which(program):
        return ""
    done = subprocess.run([program, argument], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _install(what: str, package: str) -> None:
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        raise ToolMissingError(f"{what} is missing: sudo apt-get install -y --no-install-recommends {package}")
    print(f"{what} is missing: installing {package}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", package]):
        if subprocess.run(["apt-get", *words], env=env, stdout=subprocess.DEVNULL, check=False).returncode:
            raise ToolMissingError(f"apt-get {' '.join(words)} failed: {what} is still missing")


def _path(program: str) -> str:
    found = shutil.which(program)
    if not found:
        raise ToolMissingError(f"{program} is not on the PATH")
    return found
