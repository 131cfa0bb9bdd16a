"""The command line as a person uses it, with the parts that start fastest."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import processes, stack
from deploy.local.commands import lifecycle
from deploy.local.errors import PartFailedError
from deploy.local.progress import Progress
from deploy.local.services import ROOT
from deploy.local.stack import Stack

pytestmark = pytest.mark.connected

PARTS = "mongo,mail"


@pytest.fixture
def folder(var: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    folder = var / request.node.name
    yield folder
    stack.down(folder)
    assert processes.leftovers(folder) == []


def command(words: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "deploy.local", *words.split(), "--folder", str(folder)]


def run(words: str, folder: Path, code: int = 0) -> str:
    done = subprocess.run(command(words, folder), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def in_foreground(folder: Path) -> subprocess.Popen[str]:
    """A stack that is ready and watched."""
    started = subprocess.Popen(
        command(f"up --only {PARTS} --foreground", folder), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    for line in started.stdout:
        if "Ctrl-C" in line:
            break
    return started


def end(started: subprocess.Popen[str], number: signal.Signals) -> str:
    started.send_signal(number)
    output, _ = started.communicate(timeout=60)
    return output


def pids(folder: Path) -> dict[str, int]:
    return {name: Stack.load(folder).component(name).pid for name in PARTS.split(",")}


def test_a_second_up_finds_the_first_and_down_leaves_nothing(folder: Path) -> None:
    first = run(f"up --only {PARTS}", folder)
    assert "mongo is ready on port" in first
    before = pids(folder)
    assert "mail: runs already on port" in run(f"up --only {PARTS}", folder)
    assert pids(folder) == before
    assert f"runs as process {before['mongo']}" in run("status", folder)
    assert "kafka           port" in run("status", folder)
    run("down", folder)
    assert processes.leftovers(folder) == []
    assert "everything is stopped" in run("down", folder)


def test_up_starts_again_only_what_was_killed(folder: Path) -> None:
    stack.up(folder, PARTS.split(","))
    before = pids(folder)
    Stack.load(folder).component("mail").kill()
    stack.up(folder, PARTS.split(","))
    assert pids(folder)["mongo"] == before["mongo"]
    assert pids(folder)["mail"] != before["mail"]


def test_ctrl_c_stops_all(folder: Path) -> None:
    started = in_foreground(folder)
    assert len(processes.leftovers(folder)) == 2
    assert "stopping mail, mongo" in end(started, signal.SIGINT)
    assert started.returncode == 0
    assert processes.leftovers(folder) == []


class Interrupted(Progress):
    """Of a person who does not wait until the line is on the screen."""

    def say(self, text: str) -> None:
        if text.startswith("Ctrl-C"):
            raise KeyboardInterrupt


def test_ctrl_c_before_all_is_said_stops_all(folder: Path) -> None:
    handler = signal.getsignal(signal.SIGINT)
    try:
        lifecycle.watch(stack.up(folder, ["mail"]), Interrupted())
    finally:
        signal.signal(signal.SIGINT, handler)
    assert processes.leftovers(folder) == []


def test_down_ends_the_watch_of_a_foreground(folder: Path) -> None:
    started = in_foreground(folder)
    run("down", folder)
    started.communicate(timeout=30)
    assert started.returncode == 0


def test_what_a_killed_supervisor_left_is_cleaned_by_the_next_up(folder: Path) -> None:
    started = in_foreground(folder)
    before = pids(folder)
    end(started, signal.SIGKILL)
    assert pids(folder) == before
    assert "stopped 2 processes that a killed run had left" in run(f"up --only {PARTS}", folder)
    assert not set(before.values()) & set(pids(folder).values())


def test_a_supervisor_killed_in_the_middle_of_a_start_is_cleaned_up_after(folder: Path) -> None:
    started = subprocess.Popen(command(f"up --only {PARTS}", folder), cwd=ROOT, stdout=subprocess.DEVNULL)
    while not processes.leftovers(folder):
        time.sleep(0.01)
    started.kill()
    started.wait()
    assert "that a killed run had left" in run(f"up --only {PARTS}", folder)
    assert len(processes.leftovers(folder)) == 2


def test_a_port_taken_by_a_stranger_is_left_to_it(folder: Path) -> None:
    before = stack.Stack.make(folder, {}, {}).ports["mail"]
    with socket.create_server(("127.0.0.1", before)):
        assert f"port {before} is taken" in run("up --only mail", folder)
    assert Stack.load(folder).ports["mail"] != before


def test_a_part_that_does_not_start_shows_its_log_and_takes_the_others_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lame = [sys.executable, "-c", "import sys; sys.exit('no room on the device')"]
    monkeypatch.setattr(stack.Mongo, "command", lambda _: lame)
    with pytest.raises(PartFailedError, match=r"(?s)mongo: it stopped while starting.*no room on the device"):
        stack.up(folder, {"mongo", "mail"})
    assert processes.leftovers(folder) == []


def test_what_the_environment_names_is_not_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URL", "mongodb://127.0.0.1:1/?directConnection=true")
    assert "mongo" not in run(f"up --only {PARTS}", folder)
    assert len(processes.leftovers(folder)) == 1
    assert "mongo           given by the environment" in run("status", folder)


def test_a_folder_without_a_stack_and_an_unknown_part_are_named(var: Path) -> None:
    assert "no such part: mango" in run("up --only mango", var / "nothing", code=1)
    assert "no stack in" in run("status", var / "nothing", code=1)
    assert "there is no stack in" in run("down", var / "nothing")


def test_a_plain_run_writes_plain_lines(folder: Path) -> None:
    assert "\x1b" not in run("up --only mail", folder)
    assert json.loads((folder / "stack.json").read_text())["ports"]["mail"]
    assert (folder / "secrets" / "kek").exists()
