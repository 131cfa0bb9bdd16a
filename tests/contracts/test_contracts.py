"""Where services meet: what each publishes is written down for life, and every reader can read all of it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from shared.contracts.files import complaints
from shared.envelope import EventRegistry
from shared.kernel import ERASED
from shared.service import Definition
from tests.architecture.golden import definitions
from tests.architecture.tree import ROOT

SERVICES = {definition.name: definition for definition in definitions()}
FOLDERS = {name: ROOT / "services" / name / "contracts" for name in SERVICES}
EXAMPLES = sorted(path for folder in FOLDERS.values() for path in folder.glob("*.example.json"))
READERS = [
    pytest.param(reaction.source, event_type, on, id=f"{reaction.name}: {event_type}")
    for definition in SERVICES.values()
    for reaction in definition.reactions
    for event_type, on in reaction.handles.items()
]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_contracts_of_a_service_are_what_its_code_says(service: str) -> None:
    assert complaints(service, SERVICES[service].events, FOLDERS[service]) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parents[1].name}.{path.name}")
def test_an_example_of_any_day_fits_its_schema_and_can_be_read_today(path: Path) -> None:
    definition: Definition = SERVICES[path.parents[1].name]
    name, _, version = path.name.removesuffix(".example.json").partition(".v")
    jsonschema.validate(read(path), read(path.with_name(f"{name}.v{version}.schema.json")))
    registry = EventRegistry(definition.name, definition.events, definition.upcasters)
    registry.load(name, int(version), read(path))


@pytest.mark.parametrize(("source", "event_type", "on"), READERS)
def test_a_reader_can_read_every_version_of_what_it_hears(source: str, event_type: str, on: Any) -> None:
    examples = sorted(FOLDERS[source].glob(f"{event_type}.v*.example.json"))
    assert examples, f"{source} publishes no {event_type}"
    for path in examples:
        model: BaseModel = on.model.model_validate(read(path))
        assert model.model_fields_set, "it reads something"


@pytest.mark.parametrize(("source", "event_type", "on"), READERS)
def test_a_reader_can_read_what_is_left_of_an_erased_person(source: str, event_type: str, on: Any) -> None:
    for path in FOLDERS[source].glob(f"{event_type}.v*.schema.json"):
        personal = [name for name, found in read(path)["properties"].items() if "x-personal" in found]
        example = read(path.with_name(path.name.replace(".schema.", ".example.")))
        on.model.model_validate(example | dict.fromkeys(personal, ERASED))


@pytest.mark.parametrize("service", SERVICES)
def test_personal_fields_are_marked_by_name(service: str) -> None:
    """A field with a telling name that is not sealed was forgotten."""
    telling = {
        "email",
        "serial",
        "serial_proof",
        "nir",
        "iban",
        "surname",
        "given_names",
        "birth_date",
        "address",
        "place",
    }
    for path in FOLDERS[service].glob("*.schema.json"):
        fields = read(path)["properties"]
        forgotten = {name for name in telling & fields.keys() if "x-personal" not in fields[name]}
        assert not forgotten, f"{path.name}: {forgotten}"


def test_every_service_with_events_is_here() -> None:
    built = {path.parent.name for path in ROOT.glob("services/*/domain") if (path.parent / "main.py").exists()}
    assert built == SERVICES.keys()
