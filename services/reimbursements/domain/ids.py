"""Typed ids: mypy finds two that are swapped. All are opaque UUIDs as text."""

from typing import NewType

PersonId = NewType("PersonId", str)
HouseholdId = NewType("HouseholdId", str)
"""The insured person's own id: he is paid, and his dependants' lines stand in the same ledger."""
MemberId = NewType("MemberId", str)
LineId = NewType("LineId", str)
DebtId = NewType("DebtId", str)
"""The line's own id; for what was paid too much, an id made from household and lot."""
ClaimId = NewType("ClaimId", str)
SignalId = NewType("SignalId", str)
