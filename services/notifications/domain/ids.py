"""Typed ids: mypy finds two that are swapped."""

from typing import NewType

MemberId = NewType("MemberId", str)
"""The account's holder; also his person's id, which names the key of what is personal here."""
MessageId = NewType("MessageId", str)
Reference = NewType("Reference", str)
"""Printed on a message: whoever holds it can ask us whether the message is ours."""
SendingId = NewType("SendingId", str)
"""Names one mail or letter in the world outside: the start of a Message-ID, a folder of the printer's spool."""
