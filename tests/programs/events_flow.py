"""What a fund and its members do all day, on a running stack: `python -m tests.programs.events_flow FOLDER SECONDS`.

Payments come in, members declare a card lost, change where they are paid and think better of it. It says « ready » when
it begins, and at the end how often, as JSON.
"""

import asyncio
import datetime as dt
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Final

from deploy.local.commands.seed import ADULT, age
from deploy.local.seed.accounts import ANOTHER_IBAN
from deploy.local.seed.care import settlement_lines
from deploy.local.seed.files import Line
from deploy.local.seed.people import Families, Person
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack
from services.gateway.clients.cards import HttpCards, ReportFacts
from services.gateway.clients.persons import HttpPersons
from services.gateway.clients.who import Who
from shared.security import STEP_UP

SEED: Final = 7
MEMBERS: Final = 20
"""Those who have an account."""
TICK: Final = 0.5
LINES: Final = 1
"""Payments and claims in one file: two a second, four times what 800,000 insured with 20 claims a year each send."""
EVERY: Final = 20
"""Ticks from one act of a member to the next: every ten seconds somebody loses a card, and one changes his bank."""


class Invented:
    """The same people whoever asks, and what is paid to them: before, and during the flow."""

    def __init__(self, insured: int, today: dt.date) -> None:
        self.people: Sequence[Person] = tuple(Families(SEED, today).people(insured))
        adults = [one for one in self.people if one.rank == 1 and one.serial and age(one, today) >= ADULT]
        self.members, self.others = adults[:MEMBERS], adults[MEMBERS:]
        lines = groupby(settlement_lines(self.people, SEED, today), lambda line: line["household_id"])
        halves = [_halves(list(some)) for _, some in lines]
        self.paid: Sequence[Line] = tuple(chain.from_iterable(first for first, _ in halves))
        self.to_come: Sequence[Line] = tuple(chain.from_iterable(second for _, second in halves))


def _halves(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    return lines[: len(lines) // 2], lines[len(lines) // 2 :]


class Flow:
    """What happens, one thing at a time."""

    def __init__(self, senders: Senders, cards: HttpCards, persons: HttpPersons, invented: Invented) -> None:
        self.done: Counter[str] = Counter()
        self._senders, self._cards, self._persons = senders, cards, persons
        self._lines = iter(invented.to_come)
        self._losers, self._movers = iter(invented.others), iter(invented.members)

    async def tick(self, number: int) -> None:
        if lines := list(islice(self._lines, LINES)):
            report = await asyncio.to_thread(self._senders.send, "settlements", lines)
            assert report["set_aside"] == 0, report
            self.done["payments"] += len(lines)
        if number % EVERY == 0 and (person := next(self._losers, None)):
            await self._lose(person)
        if number % EVERY == 1 and (person := next(self._movers, None)):
            await self._move(person)

    async def _lose(self, person: Person) -> None:
        who = self._who(person)
        card = (await self._cards.vitale(who, None)).value
        assert card is not None
        today = self._senders.now().date()
        facts = ReportFacts(
            card_id=card.card_id, declaration_id=_id(), reason="lost", place="Toulon", happened_on=today
        )
        await self._cards.report(who, _id(), facts)
        self.done["declarations"] += 1

    async def _move(self, person: Person) -> None:
        """The step-up is the edge's word, as for any service."""
        who = replace(self._who(person), access=STEP_UP, auth_time=self._senders.now())
        written = await self._persons.change_bank_details(who, _id(), ANOTHER_IBAN)
        held = (await self._persons.bank_details(who, str(written))).value
        assert held.request_id is not None
        await self._persons.cancel_bank_change(who, _id(), held.request_id)
        self.done["bank changes"] += 1

    @staticmethod
    def _who(person: Person) -> Who:
        return Who(_id(), person.person_id, access="full", origin="flow")


def _id() -> str:
    return str(uuid.uuid4())


async def main(folder: Path, seconds: float, insured: int) -> None:
    senders = Senders(Stack.load(folder))
    (cards, one), (persons, other) = senders.members_line("cards"), senders.members_line("identity")
    flow = Flow(senders, HttpCards(cards), HttpPersons(persons), Invented(insured, senders.now().date()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    started = time.monotonic()
    async with one, other:
        for number in range(int(seconds / TICK)):
            await asyncio.sleep(max(0.0, started + number * TICK - time.monotonic()))
            await flow.tick(number)
    sys.stdout.write(json.dumps(flow.done))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
