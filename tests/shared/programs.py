"""Starts the helper programs of tests/programs/ as processes of their own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from deploy.local.services import ROOT


@asynccontextmanager
async def program(module: str, *arguments: str, env: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m tests.programs.<module>`, with its output as a stream; killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.programs.{module}",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.kill()
        await process.communicate()


async def line(process: asyncio.subprocess.Process) -> str:
    """Its next line of output; empty when it has ended."""
    assert process.stdout
    return (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()


async def tell(process: asyncio.subprocess.Process, text: str = "") -> None:
    assert process.stdin
    process.stdin.write(f"{text}\n".encode())
    await process.stdin.drain()
