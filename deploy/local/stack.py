"""A running stack as tests, the bench and the command line see it."""

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local import environment, files, leftovers, ports, processes, secret_files, services
from deploy.local.components import kafka_admin, mongo_admin
from deploy.local.components.base import Component
from deploy.local.components.kafka import Kafka
from deploy.local.components.mongo import Mongo
from deploy.local.components.web import Mail, Service
from deploy.local.errors import NotRunningError, StackError
from deploy.local.plan import ADMIN, Plan
from deploy.local.progress import Progress

INFRASTRUCTURE: dict[str, type[Component]] = {"mail": Mail, "kafka": Kafka, "mongo": Mongo}
QUIET = Progress(quiet=True)


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

    def mongo_url(self, user: str = ADMIN) -> str:
        """The connection string of a service's user, or of the administrator."""
        return mongo_admin.url(self, user)

    def kafka_config(self, user: str = ADMIN) -> kafka_admin.Config:
        """The same for a client of librdkafka."""
        return kafka_admin.client_config(self, user)

    def component(self, name: str) -> Component:
        """A handle to start, stop, kill, pause and resume one part on the same port and data."""
        return INFRASTRUCTURE.get(name, Service)(name, self)

    def given(self, name: str) -> bool:
        """Whether this part is somebody else's, named by the environment."""
        return bool({"kafka": self.kafka, "mongo": self.mongo}.get(name))


def parts(only: Collection[str] = ()) -> list[str]:
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
    progress: Progress = QUIET,
    preferred: Mapping[str, int] | None = None,
    watch: bool = False,
) -> Stack:
    """Start what is asked and not running yet; `watch` says that the caller stays and stops it."""
    names = parts(only)
    with locked(folder), leftovers.supervising(folder.absolute(), watch=watch) as stopped:
        if stopped:
            progress.say(f"stopped {stopped} processes that a killed run had left")
        owner = processes.own_mark() if watch else ""
        stack = Stack.make(folder, os.environ, preferred or {}, owner)
        secret_files.create(stack.folder / "secrets")
        stack.sub("spans")
        stack = _with_free_ports(stack, names, progress)
        _start_all(stack, names, progress)
    return stack


def _with_free_ports(stack: Stack, names: Collection[str], progress: Progress) -> Stack:
    for component in _own(stack, names):
        for name in () if component.running else component.movable_ports():
            if not ports.is_free(stack.ports[name]):
                progress.say(f"{name}: port {stack.ports[name]} is taken by another program, another is used")
                stack = stack.moved(name)
    return stack


def _start_all(stack: Stack, names: Collection[str], progress: Progress) -> None:
    """If one part fails, what this call started is stopped again."""
    started: list[Component] = []
    try:
        for group in (INFRASTRUCTURE, services.SERVICES):
            _start([part for part in _own(stack, names) if part.name in group], started, progress)
            if stack.kafka and group is INFRASTRUCTURE:
                kafka_admin.create_topics(kafka_admin.login(stack.kafka))
    except BaseException:
        _stop(started, progress)
        raise


def _start(wanted: list[Component], started: list[Component], progress: Progress) -> None:
    """Launch all of them, then wait for each: the database gets ready while the broker boots."""
    new = [part for part in wanted if not part.running]
    for part in wanted:
        if part not in new:
            progress.say(f"{part.name}: runs already on port {part.port}")
    if new:
        with progress.step(f"launching {_list(new)}"):
            for part in new:
                started.append(part)
                part.launch()
    for part in new:
        with progress.step(f"waiting for {part.name}", f"{part.name} is ready on port {part.port}"):
            part.wait_ready()


def _own(stack: Stack, names: Collection[str]) -> list[Component]:
    return [stack.component(name) for name in names if not stack.given(name)]


def down(folder: Path, progress: Progress = QUIET) -> None:
    """Stop the services, then what they stand on, then whatever else belongs to the folder."""
    with locked(folder):
        stack = Stack.load(folder)
        every = [stack.component(name) for name in (*INFRASTRUCTURE, *services.SERVICES)]
        _stop([part for part in every if part.running], progress)
        leftovers.stop(stack.folder)
        leftovers.supervisor_file(stack.folder).unlink(missing_ok=True)


def _stop(wanted: list[Component], progress: Progress) -> None:
    """All of a group at once, for each may take its time to finish what it does."""
    for group in (services.SERVICES, INFRASTRUCTURE):
        together = [part for part in wanted if part.name in group]
        if together:
            with progress.step(f"stopping {_list(together)}"), ThreadPoolExecutor() as pool:
                list(pool.map(Component.stop, together))


def _list(wanted: list[Component]) -> str:
    return ", ".join(part.name for part in wanted)


@contextmanager
def running(folder: Path, only: Collection[str] = ("kafka", "mongo")) -> Iterator[Stack]:
    """A stack for the length of a test run; what a killed run left is cleaned by the next one."""
    leftovers.stop_orphans()
    stack = up(folder, only, watch=True)
    try:
        yield stack
    finally:
        down(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One `up` or `down` at a time; the system frees the lock of a killed one."""
    files.private_folder(folder)
    with (folder / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
