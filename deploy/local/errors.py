"""What can go wrong, told so that a person can act on it.

StackError
├── ToolMissingError  a program is not there: says the command that brings it
├── PartFailedError   a part did not become ready: carries the end of its log
└── NotRunningError   the folder holds no stack, or the part is down
"""

from pathlib import Path

TAIL_LINES = 30


class StackError(Exception):
    """Base of all errors a person sees as one message without a traceback."""


class ToolMissingError(StackError):
    """A program is missing or too old."""


class NotRunningError(StackError):
    """There is nothing to talk to."""


class PartFailedError(StackError):
    """A part of the stack stopped or did not get ready in time."""

    def __init__(self, name: str, why: str, log: Path) -> None:
        super().__init__(f"{name}: {why}; the end of {log}:\n{tail(log)}")


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
