"""The folder of a service's contracts: written, or held against the code."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shared.contracts.compatibility import breaks
from shared.contracts.schemas import example_of, schema_of
from shared.kernel import Event


def files_of(service: str, events: Iterable[type[Event]]) -> dict[str, str]:
    """Name → content of every file that the code of today asks for."""
    found: dict[str, str] = {}
    for event in events:
        stem = f"{event.NAME}.v{event.SCHEMA}"
        found[f"{stem}.schema.json"] = _text(schema_of(service, event))
        found[f"{stem}.example.json"] = _text(example_of(event))
    return found


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def complaints(service: str, events: Iterable[type[Event]], folder: Path) -> list[str]:
    """What is wrong with a folder of contracts, one line each."""
    known = {event.NAME: event.SCHEMA for event in events}
    wanted = files_of(service, events)
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    lines = [f"{name}: missing" for name in wanted.keys() - found.keys()]
    lines += [f"{name}: not what the code says" for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    for name in found.keys() - wanted.keys():
        event, _, rest = name.partition(".v")
        version = rest.partition(".")[0]
        if event not in known or not version.isdecimal() or int(version) > known[event]:
            lines.append(f"{name}: no event of today can be read with it")
    older = {f"{name}.v{version}" for name, latest in known.items() for version in range(1, latest)}
    lines += [f"{stem}: its contract is gone" for stem in older if f"{stem}.schema.json" not in found]
    return sorted(lines)


def write(service: str, events: Iterable[type[Event]], folder: Path) -> list[str]:
    """Write what changed; instead, what would break readers: such a change needs a new name or schema version."""
    wanted = files_of(service, events)
    broken = [
        f"{name}{problem}"
        for name, text in wanted.items()
        if name.endswith(".schema.json") and (folder / name).exists()
        for problem in breaks(json.loads((folder / name).read_text(encoding="utf-8")), json.loads(text))
    ]
    if not broken:
        folder.mkdir(exist_ok=True)
        for name, text in wanted.items():
            (folder / name).write_text(text, encoding="utf-8")
    return broken
