"""Accepted mails as files: synced and renamed before the sender hears 250."""

import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from deploy.local import files

SUFFIX = ".eml"


class Mailbox:
    """One file a mail, named so that names sort by arrival; counts per Message-ID are read again at a start."""

    def __init__(self, folder: Path) -> None:
        self._folder = files.private_folder(folder)
        self._counts = Counter(_message_id(_headers(file)) for file in self._files())

    def keep(self, raw: bytes, sender: str, recipients: Sequence[str]) -> str:
        """Durable when it returns."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        received = datetime.now(UTC).isoformat(timespec="milliseconds")
        envelope = f"X-Received: {received}\r\nX-From: {sender}\r\nX-To: {', '.join(recipients)}\r\n"
        files.write_private(self._folder / f"{name}{SUFFIX}", envelope.encode() + raw)
        _sync_folder(self._folder)
        self._counts[_message_id(_parse(raw, headers_only=True))] += 1
        return name

    def accepted(self, message_id: str) -> int:
        """How often a mail of this Message-ID was answered with 250, with or without its angle brackets."""
        return self._counts[message_id.strip("<> ")]

    def newest_first(self) -> Iterator[tuple[str, EmailMessage]]:
        """Headers only."""
        for file in reversed(self._files()):
            yield file.name.removesuffix(SUFFIX), _headers(file)

    def read(self, name: str) -> EmailMessage | None:
        """A name that is not one of ours finds nothing, whatever path it spells."""
        found = [file for file in self._files() if file.name == f"{name}{SUFFIX}"]
        return _parse(found[0].read_bytes()) if found else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}"))


def _headers(file: Path) -> EmailMessage:
    return _parse(file.read_bytes(), headers_only=True)


def _parse(raw: bytes, *, headers_only: bool = False) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(raw, headersonly=headers_only)


def _message_id(message: EmailMessage) -> str:
    return str(message.get("Message-ID", "")).strip("<> ")


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
