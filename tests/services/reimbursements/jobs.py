"""The service's own command line as processes: watched from outside, killed, started again."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.services import ROOT

Look = Callable[[], Awaitable[int]]
Say = Callable[[str], None]
EVERY = 0.5
TOLD = 10.0
"""Seconds between two lines that say how far a job is."""


@dataclass
class Job:
    """One command, however often it is started. `look` says how far it is, in `unit`; `total` where it ends."""

    name: str
    arguments: tuple[str, ...]
    env: Mapping[str, str]
    look: Look
    total: int
    say: Say
    seconds: float = field(default=0, init=False)
    peak: float = field(default=0, init=False)
    """MiB of anonymous memory: the pages of a mapped file are not its own."""

    async def killed_at(self, goal: int) -> int:
        """Start it and kill it as soon as it has come so far; how far that was."""
        process = await self._start()
        reached = await self._watch(process, lambda done: done >= goal)
        assert process.returncode is None, f"{self.name} ended before it could be killed"
        process.kill()
        await process.wait()
        self.say(f"{self.name}: killed at {reached:,}")
        return reached

    async def finished(self) -> None:
        """Start it and wait for its end."""
        process = await self._start()
        await self._watch(process, lambda _: False)
        output = await process.stdout.read() if process.stdout else b""
        assert process.returncode == 0, output.decode()[-2000:]

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.reimbursements",
            *self.arguments,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 24,
        )

    async def _watch(self, process: asyncio.subprocess.Process, enough: Callable[[int], bool]) -> int:
        reading = asyncio.create_task(process.wait())
        started = told = time.monotonic()
        before = done = await self.look()
        while not reading.done():
            self.peak = max(self.peak, _anonymous(process.pid))
            done, now = await self.look(), time.monotonic()
            if now - told >= TOLD:
                rate = (done - before) / (now - told)
                self.say(f"{self.name}: {done:,} of {self.total:,}, {rate:,.0f}/s, {self.peak:.0f} MiB at its peak")
                before, told = done, now
            if enough(done):
                break
            await asyncio.wait({reading}, timeout=EVERY)
        self.seconds += time.monotonic() - started
        return done


def _anonymous(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(status.split("RssAnon:")[1].split()[0]) / 1024 if "RssAnon:" in status else 0
