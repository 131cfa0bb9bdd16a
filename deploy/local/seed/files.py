"""Signed feed files: a numbered header, one JSON object a line, a detached Ed25519 signature beside it."""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.local.seed.people import Person

Line = Mapping[str, Any]
RATE = 70
"""Percent of the tariff that the fund pays."""


def write_feed(
    folder: Path, name: str, sequence: int, as_of: dt.datetime, lines: Iterable[Line], key: Ed25519PrivateKey
) -> Path:
    """Write `<name>-<sequence>.jsonl` and its signature; the file's path."""
    rows = [json.dumps(line, ensure_ascii=False, default=str) for line in lines]
    header = {"feed": name, "sequence": sequence, "as_of": as_of.isoformat(), "lines": len(rows)}
    content = "".join(f"{row}\n" for row in [json.dumps(header), *rows]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{sequence}.jsonl"
    file.write_bytes(content)
    file.with_suffix(".jsonl.sig").write_text(sign(key, content))
    return file


def sign(key: Ed25519PrivateKey, content: bytes) -> str:
    """Base64url of the Ed25519 signature over the file's bytes."""
    return base64.urlsafe_b64encode(key.sign(content)).rstrip(b"=").decode()


def sender_key(secrets: Path, sender: str) -> Ed25519PrivateKey:
    """The sender's private key: here the seed plays the fund's register and the card makers."""
    key = load_pem_private_key((secrets / "feeds" / f"{sender}.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def register_line(person: Person, today: dt.date) -> Line:
    """A person as the register knows him."""
    return {
        "kind": "person",
        "person_id": person.person_id,
        "nir": person.nir,
        "surname": person.surname,
        "given_names": person.given_names,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "address": person.address,
        "address_since": (today - dt.timedelta(days=700)).isoformat(),
        "iban": person.iban,
        "iban_since": (today - dt.timedelta(days=700)).isoformat(),
        "insured_person_id": person.insured_person_id,
        "rank": person.rank,
        "doctor": person.doctor,
        "household_id": person.household_id,
        "parents": person.parents,
        "own_cover": person.own_cover,
        "eu_national": person.eu_national,
        "contact": {"phone": person.phone},
        "confidential": person.confidential,
        "died_on": person.died_on.isoformat() if person.died_on else None,
        **_rights(person, today),
    }


def _rights(person: Person, today: dt.date) -> Line:
    """Two years, then this one and the next; they end with death."""
    first = dt.date(today.year - 2, 1, 1)
    last = person.died_on or dt.date(today.year + 1, 12, 31)
    bounds = ((first, dt.date(today.year - 1, 12, 31)), (dt.date(today.year, 1, 1), last))
    periods = [
        {"from": start.isoformat(), "to": min(end, last).isoformat(), "rate": RATE}
        for start, end in bounds
        if start <= last
    ]
    since = (today - dt.timedelta(days=500)).isoformat()
    return {
        "rights_from": periods[-1]["from"],
        "rights_to": periods[-1]["to"],
        "rights": periods,
        "exemptions": [{"kind": kind, "from": since, "to": None} for kind in person.exemptions],
    }


def card_line(person: Person, today: dt.date) -> Line:
    """A carte Vitale that was issued some time ago."""
    issued = today - dt.timedelta(days=200 + int(person.nir[-3:]))
    return {"kind": "card", "person_id": person.person_id, "serial": person.serial, "issued_on": issued.isoformat()}
