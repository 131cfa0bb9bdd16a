"""Document templates are kept for life: what each version makes of its example. `make contracts` adds the new ones."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.documents import RENDERER, Renderer, RenderingFailed
from tests.architecture.tree import ROOT

GOLDEN = ROOT / "tests/golden/documents.json"
Hashes = dict[str, dict[str, str]]


def templates() -> list[Path]:
    """Every version of every template; `<template>.v<version>.example.json` stands beside it."""
    return sorted([*ROOT.glob("services/*/templates/**/*.v*.typ"), *ROOT.glob("tests/shared/documents/**/*.v*.typ")])


def example(template: Path) -> dict[str, Any]:
    """The invented data that shows what the template can show."""
    found: dict[str, Any] = json.loads(template.with_suffix(".example.json").read_text())
    return found


def rendered(template: Path) -> bytes:
    """What it makes of its example."""
    name, _, version = template.stem.rpartition(".v")
    try:
        return Renderer(template.parent).render(name, int(version), example(template))
    except RenderingFailed as failure:
        raise AssertionError(failure.diagnostic) from failure  # an example is invented, so it may be shown


def hashes() -> Hashes:
    """Template → renderer and SHA-256 of today."""
    return {
        str(template.relative_to(ROOT)): {
            "renderer": RENDERER,
            "sha256": hashlib.sha256(rendered(template)).hexdigest(),
        }
        for template in templates()
    }


def broken(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Templates that are gone or make other bytes than they did, by the same renderer."""
    return [
        f"{name}: a document made with it must be made again with the same bytes; write a new version beside it"
        for name, was in before.items()
        if name not in now or (now[name]["renderer"] == was["renderer"] and now[name]["sha256"] != was["sha256"])
    ]


def read() -> Hashes:
    """What was agreed before."""
    found: Hashes = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    return found


def write() -> list[str]:
    """Write the list; instead, what forbids it."""
    now = hashes()
    wrong = broken(read(), now)
    if not wrong:
        GOLDEN.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n")
    return wrong


if __name__ == "__main__":
    sys.exit("\n".join(write()) or 0)
