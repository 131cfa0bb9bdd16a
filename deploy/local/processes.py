"""Processes that outlive the command that started them, known by id *and* start time.

A record alone has a gap: a supervisor killed between spawning and writing leaves a process that nobody knows.
So every process also carries the folder of its stack (and, for a test run, its owner) in its environment.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from pydantic import BaseModel

from deploy.local import files

FOLDER_MARK = "LOCAL_STACK_FOLDER"
OWNER_MARK = "LOCAL_STACK_OWNER"
# Start times come from the boot time, which moves a little when the clock is set.
CLOCK_SLACK = 2.0
POLL = 0.02


class Record(BaseModel):
    """Which process was started: an id is reused by the system, an id with its start time is not."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "Record":
        return cls(pid=pid, started=psutil.Process(pid).create_time())

    @classmethod
    def read(cls, file: Path) -> "Record | None":
        return cls.model_validate_json(file.read_bytes()) if file.exists() else None

    def process(self) -> psutil.Process | None:
        """The living process, or None if it ended or its id belongs to another one by now."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < CLOCK_SLACK
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def mark(self) -> str:
        return f"{self.pid}:{self.started}"

    @classmethod
    def from_mark(cls, mark: str) -> "Record":
        pid, started = mark.split(":")
        return cls(pid=int(pid), started=float(started))


def spawn(command: list[str], env: Mapping[str, str], log: Path, record: Path) -> Record:
    """Start in a session of its own, output to the log, and remember it."""
    output = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, files.OWNER_ONLY)
    silence = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    # posix_spawn and no Popen: nothing here waits for the process, it may outlive this one.
    pid = os.posix_spawnp(
        command[0],
        command,
        env,
        file_actions=[silence, output, (os.POSIX_SPAWN_DUP2, 1, 2)],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE],
    )
    started = Record.of(pid)
    files.write_private(record, started.model_dump_json())
    return started


def send(record: Record, number: signal.Signals) -> bool:
    """Signal the process with all it started; False if it is gone."""
    if record.process() is None:
        return False
    try:
        os.killpg(record.pid, number)
    except ProcessLookupError:
        return False
    return True


def stop(process: psutil.Process, patience: float) -> None:
    """Ask, wait, then insist. A frozen process is woken first, or it could not hear the question."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGCONT)
        process.terminate()
        if not _ends(process, patience):
            kill(process)


def kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()
        _ends(process, patience=10)


def _ends(process: psutil.Process, patience: float) -> bool:
    """A zombie has ended, too: whoever should collect it (in a container often nobody) may be slow."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(psutil.TimeoutExpired):
            process.wait(POLL)
            return True
        # Its first thread may be dead while others still close their files.
        if process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1:
            return True
    return False


def leftovers(folder: Path) -> list[psutil.Process]:
    """All processes of this folder's stack, recorded or not."""
    return [process for process, env in _marked() if env.get(FOLDER_MARK) == str(folder)]


def orphans() -> list[psutil.Process]:
    """Processes of test runs whose own process was killed."""
    return [process for process, env in _marked() if _owner_is_gone(env.get(OWNER_MARK, ""))]


def own_mark() -> str:
    return Record.of(os.getpid()).mark()


def _owner_is_gone(mark: str) -> bool:
    return bool(mark) and Record.from_mark(mark).process() is None


def _marked() -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        try:
            if process.pid not in spared and process.uids().real == os.getuid():
                env = process.environ()
                if FOLDER_MARK in env:
                    yield process, env
        except (psutil.Error, OSError):
            continue  # it ended while we looked, or is not ours to read


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
