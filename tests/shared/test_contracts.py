"""Contracts: a schema and an example per event, kept for life; a change that could trip a reader is not written."""

import datetime as dt
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import jsonschema
import pytest
from pydantic import AwareDatetime, Field
from typer.testing import CliRunner

from shared.contracts import __main__ as program
from shared.contracts.compatibility import breaks
from shared.contracts.files import complaints, files_of, write
from shared.contracts.schemas import NoExample, example_of, schema_of
from shared.kernel import Erased, Event, Personal, Value

T = TypeVar("T")
Kept = Annotated[T | Erased, Personal("things")]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(Value):
    number: int = Field(ge=3)
    title: str = ""


class ThingMade(Event, name="ThingMade"):
    """Somebody made a thing."""

    person_id: str
    label: Kept[str]
    number: Kept[str] = Field(examples=["12345678901"])
    colour: Colour
    made_on: dt.date
    sent_at: AwareDatetime | None
    parts: tuple[Part, ...]
    counts: dict[str, int] = Field(default_factory=dict)
    short: str = Field(default="", max_length=2)
    long: str = Field(default="?" * 9, min_length=9)
    pair: tuple[int, str] = (1, "a")
    heavy: bool = False


class Odd(Event, name="Odd"):
    code: str = Field(pattern="^[0-9]{4}$")


def test_a_schema_names_the_event_and_marks_what_travels_sealed() -> None:
    schema = schema_of("toys", ThingMade)
    assert (schema["$id"], schema["title"]) == ("urn:schema:toys.ThingMade:1", "ThingMade")
    marks = {name: found["x-personal"] for name, found in schema["properties"].items() if "x-personal" in found}
    assert marks == {name: {"retention": "things", "of": "person_id"} for name in ("label", "number")}
    jsonschema.Draft202012Validator.check_schema(schema)


def test_titles_are_left_out_and_a_field_of_that_name_is_not() -> None:
    part = schema_of("toys", ThingMade)["$defs"]["Part"]
    assert "title" in part["properties"]
    assert "title" not in part["properties"]["number"]


def test_an_example_fits_and_is_the_same_each_time() -> None:
    example = example_of(ThingMade)
    jsonschema.validate(example, schema_of("toys", ThingMade))
    assert ThingMade.model_validate(example).model_dump(mode="json") == example
    assert example == example_of(ThingMade)
    assert (example["number"], example["colour"], example["parts"][0]["number"]) == ("12345678901", "red", 3)
    assert (len(example["short"]), len(example["long"])) == (2, 9)


def test_a_field_that_nothing_can_be_made_up_for_is_named() -> None:
    with pytest.raises(NoExample, match="Odd: code"):
        example_of(Odd)


def schema(**change: Any) -> dict[str, Any]:
    """A schema of a class like ThingMade with fields changed."""
    fields = {"person_id": (str, ...), "colour": (Colour, ...), "parts": (tuple[Part, ...], ()), **change}
    namespace = {name: default for name, (_, default) in fields.items() if default is not ...}
    annotations = {name: kind for name, (kind, _) in fields.items() if kind is not None}
    kept = {name: value for name, value in namespace.items() if name in annotations}
    made = type("Thing", (Event,), {**kept, "__annotations__": annotations, "__module__": __name__}, name="Thing")
    return schema_of("toys", made)


class More(StrEnum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


class Fewer(StrEnum):
    RED = "red"


class OtherPart(Value):
    number: str
    title: str = ""


BREAKING = [
    ({"person_id": (None, ...)}, "person_id: gone"),
    ({"person_id": (int, ...)}, "person_id: another form"),
    ({"person_id": (str | None, ...)}, "person_id: another form"),
    ({"person_id": (str, "x")}, "/: another form"),
    ({"weight": (int, ...)}, "/: another form"),
    ({"colour": (Fewer, ...)}, "colour: a value less"),
    ({"parts": (tuple[OtherPart, ...], ())}, "parts/number: another form"),
    ({"person_id": (Annotated[str | Erased, Personal("x", of="colour")], ...)}, "person_id: another form"),
]


@pytest.mark.parametrize(("change", "complaint"), BREAKING)
def test_what_could_trip_a_reader_is_found(change: dict[str, Any], complaint: str) -> None:
    assert any(complaint in found for found in breaks(schema(), schema(**change)))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"weight": (int, 0)},
        {"weight": (int | None, None)},
        {"colour": (More, ...)},
        {"person_id": (Annotated[str, Field(description="Whose", examples=["p1"])], ...)},
    ],
)
def test_a_field_or_a_word_more_trips_nobody(change: dict[str, Any]) -> None:
    assert breaks(schema(), schema(**change)) == []


def test_under_which_key_a_value_is_sealed_trips_nobody() -> None:
    """Each payload names its own key."""
    sealed, otherwise = (
        schema(person_id=(Annotated[str | Erased, Personal(retention, of="colour")], ...)) for retention in "xy"
    )
    assert breaks(sealed, otherwise) == []


def test_writing_twice_is_writing_once(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    assert write("toys", [ThingMade], folder) == []
    assert {path.name for path in folder.iterdir()} == {"ThingMade.v1.schema.json", "ThingMade.v1.example.json"}
    assert complaints("toys", [ThingMade], folder) == []
    assert write("toys", [ThingMade], folder) == []


def test_a_breaking_change_is_not_written(tmp_path: Path) -> None:
    write("toys", [ThingMade], tmp_path)
    path = tmp_path / "ThingMade.v1.schema.json"
    stored = json.loads(path.read_text())
    stored["properties"]["weight"] = {"type": "integer"}
    path.write_text(json.dumps(stored))
    assert write("toys", [ThingMade], tmp_path) == ["ThingMade.v1.schema.json/weight: gone"]
    assert "weight" in path.read_text()


class Second(Event, name="ThingMade", schema=2):
    person_id: str


def test_old_versions_stay_for_life(tmp_path: Path) -> None:
    write("toys", [ThingMade], tmp_path)
    assert write("toys", [Second], tmp_path) == []
    assert complaints("toys", [Second], tmp_path) == []
    (tmp_path / "ThingMade.v1.schema.json").unlink()
    assert complaints("toys", [Second], tmp_path) == ["ThingMade.v1: its contract is gone"]


def test_every_difference_between_folder_and_code_is_told(tmp_path: Path) -> None:
    write("toys", [ThingMade], tmp_path)
    (tmp_path / "ThingMade.v1.example.json").write_text("{}")
    (tmp_path / "ThingMade.v2.schema.json").write_text("{}")
    (tmp_path / "Gone.v1.schema.json").write_text("{}")
    (tmp_path / "Gone.schema.json").write_text("{}")
    assert complaints("toys", [ThingMade, Simple], tmp_path) == [
        "Gone.schema.json: no event of today can be read with it",
        "Gone.v1.schema.json: no event of today can be read with it",
        "Simple.v1.example.json: missing",
        "Simple.v1.schema.json: missing",
        "ThingMade.v1.example.json: not what the code says",
        "ThingMade.v2.schema.json: no event of today can be read with it",
    ]


class Simple(Event, name="Simple"):
    person_id: str


PACKAGE = """
from shared.kernel import Event

class Simple(Event, name="Simple"):
    person_id: str

class Definition:
    name, events = "toys", (Simple,)

def definition(settings):
    assert settings.hash_key("serial") == (1, bytes(32))
    return Definition
"""


def test_the_program_finds_a_service_by_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "toyservice"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "main.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(str(tmp_path))
    run = CliRunner()
    app = program.application()
    missing = run.invoke(app, ["toyservice", "--check"])
    assert (missing.exit_code, "toyservice: Simple.v1.schema.json: missing" in missing.output) == (1, True)
    assert not (package / "contracts").exists()
    assert run.invoke(app, ["toyservice"]).exit_code == 0
    assert run.invoke(app, ["toyservice", "--check"]).exit_code == 0
    assert {path.name for path in (package / "contracts").iterdir()} == set(files_of("toys", [Simple]))
