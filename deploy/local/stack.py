"""A running stack as tests, the bench and the command line see it."""

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import environment, files, processes, secret_files, services
from deploy.local.components.base import Component
from deploy.local.components.kafka import Kafka
from deploy.local.components.mongo import Mongo
from deploy.local.errors import NotRunningError, StackError
from deploy.local.plan import Plan
from deploy.local.progress import Progress

INFRASTRUCTURE: dict[str, type[Component]] = {"kafka": Kafka, "mongo": Mongo}


class Stack(Plan):
    """Ports, passwords and handles of one stack."""

    @classmethod
    def load(cls, folder: Path) -> "Stack":
        found = cls.read(folder)
        if found is None:
            raise NotRunningError(f"no stack in {folder}: python -m deploy.local up")
        return found

    def env_for(self, service: str) -> dict[str, str]:
        """The whole environment contract for one service."""
        return environment.env_for(self, service)

    def component(self, name: str) -> Component:
        """A handle to start, stop, kill, pause and resume one part on the same port and data."""
        return INFRASTRUCTURE[name](name, self)

    def given(self, name: str) -> bool:
        """Whether this part is somebody else's, named by the environment."""
        return bool({"kafka": self.kafka, "mongo": self.mongo}.get(name))


def parts(only: Collection[str]) -> list[str]:
    """The parts asked for in the order of starting; all that exist if none is named."""
    every = [*INFRASTRUCTURE, *services.built()]
    unknown = set(only) - set(every)
    if unknown:
        raise StackError(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    return [name for name in every if name in only or not only]


def up(
    folder: Path,
    only: Collection[str] = (),
    *,
    progress: Progress,
    preferred: Mapping[str, int] | None = None,
    owner: str = "",
) -> Stack:
    """Start what is asked and not running yet; if one part fails, stop again what this call started."""
    names = parts(only)
    with locked(folder):
            stack = Stack.make(folder, os.environ, preferred or {}, owner)
        secret_files.create(stack.folder / "secrets")
        started: list[Component] = []
        try:
            for group in (INFRASTRUCTURE, services.SERVICES):
                _start(
                    [stack.component(name) for name in names if name in group and not stack.given(name)],
                    started,
                    progress,
                )
        except BaseException:
            for component in reversed(started):
                component.stop()
            raise
    return stack


def _start(wanted: list[Component], started: list[Component], progress: Progress) -> None:
    """Launch all of them, then wait for each: the database gets ready while the broker boots."""
    for component in wanted:
        if component.running:
            progress.say(f"{component.name}: runs already on port {component.port}")
        else:
            started.append(component)
            component.launch()
    for component in wanted:
        if component in started:
            with progress.step(f"{component.name} on port {component.port}"):
                component.wait_ready()


def down(folder: Path, progress: Progress) -> None:
    """Stop in the opposite order, then whatever else belongs to the folder."""
    with locked(folder):
        stack = Stack.load(folder)
        for name in reversed([*INFRASTRUCTURE, *services.built()]):
            component = stack.component(name)
            if component.running:
                with progress.step(f"stopping {name}"):
                    component.stop()
        for process in processes.leftovers(stack.folder):
            processes.stop(process, patience=5)


@contextmanager
def running(folder: Path, only: Collection[str] = ("kafka", "mongo")) -> Iterator[Stack]:
    """A stack for the length of a test run; a run that was killed is cleaned by the next one."""
    for orphan in processes.orphans():
        processes.stop(orphan, patience=5)
    quiet = Progress(quiet=True)
    stack = up(folder, only, progress=quiet, owner=processes.own_mark())
    try:
        yield stack
    finally:
        down(folder, quiet)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One `up` or `down` at a time; the system frees the lock of a killed one."""
    files.private_folder(folder)
    with (folder / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

