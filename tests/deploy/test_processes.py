import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import leftovers, processes
from deploy.local.processes import Record

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()",
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "run").mkdir()
    yield tmp_path
    for process in processes.leftovers(tmp_path):
        processes.kill(process)


def spawn(folder: Path, command: list[str], owner: str = "") -> Record:
    marks = {processes.FOLDER_MARK: str(folder), processes.OWNER_MARK: owner}
    return processes.spawn(command, {**os.environ, **marks}, folder / "log", folder / "run" / "part.json")


def ended() -> Record:
    """The record of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    record = Record.of(done.pid)
    done.wait()
    return record


def test_a_record_finds_its_process_and_survives_on_disk(folder: Path) -> None:
    record = spawn(folder, SLEEP)
    assert Record.read(folder / "run" / "part.json") == record
    assert record.process() == psutil.Process(record.pid)


def test_a_recycled_id_is_not_taken_for_the_process() -> None:
    mine = Record.of(os.getpid())
    recycled = Record(pid=mine.pid, started=mine.started - 60)
    assert recycled.process() is None
    assert not processes.send(recycled, signal.SIGKILL)  # or this test run would have ended here


def test_a_process_that_ended_is_gone(folder: Path) -> None:
    assert ended().process() is None


def test_a_process_that_ended_and_was_not_awaited_is_gone(folder: Path) -> None:
    record = spawn(folder, [sys.executable, "-c", ""])
    deadline = time.monotonic() + 10
    while record.process() is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert record.process() is None


def test_stopping_lets_a_process_end_by_itself(folder: Path) -> None:
    process = spawn(folder, SLEEP).process()
    assert process is not None
    processes.stop(process, patience=10)
    assert not process.is_running()


def test_a_deaf_process_is_killed_when_patience_ends(folder: Path) -> None:
    process = spawn(folder, DEAF).process()
    assert process is not None
    while "deaf" not in (folder / "log").read_text():
        time.sleep(0.01)
    processes.stop(process, patience=0.2)
    assert not process.is_running()


def test_a_frozen_process_is_stopped_too(folder: Path) -> None:
    record = spawn(folder, SLEEP)
    processes.send(record, signal.SIGSTOP)
    process = record.process()
    assert process is not None
    processes.stop(process, patience=10)
    assert not process.is_running()


def test_a_signal_reaches_what_the_process_started_itself(folder: Path) -> None:
    record = spawn(folder, WITH_CHILD)
    while len(processes.leftovers(folder)) < 2:
        time.sleep(0.01)
    assert processes.send(record, signal.SIGKILL)
    while processes.leftovers(folder):
        time.sleep(0.01)


def test_output_and_errors_go_to_the_log_and_are_appended(folder: Path) -> None:
    for word in ("first", "second"):
        spawn(folder, [sys.executable, "-uc", f"import sys; print('{word}'); print('{word}!', file=sys.stderr)"])
        for process in processes.leftovers(folder):
            process.wait(10)
    while "second!" not in (folder / "log").read_text():
        time.sleep(0.01)
    assert (folder / "log").read_text().split() == ["first", "first!", "second", "second!"]


def test_what_is_recorded_is_left_alone_and_what_is_not_is_stopped(folder: Path) -> None:
    stray = spawn(folder, SLEEP)
    (folder / "run" / "part.json").unlink()
    known = spawn(folder, WITH_CHILD)
    while len(processes.leftovers(folder)) < 3:
        time.sleep(0.01)
    assert leftovers.stop(folder) == 1
    assert stray.process() is None
    assert known.process() is not None
    assert len(processes.leftovers(folder)) == 2


def test_of_a_killed_run_everything_is_stopped(folder: Path) -> None:
    known = spawn(folder, SLEEP)
    leftovers.supervisor_file(folder).write_text(ended().model_dump_json())
    assert leftovers.was_killed(folder)
    assert leftovers.stop(folder) == 1
    assert known.process() is None


def test_while_a_supervisor_lives_its_record_is_not_taken_over(folder: Path) -> None:
    with leftovers.supervising(folder, watch=True), leftovers.supervising(folder, watch=False):
        pass
    watcher = leftovers.watched_by(folder)
    assert watcher is not None
    assert watcher.pid == os.getpid()


@pytest.mark.parametrize(("watch", "stays"), [(False, False), (True, True)])
def test_only_a_watched_run_keeps_its_record(folder: Path, *, watch: bool, stays: bool) -> None:
    with leftovers.supervising(folder, watch=watch):
        assert leftovers.watched_by(folder) is not None
    assert leftovers.supervisor_file(folder).exists() is stays


def test_a_start_that_fails_keeps_no_record(folder: Path) -> None:
    with pytest.raises(ValueError, match="x"), leftovers.supervising(folder, watch=True):
        raise ValueError("x")
    assert not leftovers.supervisor_file(folder).exists()


def test_processes_of_a_killed_test_run_are_orphans_and_those_of_a_living_one_are_not(folder: Path) -> None:
    orphan = spawn(folder, SLEEP, owner=ended().mark())
    own = spawn(folder, SLEEP, owner=processes.own_mark())
    detached = spawn(folder, SLEEP)
    found = {process.pid for process in processes.orphans()}
    assert orphan.pid in found
    assert not {own.pid, detached.pid} & found
