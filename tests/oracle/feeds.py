"""Generated households as lines of the settlement feed, written to a file line by line: no size fits in memory."""

import base64
import datetime as dt
import json
import mmap
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.oracle.generate import Household, Lot

Line = dict[str, Any]


def fed(row: dict[str, Any]) -> Line:
    """One act."""
    who = {"id": row["who"], "name": "Dr Essai", "military": row["military"], "army_hospital": row["army_hospital"]}
    same = ("reference", "line", "kind", "rate", "quantity", "parcours", "payee", "covers", "urgent", "territory")
    return {name: row[name] for name in same} | {
        "person_id": row["person"],
        "given_name": "Camille",
        "birth_date": row["born"].isoformat(),
        "care_date": row["care"].isoformat(),
        "code": "X",
        "label": f"Soin {row['kind']}",
        "professional": who,
        "paid": _text(row["paid"]),
        "base": _text(row["base"]),
        "hospital_stay": row["stay"],
        "delivery_due": row["due"].isoformat() if row["due"] else None,
        "posted_months": row["months"],
    }


def lot_line(household: str, lot: Lot) -> Line:
    """One payment run."""
    return {
        "kind": "lot",
        "household_id": household,
        "number": lot.number,
        "lot": str(lot.number),
        "paid_on": lot.paid_on.isoformat(),
        "lines": [fed(row) for row in lot.rows],
        "cancels": lot.taken_back,
    }


def lines_of(households: Iterable[Household]) -> Iterator[Line]:
    for household in households:
        for lot in household.lots:
            yield lot_line(household.id, lot)


def written(file: Path, lines: Iterable[Line], key: Ed25519PrivateKey, sequence: int = 1) -> int:
    """A signed file; how many lines it has. The header says the count, so it is written last, in a room kept for it."""
    body = file.with_suffix(".body")
    count = 0
    with body.open("w", encoding="utf-8") as opened:
        for line in lines:
            opened.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    as_of = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    header = {"feed": "settlements", "sequence": sequence, "as_of": as_of.isoformat(), "lines": count}
    with file.open("wb") as whole, body.open("rb") as rest:
        whole.write(json.dumps(header).encode() + b"\n")
        while part := rest.read(1 << 20):
            whole.write(part)
    body.unlink()
    with file.open("rb") as signed, mmap.mmap(signed.fileno(), 0, access=mmap.ACCESS_READ) as content:
        signature = base64.urlsafe_b64encode(key.sign(memoryview(content))).rstrip(b"=").decode()
    file.with_name(f"{file.name}.sig").write_text(signature)
    return count


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"
