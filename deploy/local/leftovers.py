"""What a killed run left behind: found by its records and its marks, and stopped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local import files, processes
from deploy.local.processes import Record

PATIENCE = 5.0


def supervisor_file(folder: Path) -> Path:
    """Who starts the stack now, or watches over it; a dead one here means that it was killed."""
    return files.private_folder(folder / "run") / "supervisor.json"


def watched_by(folder: Path) -> psutil.Process | None:
    record = Record.read(supervisor_file(folder))
    return record.process() if record else None


@contextmanager
def supervising(folder: Path, *, watch: bool) -> Iterator[int]:
    """Clean up behind a killed run, and leave a record behind if this one is killed.

    Without it the next `up` would take half a start for a whole one. Gives the number of processes stopped.
    """
    stopped = stop(folder)
    record = supervisor_file(folder)
    first = watched_by(folder) is None
    if first:
        files.write_private(record, Record.of(os.getpid()).model_dump_json())
    keep = False
    try:
        yield stopped
        keep = watch
    finally:
        if first and not keep:
            record.unlink(missing_ok=True)


def was_killed(folder: Path) -> bool:
    return supervisor_file(folder).exists() and watched_by(folder) is None


def stop(folder: Path) -> int:
    """All of a killed run; of a healthy one only what nobody recorded. Says how many processes it stopped."""
    known = set() if was_killed(folder) else _recorded(folder)
    strays = [process for process in processes.leftovers(folder) if _session(process) not in known]
    for process in strays:
        processes.stop(process, PATIENCE)
    return len(strays)


def stop_orphans() -> None:
    """Those of test runs that were killed, in any folder."""
    for process in processes.orphans():
        processes.stop(process, PATIENCE)


def _recorded(folder: Path) -> set[int]:
    records = [Record.read(file) for file in (folder / "run").glob("*.json")]
    return {record.pid for record in records if record and record.process()}


def _session(process: psutil.Process) -> int:
    """Each part leads a session of its own, so what it started itself is known by that."""
    try:
        return os.getsid(process.pid)
    except ProcessLookupError:
        return process.pid
