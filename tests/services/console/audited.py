"""Services as an auditor meets them: one person's cards, one order that waits, what can be drawn."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.admin import dossier as shown
from shared.admin.transitions import Dossier, Standing, Transition
from shared.kernel import Value
from shared.lifecycles import Deviation, Moved, Stuck, TimeInState, draw
from tests.services.console.services import CLAIRE, Services

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
NUMBER = "12345678901"
ORDER = "aaaaaaaa-0000-4000-8000-000000000001"
CORRELATION = "bbbbbbbb-0000-4000-8000-000000000001"
READ = shown.Progress(position=40, head=40)


def transition(position: int, kind: str, *moves: Moved, **more: Any) -> Transition:
    """One event of hers."""
    facts: dict[str, Any] = {
        "version": position,
        "stream": f"vitale:{CLAIRE}",
        "event_id": f"cccccccc-0000-4000-8000-{position:012}",
        "schema_version": 1,
        "occurred_at": AT.isoformat(),
        "recorded_at": AT + position * dt.timedelta(minutes=1),
        "actor": CLAIRE,
        "actor_kind": "member",
        "acting_for": None,
        "channel": "web",
        "codes": {},
        "evidence": {},
        "hash": f"{position:064}",
        "command_id": CORRELATION,
        "correlation_id": CORRELATION,
        "causation_id": None,
        "moves": moves,
    }
    return Transition(position=position, type=kind, **{**facts, **more})


def moved(before: str | None, after: str, *, allowed: bool = True) -> Moved:
    """A step of her order."""
    return Moved(lifecycle="vitale order", subject=ORDER, before=before, after=after, allowed=allowed, seconds=90_000.0)


CARDS = Dossier(
    position=40,
    transitions=(
        transition(2, "VitaleReportedLost"),
        transition(4, "VitaleReplacementOrdered", moved(None, "ordered"), evidence={"photo": "a" * 64}),
        transition(6, "VitaleReplacementDelivered", moved("ordered", "delivered", allowed=False)),
    ),
    standings=(
        Standing(
            lifecycle="vitale order", subject=ORDER, state="delivered", since=AT, seconds=5.0, stuck=True, deviations=1
        ),
    ),
)
MESSAGES = Dossier(position=9, transitions=(transition(3, "MessageSent", stream="mailbox:x"),), standings=())
EMPTY = Dossier(position=7, transitions=(), standings=())


@dataclass
class Audited(Services):
    """What they hold for an auditor."""

    population: list[str] = field(default_factory=lambda: [f"cards/vitale order/{number:04}" for number in range(30)])
    read: list[shown.Progress] = field(default_factory=list)
    """How far the next answers have read; then all of it."""

    def __post_init__(self) -> None:
        self.control = self._audit

    def _audit(  # noqa: PLR0911 - one case per path
        self, name: str, method: str, path: str, query: bytes, body: Any
    ) -> httpx.Response | None:
        del method, query
        match name, path.split("/")[2:]:
            case "cards" | "notifications" | "identity", ["audit", "persons", person, "dossier"]:
                known = {"cards": CARDS, "notifications": MESSAGES, "identity": EMPTY}
                return _json(known[name] if person == CLAIRE else EMPTY)
            case "cards", ["audit", "look-ups"] if body == {"number": NUMBER}:
                return _json(shown.FoundPersons(progress=self._progress(), persons=(CLAIRE,)))
            case _, ["audit", "look-ups"]:
                return None
            case _, ["audit", "findings"]:
                return _json(self._findings(name))
            case _, ["audit", "lives"]:
                lives = self._lives(self.population[:3]) if name == "cards" else ()
                return _json(shown.Listed(progress=READ, count=len(lives), lives=lives))
            case "cards", ["audit", "draws"]:
                return _json(self._drawn(body))
            case "cards", ["audit", "populations"]:
                return _json(shown.Population(progress=READ, ids=tuple(sorted(self.population))))
            case _:
                return None

    def _progress(self) -> shown.Progress:
        return self.read.pop(0) if self.read else READ

    def _drawn(self, body: Any) -> shown.Drawn:
        progress = self._progress()
        if progress.position < progress.head:
            return shown.Drawn(progress=progress)
        drawn = draw(body["seed"], body["size"], self.population)
        return shown.Drawn(progress=progress, draw=drawn, lives=self._lives(drawn.ids))

    def _findings(self, name: str) -> shown.Findings:
        none = name != "cards"
        strayed = Deviation(
            stream="s", lifecycle="vitale order", subject=ORDER, before="ordered", after="delivered", at=AT,
            person_id=CLAIRE,
        )  # fmt: skip
        waits = Stuck(
            stream="s", lifecycle="vitale order", subject=ORDER, state="validated", since=AT, late=172_800.0,
            person_id=CLAIRE,
        )  # fmt: skip
        return shown.Findings(
            progress=self._progress(),
            streams=3,
            moves=12,
            states={} if none else {"vitale order": {"validated": TimeInState(standing=1, oldest=AT)}},
            deviations=() if none else (strayed,),
            deviating=0 if none else 1,
            stuck=() if none else (waits,),
            standing_still=0 if none else 1,
        )

    @staticmethod
    def _lives(ids: Any) -> tuple[shown.LifeSeen, ...]:
        return tuple(
            shown.LifeSeen(
                id=one,
                lifecycle="vitale order",
                subject=one.rpartition("/")[2],
                stream=f"vitale:{CLAIRE}",
                person_id=CLAIRE,
                state="validated",
                since=AT,
                started=AT,
                steps=3,
                codes=(),
                deviations=0,
            )
            for one in ids
        )


def _json(value: Value) -> httpx.Response:
    return httpx.Response(200, content=value.model_dump_json())
