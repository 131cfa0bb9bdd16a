"""The one source of time. Outside production every process adds the offset found in CLOCK_OFFSET_FILE."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Protocol

from shared.canonical import milliseconds


class Clock(Protocol):
    """Tells the time: aware, UTC, cut to milliseconds."""

    def now(self) -> dt.datetime:
        """The current instant."""
        ...


class SystemClock:
    """The machine's clock plus the seconds written in a file, so that a test can move all services at once."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._offset = dt.timedelta()
        self._read_at = float("-inf")

    @classmethod
    def from_environment(cls) -> "SystemClock":
        """With the offset file that CLOCK_OFFSET_FILE names, if any."""
        name = os.environ.get("CLOCK_OFFSET_FILE")
        return cls(Path(name) if name else None)

    def now(self) -> dt.datetime:
        """The current instant; a change of the file is seen within 100 ms."""
        if self._file is not None and time.monotonic() - self._read_at > 0.1:  # noqa: PLR2004 - said above
            self._read_at = time.monotonic()
            self._offset = dt.timedelta(seconds=_seconds(self._file))
        return milliseconds(dt.datetime.now(dt.UTC) + self._offset)


def _seconds(file: Path) -> float:
    try:
        return float(file.read_text().strip() or 0)
    except FileNotFoundError:
        return 0.0
