"""Typed ids: mypy finds two that are swapped. All are opaque UUIDs as text."""

from typing import NewType

PersonId = NewType("PersonId", str)
MemberId = NewType("MemberId", str)
CardId = NewType("CardId", str)
DeclarationId = NewType("DeclarationId", str)
OrderId = NewType("OrderId", str)
