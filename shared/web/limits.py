"""How many public forms one address prefix may send: counted in windows, under a keyed hash of the prefix."""

import contextlib
import datetime as dt
import hashlib
import hmac
import ipaddress
from typing import Final, Protocol

from starlette.requests import Request

from shared.clock import Clock
from shared.mongo import Database, OperationFailure, ReturnDocument

WINDOW: Final = dt.timedelta(minutes=10)
_PREFIX: Final = {4: 24, 6: 48}


class TooManyRequests(Exception):  # noqa: N818 - an answer: wait
    """Too much of one kind from one network, or by one application."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Counters(Protocol):
    """Counts by key, each forgotten after its time."""

    async def add(self, key: str, until: dt.datetime) -> int: ...
    async def forget(self, key: str) -> None: ...
    async def purge(self, now: dt.datetime) -> None: ...


class MongoCounters:
    """Shared by all processes of a site."""

    def __init__(self, database: Database) -> None:
        self._counters = database["counters"]

    async def add(self, key: str, until: dt.datetime) -> int:
        """One more; how many that makes."""
        for _ in range(3):
            with contextlib.suppress(OperationFailure):  # two first counts at once: one of them starts over
                found = await self._counters.find_one_and_update(
                    {"_id": key},
                    {"$inc": {"n": 1}, "$setOnInsert": {"until": until}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
                return int(found["n"]) if found else 1
        return 1

    async def forget(self, key: str) -> None:
        await self._counters.delete_one({"_id": key})

    async def purge(self, now: dt.datetime) -> None:
        await self._counters.delete_many({"until": {"$lte": now}})


class Limits:
    """Says when an address prefix has sent too much."""

    def __init__(self, counters: Counters, clock: Clock, key: bytes, allowed: int) -> None:
        self._counters = counters
        self._clock = clock
        self._key = key
        self._allowed = allowed

    async def wait(self, kind: str, prefix: str, *, allowed: int | None = None) -> int:
        """Count one form; seconds until the next is taken, 0 where this one is."""
        now = self._clock.now()
        number = int(now.timestamp() // WINDOW.total_seconds())
        until = dt.datetime.fromtimestamp((number + 1) * WINDOW.total_seconds(), dt.UTC)
        hashed = hmac.new(self._key, f"origin|{prefix}".encode(), hashlib.sha256).hexdigest()[:32]
        count = await self._counters.add(f"{kind}|{hashed}|{number}", until)
        return (
            0
            if count <= (self._allowed if allowed is None else allowed)
            else max(1, int((until - now).total_seconds()))
        )

    async def take(self, kind: str, prefix: str, *, allowed: int | None = None) -> None:
        """Count one.

        Raises:
            TooManyRequests: wait.
        """
        if seconds := await self.wait(kind, prefix, allowed=allowed):
            raise TooManyRequests(seconds)

    async def purge(self) -> None:
        await self._counters.purge(self._clock.now())


def address_prefix(request: Request, trusted_proxies: int) -> str:
    """The network a request comes from: its peer, or what the last trusted proxy saw."""
    seen = [request.client.host if request.client else ""]
    if trusted_proxies:
        forwarded = request.headers.get("x-forwarded-for", "").split(",")
        seen = [*(hop.strip() for hop in forwarded if hop.strip()), *seen]
    address = seen[-min(trusted_proxies + 1, len(seen))]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, _PREFIX[parsed.version]), strict=False))
