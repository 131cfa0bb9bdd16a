import os
from pathlib import Path

import pytest

from deploy.local.errors import ToolMissingError
from deploy.local.tools import cache, database_server, system


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its PATH, used by somebody who is not root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def compilers(path: Path) -> None:
    for name in ("c++", "cmake"):
        program(path, name, "here")


def program(path: Path, name: str, says: str) -> None:
    file = path / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)


def test_a_missing_java_is_named_with_the_command_that_brings_it(path: Path) -> None:
    with pytest.raises(
        ToolMissingError, match="sudo apt-get install -y --no-install-recommends openjdk-17-jre-headless"
    ):
        system.java()


def test_an_old_java_counts_as_missing(path: Path) -> None:
    program(path, "java", 'openjdk version "11.0.2" 2019-01-15')
    with pytest.raises(ToolMissingError, match="Java 17 or newer"):
        system.java()


def test_a_java_of_today_is_used(path: Path) -> None:
    program(path, "java", 'openjdk version "21.0.1" 2023-10-17')
    assert system.java() == str(path / "java")


def test_missing_maven_and_chromium_are_named(path: Path) -> None:
    program(path, "java", 'openjdk version "17.0.15" 2025-04-15')
    with pytest.raises(ToolMissingError, match="install -y --no-install-recommends maven"):
        system.maven()
    with pytest.raises(ToolMissingError, match="install -y --no-install-recommends chromium"):
        system.chromium()


@pytest.mark.parametrize("says", [None, "cargo 1.63.0", "cargo 1.94.2 (abc 2026-01-01)"])
def test_a_missing_or_old_cargo_names_rustup_and_the_way_without(path: Path, says: str | None) -> None:
    if says:
        program(path, "cargo", says)
    with pytest.raises(ToolMissingError, match=r"rustup toolchain install 1\.95.*MONGO_URL"):
        system.cargo()


@pytest.mark.parametrize("says", ["cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "cargo 1.100.0", "cargo 2.0.0"])
def test_a_cargo_new_enough_is_used(path: Path, says: str) -> None:
    program(path, "cargo", says)
    assert system.cargo() == str(path / "cargo")


def test_mongod_on_the_path_is_preferred(path: Path) -> None:
    assert database_server.mongod() is None
    program(path, "mongod", "db version v8.0.0")
    assert database_server.mongod() == str(path / "mongod")


def test_the_database_server_is_built_in_the_cache_once(
    path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("MCEL_CACHE", str(home))
    build = (
        '#!/bin/sh\ncase "$1" in --version) echo "cargo 1.95.0"; exit;; esac\n'
        f'echo "$@ LTO=$CARGO_PROFILE_RELEASE_LTO UNITS=$CARGO_PROFILE_RELEASE_CODEGEN_UNITS" >> {home}/calls\n'
        f"/bin/mkdir -p {home}/secantus-mdb-0.5.3-beta.196/bin\n: > {home}/secantus-mdb-0.5.3-beta.196/bin/secantusd-rs\n"
    )
    (path / "cargo").write_text(build)
    (path / "cargo").chmod(0o755)
    compilers(path)
    assert (
        database_server.secantus()
        == database_server.secantus()
        == home / "secantus-mdb-0.5.3-beta.196/bin/secantusd-rs"
    )
    assert (home / "calls").read_text().splitlines() == [
        f"install secantus-mdb --version 0.5.3-beta.196 --locked --ignore-rust-version --root {home}/secantus-mdb-0.5.3-beta.196 LTO=off UNITS=16"
    ]


def test_a_failed_build_is_an_error_and_not_a_server(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCEL_CACHE", str(path / "cache"))
    program(path, "cargo", "cargo 1.95.0")
    with pytest.raises(ToolMissingError, match="install -y --no-install-recommends build-essential"):
        database_server.secantus()
    compilers(path)
    with pytest.raises(ToolMissingError, match="could not be built"):
        database_server.secantus()


def test_the_cache_may_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCEL_CACHE", str(tmp_path / "here"))
    assert cache.folder() == tmp_path / "here"
    monkeypatch.delenv("MCEL_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "mon-compte-en-ligne"
