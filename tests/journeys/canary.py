"""Everything that a run has written, for a search after values that must stand nowhere in the clear."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import bson
from pymongo import MongoClient

from deploy.local.records import records
from deploy.local.seed.people import Person
from deploy.local.stack import Stack

SHORTEST: Final = 6
FOLDERS = ("logs", "spans")
OPPOSITIONS = ("topic cards.opposition.v1", "cards.opposition_list")


def written(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """(where, bytes) of every log line and span file, every document of every database, every record of every topic."""
    for name in FOLDERS:
        for file in sorted((stack.folder / name).rglob("*")):
            if file.is_file():
                yield f"{name}/{file.name}", file.read_bytes()
    yield from _documents(stack)
    yield from _records(stack)


def found(stack: Stack, values: Sequence[str], opposed: str = "") -> list[str]:
    """Where any of these values stands; the value itself is not repeated.

    `opposed`: the serial number of a card on the list of oppositions, which is what that list is for.
    """
    wanted = enumerate([*values, *filter(None, [opposed])])
    needles = [(number, needle) for number, value in wanted for needle in _forms(value)]
    return [
        f"value {number} in {where}"
        for where, text in written(stack)
        for number, needle in needles
        if needle in text and not (where in OPPOSITIONS and needle == opposed.encode())
    ]


def _forms(value: str) -> set[bytes]:
    """As text, and as JSON may write it."""
    return {value.encode(), json.dumps(value)[1:-1].encode()}


def personal(person: Person) -> list[str]:
    """Everything of a person that is in the clear outside only, in capitals as well; short words would be found by chance."""
    names = [person.surname, person.given_names, *person.address["lines"]]  # type: ignore[misc]
    plain = [person.nir, person.nir[:13], person.iban, person.iban[-7:], person.phone, person.birth_date.isoformat()]
    return [one for one in {*plain, *names, *(name.upper() for name in names)} if len(one) >= SHORTEST]


def _documents(stack: Stack) -> Iterator[tuple[str, bytes]]:
    with MongoClient[dict[str, object]](stack.mongo_url()) as client:
        for name in client.list_database_names():
            if name in ("admin", "config", "local"):
                continue
            for collection in client[name].list_collection_names():
                for document in client[name][collection].find():
                    yield f"{name}.{collection}", bson.encode(document)


def _records(stack: Stack) -> Iterator[tuple[str, bytes]]:
    for record in records(stack.kafka_config(), "canary"):
        headers = b"|".join(value or b"" for _, value in record.headers() or [])
        yield f"topic {record.topic()}", b"|".join([record.key() or b"", record.value() or b"", headers])
