"""One process after the other, each of which may be killed: imports are paid once, every child is a real process."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

Child = Callable[[dict[str, Any]], Awaitable[None]]


def run_rounds(child: Child) -> None:
    """Fork a child for each round named by the first argument (a JSON list), and say how each ended."""
    for round_ in json.loads(sys.argv[1]):
        pid = os.fork()
        if pid == 0:
            _in_child(child, round_)
        _, status = os.waitpid(pid, 0)
        say(killed=os.WIFSIGNALED(status), code=os.waitstatus_to_exitcode(status))


def say(**facts: Any) -> None:
    """One line for the test that started us."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def _in_child(child: Child, round_: dict[str, Any]) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    code = 1
    try:
        asyncio.run(child(round_))  # type: ignore[arg-type]
        code = 0
    finally:
        os._exit(code)
