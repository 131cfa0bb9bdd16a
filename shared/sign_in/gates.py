"""How many tries are let through: each is counted before it is made, and forgiven when it proves right."""

import math
from typing import Final

from shared.clock import Clock
from shared.problems import Refused
from shared.sign_in.stores import TriesStore
from shared.sign_in.tries import Gate, Policy

ATTEMPTS: Final = 5
_CODES: Final = {Gate.WAIT: "try-later", Gate.CLOSED: "tries-exhausted"}


class TooMany(Refused):
    """Not now: `try-later` while a delay runs, `tries-exhausted` until the window has passed."""

    def __init__(self, code: str, seconds: int) -> None:
        super().__init__(code)
        self.seconds = seconds


class Gatekeeper:
    """Keeps the gates; a gate is named by keyed hashes."""

    def __init__(self, tries: TriesStore, clock: Clock) -> None:
        self._tries = tries
        self._clock = clock

    async def enter(self, gate: str, policy: Policy) -> None:
        """Count a try.

        Raises:
            TooMany: not now.
        """
        for _ in range(ATTEMPTS):
            if policy.delays_from is None and await self._tries.add(gate, policy, self._clock.now()):
                return  # nobody has to wait here, so that many at once need not wait for one another
            now, before = self._clock.now(), await self._tries.load(gate)
            verdict = before.gate(policy, now)
            if verdict is not Gate.OPEN:
                raise TooMany(_CODES[verdict], math.ceil((before.opens_at(policy, now) - now).total_seconds()))
            if await self._tries.swap(gate, before, before.another(policy, now), now + policy.window):
                return
        raise TooMany("try-later", 1)  # many at once: the gate lets one through at a time

    async def forgive(self, gate: str) -> None:
        """The try was right: all before it are forgotten."""
        await self._tries.clear(gate)

    async def give_back(self, gate: str) -> None:
        """The try was right: it alone is not counted. For a gate that many share: nobody clears it for the others."""
        await self._tries.give_back(gate)
