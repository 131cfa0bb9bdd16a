"""Question of the desk: whose claim or paid act bears this reference? It stands here as a keyed hash."""

from collections.abc import Callable
from typing import Any

from services.reimbursements.domain.claims import ClaimMoved
from services.reimbursements.domain.events import LineSettled
from shared.kernel import Erased, Projection
from shared.numbers import NumberOf, request_numbers


def claim_numbers(hashed: Callable[[str], str]) -> Projection[NumberOf, Any]:
    """With the hash of this service. Of many claims there is no news: the payment alone shows them."""

    def of_claim(event: ClaimMoved) -> str | Erased:
        return event.news if isinstance(event.news, Erased) else hashed(event.news.reference)

    def of_line(event: LineSettled) -> str | Erased:
        return event.line if isinstance(event.line, Erased) else hashed(event.line.facts.reference)

    return request_numbers("reimbursements", {ClaimMoved: of_claim, LineSettled: of_line}, version=2)
