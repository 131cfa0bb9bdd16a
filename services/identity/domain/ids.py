"""Typed ids: a swapped one is found by mypy. All are opaque; a NIR is never one of them."""

from typing import NewType

PersonId = NewType("PersonId", str)
"""Given by the fund's register."""
MemberId = NewType("MemberId", str)
"""A person who holds an account: the same text as the person's id."""
CardId = NewType("CardId", str)
LinkId = NewType("LinkId", str)
"""A link sent by mail; its token is derived from it and stands nowhere."""
CredentialId = NewType("CredentialId", str)
"""Where the hash of a personal code lies, outside the log."""
SessionId = NewType("SessionId", str)
EnrolmentId = NewType("EnrolmentId", str)
ChallengeId = NewType("ChallengeId", str)
"""One question for a one-time code; the code is derived from it and stands nowhere."""
DeviceId = NewType("DeviceId", str)
"""A browser in which somebody has signed in; its cookie is signed."""
BankChangeId = NewType("BankChangeId", str)
"""One request to be paid to another account."""
AddressChangeId = NewType("AddressChangeId", str)
AttestationId = NewType("AttestationId", str)
ProvisionalCodeId = NewType("ProvisionalCodeId", str)
"""A code sent by post or given at the desk; it is derived from this and stands nowhere."""
TotpId = NewType("TotpId", str)
"""Where the secret of a member's code app lies, outside the log."""
ErasureId = NewType("ErasureId", str)
"""One request to be forgotten; links and codes about it are derived from this and stand nowhere."""
HoldId = NewType("HoldId", str)
"""One legal hold."""
