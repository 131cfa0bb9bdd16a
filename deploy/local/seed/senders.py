"""Plays those who send feeds: numbers each file, signs it, and hands it to the service that reads it."""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from deploy.local import files
from deploy.local.errors import StackError
from deploy.local.seed.files import Line, sender_key, write_feed
from deploy.local.stack import Stack
from shared.clock import SystemClock
from shared.security import TokenIssuer

READERS = {
    "register": "identity",
    "vitale-issued": "cards",
    "vitale-production": "cards",
    "settlements": "reimbursements",
    "letters": "notifications",
    "bounces": "notifications",
}
SENDERS = {
    "register": "register",
    "vitale-issued": "vitale-issuer",
    "vitale-production": "manufacturer",
    "settlements": "settlement",
    "letters": "printer",
    "bounces": "mail-relay",
}
TIMEOUT = 600.0
LARGEST = 900_000  # bytes of lines: what a service takes over HTTP ends at a mebibyte


class Senders:
    """The fund's register and the makers of cards, on one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._environment = stack.env_for("console")
        self._secrets = Path(self._environment["SECRETS_DIR"])
        self._urls: dict[str, str] = json.loads(self._environment["SERVICE_URLS"])
        self._clock = SystemClock(Path(self._environment["CLOCK_OFFSET_FILE"]))

    def now(self) -> dt.datetime:
        """The stack's time."""
        return self._clock.now()

    def send(self, feed: str, lines: Iterable[Line]) -> dict[str, Any]:
        """Write the next file of a feed and hand it over; the reader's report.

        Raises:
            StackError: the reader refused it, or does not answer.
        """
        folder = self._stack.sub("feeds")
        sequence = self._next(feed)
        file = write_feed(folder, feed, sequence, self.now(), lines, sender_key(self._secrets, SENDERS[feed]))
        headers = {
            "Authorization": f"Bearer {self._token(READERS[feed])}",
            "X-Feed-Signature": file.with_suffix(".jsonl.sig").read_text(),
            "Content-Type": "application/jsonl",
        }
        url = f"{self._urls[READERS[feed]]}/internal/feeds/{feed}"
        try:
            answer = httpx.post(url, content=file.read_bytes(), headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise StackError(f"{READERS[feed]} does not answer: {type(error).__name__}") from error
        if answer.is_error:
            raise StackError(f"{READERS[feed]} refused the feed {feed}: {answer.status_code} {answer.text[:300]}")
        report: dict[str, Any] = answer.json()
        return report

    def send_all(self, feed: str, lines: Iterable[Line]) -> int:
        """Send lines in as many files as they need; how many lines were set aside."""
        part: list[Line] = []
        size = aside = 0
        for line in lines:
            length = len(json.dumps(line, ensure_ascii=False).encode()) + 1
            if size + length > LARGEST:
                aside += self.send(feed, part)["set_aside"]
                part, size = [], 0
            part.append(line)
            size += length
        return aside + int(self.send(feed, part)["set_aside"])

    def _next(self, feed: str) -> int:
        """One more than the last; remembered beside the files."""
        book = self._stack.sub("feeds") / "sequences.json"
        known: dict[str, int] = json.loads(book.read_text()) if book.exists() else {}
        known[feed] = known.get(feed, 0) + 1
        files.write_private(book, json.dumps(known))
        return known[feed]

    def _token(self, service: str) -> str:
        pem = (self._secrets / "console_ed25519.pem").read_text()
        issuer = TokenIssuer(pem, "console", None, self._clock)
        return issuer.issue(service, actor="seed", actor_kind="feed", acr="machine")
