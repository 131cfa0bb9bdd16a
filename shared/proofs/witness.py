"""Where checkpoints are kept out of the database's reach: a file that only grows, and a topic."""

import os
from pathlib import Path
from typing import Protocol

from shared.kafka import KafkaAccess


class Witness(Protocol):
    """Keeps what a log once said of itself, so that the log cannot say otherwise later."""

    def last(self) -> str | None:
        """The newest note it holds."""
        ...

    def keep(self, note: str) -> None:
        """Hold one more note, durably."""
        ...


class FileWitness:
    """Notes one behind the other, each closed by a line of its own; meant for a disk that the database cannot write."""

    END = "\n--\n"
    TAIL = 4096

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> str | None:
        # A note that a crash cut short has no end; it was told to nobody.
        whole = self._tail().split(self.END)[:-1]
        return whole[-1] if whole else None

    def keep(self, note: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        tail = self._tail()
        cut_short = bool(tail) and not tail.endswith(self.END)
        with self._path.open("a", encoding="utf-8") as file:
            file.write((self.END if cut_short else "") + note + self.END)
            file.flush()
            os.fsync(file.fileno())

    def _tail(self) -> str:
        if not self._path.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - self.TAIL, 0))
            return file.read().decode("utf-8", errors="replace")


def topic_of_checkpoints(service: str) -> str:
    """The topic of a service's checkpoints."""
    return f"{service}.checkpoints.v1"


async def tell(kafka: KafkaAccess, service: str, note: str) -> None:
    """Send a note to the topic; told twice is no harm.

    Raises:
        KafkaError: it is not there yet.
    """
    producer = kafka.producer()
    await producer.start()
    try:
        await producer.send_and_wait(topic_of_checkpoints(service), key=service.encode(), value=note.encode())
    finally:
        await producer.stop()
