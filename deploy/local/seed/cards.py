"""What became of some invented cards: brought up to date, lost, followed by a new one; European cards on their way."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from deploy.local.errors import StackError
from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders

PATIENCE = 60.0
"""Seconds until what the register says has reached the cards."""
LOST, EUROPEAN = slice(3, 5), slice(5, 9)
"""Which of the insured persons: the first three are for who tries the demo."""


def lives_of_cards(senders: Senders, people: Sequence[Person]) -> None:
    """Terminals, then what members would have done on the site."""
    holders = [person for person in people if person.serial]
    at = senders.now().isoformat()
    senders.send("vitale-updates", ({"kind": "update", "serial": one.serial, "at": at} for one in holders[::2]))
    insured = [person for person in people if person.rank == 1 and person.serial]
    for person in insured[LOST]:
        _lose(senders, person)
    for person in insured[EUROPEAN]:
        _soon(partial(_ask, senders, person.person_id, "ceam/orders", {"country": "IT"}))


def _lose(senders: Senders, person: Person) -> None:
    card = _soon(lambda: senders.look("cards", f"/persons/{person.person_id}/vitale", person.person_id))
    today = senders.now().date().isoformat()
    facts = {"reason": "lost", "card_id": card["card_id"], "place": "Brest", "happened_on": today}
    _ask(senders, person.person_id, "vitale/reports", {**facts, "declared_on_honour": True})


def _ask(senders: Senders, member: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return senders.ask("cards", f"/persons/{member}/{path}", body, member=member)


def _soon(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a service answers as soon as it knows the person."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except StackError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
