"""A part of the stack: started, watched until ready, stopped, and killed or frozen by crash tests."""

import os
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import psutil

from deploy.local import errors, files, ports, processes, services
from deploy.local.plan import Plan

POLL = 0.05
NOT_INHERITED = ("LOG_FILE",)  # output goes to the log of the part


class Component(ABC):
    """One process. Each part says its command, how it is prepared and how it shows that it is ready."""

    patience_to_start: ClassVar[float] = 60
    patience_to_stop: ClassVar[float] = 20

    def __init__(self, name: str, plan: Plan) -> None:
        self.name = name
        self.plan = plan
        self.log = plan.sub("logs") / f"{name}.log"
        self._record = plan.sub("run") / f"{name}.json"

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool:
        """Asked again and again; an answer other than True means: not yet."""

    def port_names(self) -> tuple[str, ...]:
        return (self.name,)

    def movable_ports(self) -> tuple[str, ...]:
        """Those that may change when a stranger took them meanwhile."""
        return self.port_names()

    def environment(self) -> dict[str, str]:
        return {}

    def prepare(self) -> None:  # noqa: B027 -- a step that not every part has
        """Before the process: files, formats, first users."""

    def finish(self) -> None:  # noqa: B027 -- a step that not every part has
        """Once, when the process answers: users, topics, rights."""

    @property
    def port(self) -> int:
        return self.plan.ports[self.name]

    @property
    def running(self) -> bool:
        return self._process() is not None

    @property
    def pid(self) -> int:
        found = self._process()
        if found is None:
            raise errors.NotRunningError(f"{self.name} is not running")
        return found.pid

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start and wait until ready; nothing if it runs already."""
        if not self.running:
            self.launch(extra)
        self.wait_ready()

    def launch(self, extra: Mapping[str, str] | None = None) -> None:
        for port in map(self.plan.ports.__getitem__, self.port_names()):
            if not ports.becomes_free(port):
                raise errors.StackError(f"{self.name}: port {port} is taken by another program")
        self.prepare()
        self._spawn(self.command(), {**self.environment(), **(extra or {})})

    def wait_ready(self) -> None:
        self._wait_until(self.is_ready)
        self.finish()

    def stop(self) -> None:
        """In order: the process may finish what it does."""
        found = self._process()
        if found:
            processes.stop(found, self.patience_to_stop)
        self._forget()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        found = self._process()
        self._signal(signal.SIGKILL)
        if found:
            processes.kill(found)
        self._forget()

    def pause(self) -> None:
        """SIGSTOP: alive, but it does nothing, as in a long pause of the machine."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _process(self) -> psutil.Process | None:
        record = processes.Record.read(self._record)
        return record.process() if record else None

    def _signal(self, number: signal.Signals) -> None:
        record = processes.Record.read(self._record)
        if not record or not processes.send(record, number):
            raise errors.NotRunningError(f"{self.name} is not running")

    def _spawn(self, command: list[str], extra: Mapping[str, str]) -> None:
        marks = {processes.FOLDER_MARK: str(self.plan.folder), processes.OWNER_MARK: self.plan.owner}
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        python = {"PYTHONPATH": str(services.ROOT), "PYTHONUNBUFFERED": "1"}
        env = {**inherited, **python, **extra, **marks}
        processes.spawn(command, env, self.log, self._record)

    def _wait_until(self, answers: Callable[[], bool]) -> None:
        end = time.monotonic() + self.patience_to_start
        while not answers():
            if not self.running:
                raise errors.PartFailedError(self.name, "it stopped while starting", self.log)
            if time.monotonic() > end:
                raise errors.PartFailedError(self.name, f"not ready in {self.patience_to_start:.0f} s", self.log)
            time.sleep(POLL)

    def _forget(self) -> None:
        self._record.unlink(missing_ok=True)

    def folder(self) -> Path:
        return files.private_folder(self.plan.folder / self.name)
