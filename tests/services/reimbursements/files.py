"""Lines of the settlement feed, as the fund would write them."""

import datetime as dt
from typing import Any

from services.reimbursements.domain.facts import LineFacts
from tests.services.reimbursements.sample import HOUSEHOLD, PAID_ON


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def fed(line: LineFacts) -> dict[str, Any]:
    return {**line.model_dump(mode="json"), "paid": euros(line.paid), "base": euros(line.base)}


def lot_line(*lines: LineFacts, number: int = 1, paid_on: dt.date = PAID_ON, **more: Any) -> dict[str, Any]:
    return {
        "kind": "lot",
        "household_id": HOUSEHOLD,
        "number": number,
        "lot": f"2026{number:06d}",
        "paid_on": paid_on.isoformat(),
        "lines": [fed(line) for line in lines],
        **more,
    }
