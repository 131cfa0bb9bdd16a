"""One line for each step: with a spinner on a terminal, plain elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Tells what happens; `quiet` for tests."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(highlight=False, soft_wrap=True, quiet=quiet)

    @contextmanager
    def step(self, doing: str, done: str = "") -> Iterator[None]:
        begun = time.monotonic()
        with self._console.status(f"{doing} …"):
            yield
        self.say(f"{done or doing}: {time.monotonic() - begun:.1f} s")

    def say(self, text: str) -> None:
        self._console.print(text, markup=False)
