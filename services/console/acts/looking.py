"""How all services go, seen at once; a service that does not answer is shown as such, and hides no other."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from services.console.acts import reading
from services.console.acts.office import By, Office
from services.console.clients import operations as ops
from services.console.clients.lines import Lines
from services.console.read_models.operations import OperationDone, operations_done
from shared.web.channel import ServiceDown

BEHIND: Final = 5.0
"""Seconds of lag from which a screen is said to be old."""
MINUTE: Final = 60.0
CURRENT: Final = "current"
CATCHING_UP: Final = "catching up"


@dataclass(frozen=True)
class ServiceView:
    """One service; without a relay it does not answer."""

    name: str
    relay: ops.RelayState | None = None
    models: tuple[ops.ModelState, ...] = ()
    map: ops.ServiceMap | None = None

    @property
    def old_screens(self) -> tuple[str, ...]:
        """What members see too old, in their terms."""
        return tuple(said for said in (old_screen(one) for one in self.models) if said)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What somebody should look at, in short; nothing where all goes well."""
        if self.relay is None:
            return ("ne répond pas",)
        late = sum(one.pulse != CURRENT and (one.pulse != CATCHING_UP or _is_old(one)) for one in self.models)
        parked = sum(one.parked_keys for one in self.models)
        wrong = sum(bool(one.check and one.check.different) for one in self.models)
        counted = (
            (int(self.relay.stalled), "relais arrêté", ""),
            (late, "vue en retard", "vues en retard"),
            (parked, "clé en attente", "clés en attente"),
            (wrong, "vue qui diffère du journal", "vues qui diffèrent du journal"),
        )
        return tuple(
            (one if not several else f"{count} {several if count > 1 else one}")
            for count, one, several in counted
            if count
        )


@dataclass(frozen=True)
class Route:
    """Where one event type leads, over all services that answer."""

    type: str
    projections: tuple[str, ...]
    screens: tuple[str, ...]
    followed_by: tuple[str, ...]


def routes(views: Sequence[ServiceView], service: str) -> list[Route]:
    """Where the events of a service lead: here, and in the services that react to them."""
    own = next((one.map for one in views if one.name == service), None)
    reactions = [
        (f"{other.name}: {one.name}", one.types)
        for other in views
        for one in (other.map.reactions if other.map else ())
        if one.source == service
    ]
    return [
        Route(
            event.type,
            event.projections,
            event.screens,
            (*event.processes, *(name for name, types in reactions if event.type in types)),
        )
        for event in (own.events if own else ())
    ]


def old_screen(model: ops.ModelState) -> str | None:
    """« 12 assurés voient « Ma carte Vitale » dans un état de plus de 2 min », where it is so."""
    seconds, persons = model.lag_seconds or 0.0, model.lag_persons or 0
    if not model.screen or not persons or not _is_old(model):
        return None
    who = f"{persons} assuré{'s voient' if persons > 1 else ' voit'}"
    age = f"{int(seconds // MINUTE)} min" if seconds >= MINUTE else f"{int(seconds)} s"
    return f"{who} « {model.screen} » dans un état de plus de {age}"


def _is_old(model: ops.ModelState) -> bool:
    return (model.lag_seconds or 0.0) >= BEHIND


async def everything(lines: Lines, by: By) -> list[ServiceView]:
    """All services, side by side."""
    return list(await asyncio.gather(*(one(lines, by, name) for name in lines.channels)))


async def one(lines: Lines, by: By, name: str) -> ServiceView:
    """One service."""
    line = lines.to(name)
    try:
        relay, models, routes = await asyncio.gather(
            line.query(by.who, "/internal/ops/relay", ops.RelayState),
            ops.get(line, by.who, "ops/projections", ops.ModelState),
            line.query(by.who, "/internal/ops/map", ops.ServiceMap),
        )
    except ServiceDown:
        return ServiceView(name)
    return ServiceView(name, relay.value, models, routes.value)


async def jobs(lines: Lines, by: By, name: str) -> tuple[ops.Job, ...]:
    """The last jobs of a service, the newest first."""
    return await ops.get(lines.to(name), by.who, "ops/jobs", ops.Job)


async def job(lines: Lines, by: By, name: str, job_id: str) -> ops.Job:
    """One job.

    Raises:
        Refused: `job-unknown`.
    """
    return (await lines.to(name).query(by.who, f"/internal/ops/jobs/{quote(job_id, safe='')}", ops.Job)).value


async def parked(lines: Lines, by: By, name: str) -> tuple[tuple[ops.Group, ...], tuple[ops.Parked, ...]]:
    """What waits behind failed events: by class of error, and key by key."""
    line = lines.to(name)
    return await asyncio.gather(
        ops.get(line, by.who, "ops/parked-groups", ops.Group), ops.get(line, by.who, "ops/parked", ops.Parked)
    )


async def explain(
    office: Office, lines: Lines, by: By, service: str, model: str, key: str, until: dt.datetime | None
) -> tuple[ops.Explained, bool]:
    """A document event by event, and whether values are shown: only to whoever has been recorded as shown them."""
    values = await reading.shows_values(office, by, key)
    asked = {"values": "true"} if values else {}
    asked |= {"until": until.isoformat()} if until else {}
    path = f"/internal/ops/explanations/{quote(model, safe='')}/{quote(key, safe='')}?{urlencode(asked)}"
    return (await lines.to(service).query(by.who, path, ops.Explained)).value, values


async def facts(lines: Lines, by: By, service: str, kind: str, name: str) -> tuple[ops.Fact, ...]:
    """The events of a stream, a conversation, a person, or after a position, oldest first; never a value."""
    line = lines.to(service)
    quoted = quote(name, safe="")
    if kind == "person":
        streams = await ops.get(line, by.who, f"audit/persons/{quoted}", str)
        found = [await ops.get(line, by.who, f"audit/streams/{quote(one, safe='')}", ops.Fact) for one in streams]
        return tuple(sorted((fact for several in found for fact in several), key=lambda fact: fact.position))
    path = f"commits?after={name}" if kind == "after" else f"{kind}s/{quoted}"
    return await ops.get(line, by.who, f"audit/{path}", ops.Fact)


async def samples(lines: Lines, by: By) -> dict[str, tuple[ops.Sample, ...]]:
    """The last hour of every service that answers."""

    async def of(name: str) -> tuple[ops.Sample, ...]:
        try:
            return await ops.get(lines.to(name), by.who, "ops/samples", ops.Sample)
        except ServiceDown:
            return ()

    names = list(lines.channels)
    return dict(zip(names, await asyncio.gather(*map(of, names)), strict=True))


async def done(office: Office, service: str) -> list[OperationDone]:
    """What was done to a service, the newest first."""
    return await office.queries.newest(operations_done, "at", 20, service=service)
