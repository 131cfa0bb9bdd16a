"""What others program against: the OpenAPI of /api/v1, the AsyncAPI of all topics. `make contracts` writes them.

A change that breaks programs is not written: it needs another path beside the old one.
"""

import json
import sys
from typing import Any

from fastapi import FastAPI

from services.gateway.api.app import build_api
from shared.kafka import topic_of
from tests.architecture.golden import definitions
from tests.architecture.interface_breaks import breaks
from tests.architecture.tree import ROOT

FOLDER = ROOT / "services/gateway/interfaces"
OPENAPI = FOLDER / "openapi.json"
ASYNCAPI = FOLDER / "asyncapi.json"
PARTITIONS = 12


def openapi() -> dict[str, Any]:
    """Of the code of today."""
    return build_api(FastAPI()).openapi()


def asyncapi() -> dict[str, Any]:
    """Every topic with its events, each version that a log may hold, as the contracts say."""
    channels, operations, messages = {}, {}, {}
    for service in (one.name for one in definitions()):
        named = {path.name.removesuffix(".schema.json"): path for path in _contracts(service)}
        messages |= {
            f"{service}.{name}": _message(service, name, json.loads(path.read_text())) for name, path in named.items()
        }
        channels[service] = {
            "address": topic_of(service),
            "title": f"What happens in {service}",
            "description": f"In order within a key, kept for ever; {PARTITIONS} partitions for life. Copies may come.",
            "messages": {name: {"$ref": f"#/components/messages/{service}.{name}"} for name in named},
        }
        operations[f"{service}Publishes"] = {"action": "send", "channel": {"$ref": f"#/channels/{service}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Mon compte en ligne: events",
            "version": "1.0",
            "description": "CloudEvents 1.0 in binary mode. Fields marked `x-personal` are sealed on the topic.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _contracts(service: str) -> list[Any]:
    return sorted((ROOT / f"services/{service}/contracts").glob("*.schema.json"))


def _message(service: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    event, _, version = name.partition(".v")
    return {
        "name": f"{service}.{event}",
        "title": f"{event}, version {version}",
        "headers": {"type": "object", "properties": {"ce_type": {"const": f"{service}.{event}"}}},
        "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": schema},
    }


def text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write() -> list[str]:
    """Write both; instead, what would break programs."""
    now = openapi()
    broken = breaks(json.loads(OPENAPI.read_text()), now) if OPENAPI.exists() else []
    if not broken:
        FOLDER.mkdir(exist_ok=True)
        OPENAPI.write_text(text(now), encoding="utf-8")
        ASYNCAPI.write_text(text(asyncapi()), encoding="utf-8")
    return broken


if __name__ == "__main__":
    sys.exit("\n".join(write()) or 0)
