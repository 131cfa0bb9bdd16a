"""A statement as the template shows it: plain data, no float, and « effacé » where a person's key is destroyed."""

from collections.abc import Sequence
from typing import Any, Final

from services.reimbursements.domain.statements import Part, Row, Summary
from services.reimbursements.read_models.my_statements import MyStatement
from shared.canonical import iso
from shared.kernel import ERASED

_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def printed(head: MyStatement, parts: Sequence[MyStatement]) -> dict[str, Any]:
    """The data of `statement.v1.typ`; amounts in cents."""
    year, number = head.month.split("-")
    month = f"{_MONTHS[int(number) - 1]} {year}"
    common = {"created_at": iso(head.issued_at), "month": month, "made_on": iso(head.issued_at)[:10]}
    if not isinstance(head.summary, Summary):
        return {**common, "erased": True, "blocks": [], "information": [], "total": 0, "year_before": None, "year": ""}
    known = [one.part for one in parts]
    own = [part for part in known if isinstance(part, Part)]
    numbers = {block.number for block in head.summary.blocks}
    return {
        **common,
        "erased": len(own) < len(known),
        "blocks": [
            {
                "paid_on": block.paid_on.isoformat(),
                "amount": block.amount,
                "account": block.account or "",
                "others": block.others,
                "persons": _persons(own, {block.number}, member=True),
            }
            for block in head.summary.blocks
        ],
        "information": _persons(own, numbers or None, member=False),
        "total": head.summary.total,
        "year_before": head.summary.year_before,
        "year": str(int(year) - 1),
    }


def _persons(parts: Sequence[Part], numbers: set[int] | None, *, member: bool) -> list[dict[str, Any]]:
    """Per beneficiary: what was paid to the member, or, for his information, to professionals."""
    found = []
    for part in sorted(parts, key=lambda one: one.given_name):
        rows = [
            _row(row, member=member)
            for row in part.rows
            if (numbers is None or row.number in numbers) and (row.to_professional == 0) is member
        ]
        if rows:
            born = part.birth_date.isoformat() if part.birth_date else ""
            found.append({"name": part.given_name or str(ERASED.value), "born": born, "rows": rows})
    return found


def _row(row: Row, *, member: bool) -> dict[str, Any]:
    return {
        "day": row.care_date.isoformat() if row.care_date else "",
        "label": row.label,
        "paid": row.paid,
        "base": row.base,
        "rate": row.rate,
        "amount": row.amount if member else row.to_professional,
        "notes": list(row.notes),
    }
