"""Plays those who send feeds: numbers each file, signs it, and hands it to the service that reads it."""

import datetime as dt
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from deploy.local import files
from deploy.local.errors import StackError
from deploy.local.seed.files import Line, sender_key, write_feed
from deploy.local.stack import Stack
from shared.clock import SystemClock
from shared.security import TokenIssuer
from shared.web.channel import Channel, channel

READERS = {
    "register": "identity",
    "vitale-issued": "cards",
    "vitale-production": "cards",
    "settlements": "reimbursements",
    "letters": "notifications",
    "bounces": "notifications",
    "vitale-uses": "cards",
    "vitale-updates": "cards",
    "ceam-production": "cards",
}
SENDERS = {
    "register": "register",
    "vitale-issued": "vitale-issuer",
    "vitale-production": "manufacturer",
    "settlements": "settlement",
    "letters": "printer",
    "bounces": "mail-relay",
    "vitale-uses": "terminals",
    "vitale-updates": "terminals",
    "ceam-production": "manufacturer",
}
TIMEOUT = 600.0
ANSWER = 30.0  # seconds for what a member asks
LARGEST = 900_000  # bytes of lines: what a service takes over HTTP ends at a mebibyte


class NotKnownError(StackError):
    """The service does not know what the command is about."""


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

    def ask(
        self, service: str, path: str, body: Mapping[str, Any], member: str = "", patience: float = 0.0
    ) -> dict[str, Any]:
        """Give a command as an agent, or as a member through the members' edge; the service's answer.

        `patience`: seconds for which it is asked again where the service does not know yet what it is about.

        Raises:
            StackError: the service refused it, or does not answer.
        """
        until = time.monotonic() + patience
        while True:
            try:
                return self._call("POST", service, path, member, json=dict(body))
            except NotKnownError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def look(self, service: str, path: str, member: str) -> dict[str, Any]:
        """What a service shows a member.

        Raises:
            StackError: the service shows nothing, or does not answer.
        """
        return self._call("GET", service, path, member)

    def members_line(self, service: str) -> tuple[Channel, httpx.AsyncClient]:
        """How the members' edge asks a service; the client is to be closed."""
        pem = (self._secrets / "gateway_ed25519.pem").read_text()
        return channel(service, self._urls[service], TokenIssuer(pem, "gateway", None, self._clock), ANSWER)

    def _call(self, method: str, service: str, path: str, member: str, **more: Any) -> dict[str, Any]:
        token = self._member_token(service, member) if member else self._agent_token(service)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        url = f"{self._urls[service]}{path}"
        try:
            answer = httpx.request(method, url, headers=headers, timeout=TIMEOUT, **more)
        except httpx.HTTPError as error:
            raise StackError(f"{service} does not answer: {type(error).__name__}") from error
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise NotKnownError(f"{service} does not know {path}")
        if answer.is_error:
            raise StackError(f"{service} refused a command: {answer.status_code} {answer.text[:300]}")
        said: dict[str, Any] = answer.json()
        return said

    def _next(self, feed: str) -> int:
        """One more than the last; remembered beside the files."""
        book = self._stack.sub("feeds") / "sequences.json"
        known: dict[str, int] = json.loads(book.read_text()) if book.exists() else {}
        known[feed] = known.get(feed, 0) + 1
        files.write_private(book, json.dumps(known))
        return known[feed]

    def _agent_token(self, service: str) -> str:
        pem = (self._secrets / "console_ed25519.pem").read_text()
        issuer = TokenIssuer(pem, "console", None, self._clock)
        return issuer.issue(service, actor="agent-seed", actor_kind="agent", acr="totp")

    def _member_token(self, service: str, member: str) -> str:
        pem = (self._secrets / "gateway_ed25519.pem").read_text()
        issuer = TokenIssuer(pem, "gateway", None, self._clock)
        return issuer.issue(service, actor=member, actor_kind="member", acr="full", member_id=member)

    def _token(self, service: str) -> str:
        pem = (self._secrets / "console_ed25519.pem").read_text()
        issuer = TokenIssuer(pem, "console", None, self._clock)
        return issuer.issue(service, actor="seed", actor_kind="feed", acr="machine")
