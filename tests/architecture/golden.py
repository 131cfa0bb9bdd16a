"""Two lists for life: the stored names of events, and the releases of read models. `make contracts` writes them."""

import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.kernel import Event
from shared.service import Definition
from tests.architecture.tree import ROOT

Lists = dict[str, Any]

EVENT_NAMES = ROOT / "tests/golden/event_names.json"
RELEASES = ROOT / "tests/golden/releases.json"


class NoSettings:
    """Stands for a service's settings: a definition may need hash keys for its claims, and nothing else."""

    def hash_key(self, _: str) -> tuple[int, bytes]:
        return 1, bytes(32)


def definitions() -> list[Definition]:
    """Every service that owns events, as its `main` defines it."""
    names = sorted(
        folder.parent.name for folder in ROOT.glob("services/*/domain") if (folder.parent / "main.py").exists()
    )
    return [importlib.import_module(f"services.{name}.main").definition(NoSettings()) for name in names]


def event_classes() -> list[type[Event]]:
    """Every event class of services and shared, those that only others inherit from left out."""
    definitions()
    return [one for one in _below(Event) if one.__module__.startswith(("services.", "shared.")) and not _is_base(one)]


def _below(event: type[Event]) -> Iterator[type[Event]]:
    for child in event.__subclasses__():
        yield child
        yield from _below(child)


def _is_base(event: type[Event]) -> bool:
    return event.__name__.startswith("_") and bool(event.__subclasses__())


def owner(event: type[Event]) -> str:
    """The service that an event belongs to, or `shared`."""
    top, service, *_ = event.__module__.split(".")
    return service if top == "services" else top


def event_names() -> Lists:
    """Service → stored name → schema version of today."""
    found: Lists = {}
    for event in event_classes():
        found.setdefault(owner(event), {})[event.NAME] = event.SCHEMA
    return found


def releases() -> Lists:
    """Service → its release, and the version of each of its projections."""
    return {
        one.name: {"release": one.release, "projections": {model.name: model.version for model in one.projections}}
        for one in definitions()
    }


def lost_names(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names that a log may hold and no class answers to any more."""
    return [
        f"{service}.{name} (version {version}) is stored in logs: it must not be removed, renamed or lowered"
        for service, names in before.items()
        for name, version in names.items()
        if now.get(service, {}).get(name, 0) < version
    ]


def stuck_releases(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Services whose read models changed under the consumer group of the release before."""
    return [
        f"{service}: the projections changed, so Definition.release must grow past {before[service]['release']}"
        for service, new in now.items()
        if service in before
        and new["projections"] != before[service]["projections"]
        and new["release"] <= before[service]["release"]
    ]


def read(file: Path) -> Lists:
    """What was agreed before."""
    found: Lists = json.loads(file.read_text()) if file.exists() else {}
    return found


def write() -> list[str]:
    """Write both lists; instead, what forbids it."""
    names, models = event_names(), releases()
    wrong = lost_names(read(EVENT_NAMES), names) + stuck_releases(read(RELEASES), models)
    if not wrong:
        for file, lists in ((EVENT_NAMES, names), (RELEASES, models)):
            file.write_text(json.dumps(lists, indent=2, sort_keys=True) + "\n")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(write()) or 0)
