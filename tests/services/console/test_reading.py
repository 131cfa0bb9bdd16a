"""The console reads answers of `/internal/audit` by models of its own, so that one field more breaks nothing; what it
does read is there, and is of the same kind."""

from typing import Any

import pytest
from pydantic import BaseModel

from services.console.clients import dossier as read
from shared import lifecycles
from shared.admin import dossier as told
from shared.admin import transitions
from shared.web.channel import Answer

PAIRS: dict[type[Answer], type[BaseModel]] = {
    read.Moved: lifecycles.Moved,
    read.Transition: transitions.Transition,
    read.Standing: transitions.Standing,
    read.Dossier: transitions.Dossier,
    read.Progress: told.Progress,
    read.FoundPersons: told.FoundPersons,
    read.Deviation: lifecycles.Deviation,
    read.Stuck: lifecycles.Stuck,
    read.TimeInState: lifecycles.TimeInState,
    read.Findings: told.Findings,
    read.Life: told.LifeSeen,
    read.Lives: told.Listed,
    read.DrawMade: lifecycles.Draw,
    read.Drawn: told.Drawn,
    read.Population: told.Population,
}
NAMES = {wrote.__name__: reads.__name__ for reads, wrote in PAIRS.items()}


def kinds(model: type[BaseModel]) -> dict[str, Any]:
    """Field → what it may hold, in the console's names and without words about it."""
    fields = model.model_json_schema(mode="serialization")["properties"]
    return {name: _plain(field) for name, field in fields.items()}


def _plain(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _plain(value) for key, value in schema.items() if key not in {"title", "description", "default"}}
    if "$ref" in kept:
        name = kept["$ref"].rpartition("/")[2]
        kept["$ref"] = NAMES.get(name, name)
    return kept


def test_every_answer_that_is_read_has_one_that_is_told() -> None:
    models = {one for one in vars(read).values() if isinstance(one, type) and issubclass(one, Answer)}
    assert models - {Answer, read.Examined} == set(PAIRS)


@pytest.mark.parametrize("reads", PAIRS, ids=lambda one: one.__name__)
def test_what_is_read_is_told_and_of_the_same_kind(reads: type[Answer]) -> None:
    told_kinds = kinds(PAIRS[reads])
    assert kinds(reads) == {name: told_kinds.get(name) for name in kinds(reads)}
