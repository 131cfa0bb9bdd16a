"""Typed ids: mypy finds two that are swapped. All are UUIDs as text."""

from typing import NewType

StaffId = NewType("StaffId", str)
"""What an account of the staff is called everywhere: a pseudonym, never a name."""
CredentialId = NewType("CredentialId", str)
SessionId = NewType("SessionId", str)
PersonId = NewType("PersonId", str)
ReadId = NewType("ReadId", str)
InquiryId = NewType("InquiryId", str)
ApprovalId = NewType("ApprovalId", str)
SampleId = NewType("SampleId", str)
