"""Typed ids: mypy finds two that are swapped. All are opaque: UUIDs as text, but for files."""

from typing import NewType

PersonId = NewType("PersonId", str)
MemberId = NewType("MemberId", str)
CardId = NewType("CardId", str)
DeclarationId = NewType("DeclarationId", str)
OrderId = NewType("OrderId", str)
NoticeId = NewType("NoticeId", str)
CertificateId = NewType("CertificateId", str)
FileId = NewType("FileId", str)
"""SHA-256 of a file's plain content, under which the archive gives it out."""
