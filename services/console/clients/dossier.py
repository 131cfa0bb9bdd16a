"""What the console asks of a service for an auditor: dossiers, numbers, what strays or stands still, draws."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from services.console.clients.who import Who
from shared.lifecycles import Wanted
from shared.web.channel import Answer, Channel

BASE: Final = "/internal/audit"


class Moved(Answer):
    """A step of a lifecycle as it was taken."""

    lifecycle: str
    subject: str
    before: str | None
    after: str
    allowed: bool
    seconds: float | None


class Transition(Answer):
    """One event, without its values."""

    position: int
    stream: str
    version: int
    event_id: str
    type: str
    schema_version: int
    occurred_at: str
    recorded_at: dt.datetime
    actor: str
    actor_kind: str
    acting_for: str | None
    channel: str | None
    codes: Mapping[str, str]
    evidence: Mapping[str, str]
    hash: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    moves: tuple[Moved, ...]


class Standing(Answer):
    """Where one card, order or message is now."""

    lifecycle: str
    subject: str
    state: str
    since: dt.datetime
    seconds: float
    stuck: bool
    deviations: int


class Dossier(Answer):
    """One person in one service."""

    position: int
    transitions: tuple[Transition, ...]
    standings: tuple[Standing, ...]


class Progress(Answer):
    """How far the service has read its log."""

    position: int
    head: int

    @property
    def complete(self) -> bool:
        """Whether all was read."""
        return self.position >= self.head


class Examined(Answer):
    """What is answered from a log that is read a while at a time."""

    progress: Progress


class FoundPersons(Examined):
    """Whose a number is, or was."""

    persons: tuple[str, ...]


class Deviation(Answer):
    """A step that no lifecycle allows."""

    lifecycle: str
    subject: str
    before: str | None
    after: str
    at: dt.datetime
    person_id: str


class Stuck(Answer):
    """What stands in a state for too long."""

    lifecycle: str
    subject: str
    state: str
    since: dt.datetime
    late: float
    person_id: str


class TimeInState(Answer):
    """How long it took to leave a state, and how many stand in it."""

    left: int
    seconds: float
    longest: float
    standing: int
    oldest: dt.datetime | None


class Findings(Examined):
    """Of everything in one service that has a lifecycle."""

    streams: int
    moves: int
    states: Mapping[str, Mapping[str, TimeInState]]
    deviations: tuple[Deviation, ...]
    deviating: int
    stuck: tuple[Stuck, ...]
    standing_still: int


class Life(Answer):
    """One card, order or message."""

    id: str
    lifecycle: str
    subject: str
    person_id: str
    state: str
    since: dt.datetime
    started: dt.datetime
    steps: int
    codes: tuple[str, ...]
    deviations: int


class Lives(Examined):
    """Those that were asked for: how many, and the first ones."""

    count: int
    lives: tuple[Life, ...]


class DrawMade(Answer):
    """From how many, with which hash."""

    seed: str
    population: int
    population_hash: str
    ids: tuple[str, ...]


class Drawn(Examined):
    """A sample, once all was read."""

    draw: DrawMade | None
    lives: tuple[Life, ...]


class Population(Examined):
    """All of them, by name."""

    ids: tuple[str, ...]


class DossierLine:
    """Over HTTP."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def dossier(self, who: Who, person_id: str) -> Dossier:
        return (await self._channel.query(who, f"{BASE}/persons/{quote(person_id, safe='')}/dossier", Dossier)).value

    async def look_up(self, who: Who, number: str) -> FoundPersons:
        return await self._channel.ask(who, f"{BASE}/look-ups", FoundPersons, body={"number": number})

    async def findings(self, who: Who) -> Findings:
        return (await self._channel.query(who, f"{BASE}/findings", Findings)).value

    async def lives(self, who: Who, wanted: Wanted) -> Lives:
        return await self._channel.ask(who, f"{BASE}/lives", Lives, body=_of(wanted, None))

    async def draw(self, who: Who, wanted: Wanted, seed: str, size: int, until: int | None) -> Drawn:
        body = {**_of(wanted, until), "seed": seed, "size": size}
        return await self._channel.ask(who, f"{BASE}/draws", Drawn, body=body)

    async def population(self, who: Who, wanted: Wanted, until: int) -> Population:
        return await self._channel.ask(who, f"{BASE}/populations", Population, body=_of(wanted, until))


def _of(wanted: Wanted, until: int | None) -> dict[str, Any]:
    return {"wanted": wanted.model_dump(mode="json"), "until": until}
