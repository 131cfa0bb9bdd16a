"""Which events lead where in one service, and how far each of its read models has come."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from shared.canonical import iso
from shared.jobs import JobState
from shared.kernel import Rejected
from shared.projections.documents import AnyProjection
from shared.projections.pulse import pulse, seconds_left, trend

if TYPE_CHECKING:
    from shared.service.running import Service


def map_of(service: "Service") -> dict[str, Any]:
    """Own events with what they feed here, and the events of others that are answered here."""
    definition = service.definition
    events = sorted((event.NAME, event) for event in definition.events)
    return {
        "service": definition.name,
        "release": definition.release,
        "events": [
            {
                "type": name,
                "schema": event.SCHEMA,
                "projections": [one.name for one in definition.projections if event in one.handles],
                "screens": sorted({one.screen for one in definition.projections if event in one.handles} - {""}),
                "processes": [one.name for one in definition.processes if event in one.handles],
            }
            for name, event in events
        ],
        "reactions": [
            {"name": one.name, "source": one.source, "since": iso(one.since), "types": sorted(one.handles)}
            for one in definition.reactions
        ],
    }


async def checks_of(service: "Service") -> dict[str, dict[str, Any]]:
    """By read model, what the last reconciliation found: documents that are not what the log makes of them, now."""
    done = {"ask.kind": "reconcile", "state": JobState.DONE.value}
    row: dict[str, Any] = await service.database["jobs"].find_one(done, sort=[("asked_at", -1)]) or {}
    return {
        one["projection"]: {
            "at": iso(row["ended_at"]),
            "checked": one["checked"],
            "different": one["different"],
            "fields": one["first"]["fields"] if one["first"] else [],
        }
        for one in (row["result"]["models"] if row else [])
    }


async def state_of(
    service: "Service", projection: AnyProjection, check: dict[str, Any] | None = None
) -> dict[str, Any]:
    """How one read model goes: position, lag, pulse, rate, what is parked, what the last check found."""
    row = await service.database["progress"].find_one({"_id": projection.id}) or {}
    beyond = await service.store.window(row["head"], 1) if "head" in row else []
    now = service.clock.now()
    parked = await service.database["parked"].find({"consumer": projection.id}).to_list(None)
    return {
        "name": projection.name,
        "screen": projection.screen,
        "version": projection.version,
        "live": await service.pointers.live(projection),
        "pulse": pulse(row, now, beyond[0]["at"] if beyond else None).value,
        "head": row.get("head"),
        "position": row.get("position", 0),
        "lag_events": row.get("events"),
        "lag_seconds": row.get("seconds"),
        "lag_persons": row.get("persons"),
        "lag_partitions": {
            name: {"events": events, "seconds": _seconds(now, row.get("since", {}).get(name))}
            for name, events in row.get("partitions", {}).items()
        },
        "trend": trend(row),
        "rate": row.get("rate"),
        "seconds_left": seconds_left(row),
        "measured_at": iso(row["at"]) if "at" in row else None,
        "check": check,
        "parked_keys": len(parked),
        "last_error": max(parked, key=lambda one: one["at"])["error"] if parked else None,
        "handles": [event.NAME for event in projection.handles],
    }


def named(service: "Service", name: str) -> AnyProjection:
    """The read model of this name.

    Raises:
        Rejected: `projection-unknown`.
    """
    found = [projection for projection in service.definition.projections if projection.name == name]
    if not found:
        raise Rejected("projection-unknown")
    return found[0]


def _seconds(now: dt.datetime, since: dt.datetime | None) -> float | None:
    return (now - since).total_seconds() if since else None
