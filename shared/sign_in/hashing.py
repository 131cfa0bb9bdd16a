"""Personal codes as argon2id hashes, mixed with a pepper that lies in no database. A few at a time: memory ends."""

import asyncio
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from shared.problems import Refused

T = TypeVar("T")


class CodeHasher:
    """Hashes and verifies in a pool of threads; whoever comes when too many wait is asked to come back."""

    def __init__(self, pepper: bytes, *, memory_kib: int, at_once: int, waiting: int) -> None:
        self._pepper = pepper
        self._argon2 = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._places = asyncio.Semaphore(at_once + waiting)
        self._decoy = self._argon2.hash(os.urandom(32))

    async def hash(self, code: str) -> str:
        """A hash to keep.

        Raises:
            Refused: `unavailable`, too many wait.
        """
        return await self._run(lambda: self._argon2.hash(self._peppered(code)))

    async def verify(self, code: str, kept: str | None) -> bool:
        """Whether this is the code; with nothing to compare it to, the same work and False.

        Raises:
            Refused: `unavailable`, too many wait.
        """
        right = await self._run(lambda: self._matches(code, kept or self._decoy))
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with weaker settings than today's."""
        return self._argon2.check_needs_rehash(kept)

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose, from the same pepper."""
        return hmac.new(self._pepper, f"derived|{purpose}".encode(), hashlib.sha256).digest()

    def _matches(self, code: str, kept: str) -> bool:
        try:
            return self._argon2.verify(kept, self._peppered(code))
        except VerifyMismatchError:
            return False

    def _peppered(self, code: str) -> bytes:
        # the same characters whichever keyboard composed them
        return hmac.new(self._pepper, unicodedata.normalize("NFC", code).encode(), hashlib.sha256).digest()

    async def _run(self, work: Callable[[], T]) -> T:
        if self._places.locked():
            raise Refused("unavailable")
        async with self._places:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
