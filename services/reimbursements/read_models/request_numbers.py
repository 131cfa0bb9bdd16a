"""Question of the desk: whose claim is under way under this reference? The reference stands here as a keyed hash."""

from collections.abc import Callable
from typing import Any

from services.reimbursements.domain.claims import ClaimMoved
from shared.kernel import Erased, Projection
from shared.numbers import NumberOf, request_numbers


def claim_numbers(hashed: Callable[[str], str]) -> Projection[NumberOf, Any]:
    """With the hash of this service."""
    return request_numbers("reimbursements", {ClaimMoved: lambda event: _hashed(event, hashed)})


def _hashed(event: ClaimMoved, hashed: Callable[[str], str]) -> str | Erased:
    return event.news if isinstance(event.news, Erased) else hashed(event.news.reference)
