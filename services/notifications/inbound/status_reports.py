"""Delivery status notifications (RFC 3464), as mail systems send them to the address that our mails name as theirs.

Anybody can write to that address. What is believed of a report is tied to the Message-ID of the mail that came back,
which nobody knows but who has received it.
"""

import email
import re
import uuid
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import Final

from services.notifications.domain.ids import SendingId
from shared.kernel import Value

LARGEST: Final = 1 << 20
FAILED: Final = "failed"
FOR_GOOD: Final = "5."
"""An enhanced status code that no later try will mend (RFC 3463)."""
_STATUS: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID: Final = re.compile(r"<\s*([0-9a-fA-F-]{36})@[^<>\s]+>")


class StatusReport(Value):
    """What became of one mail of ours."""

    sending_id: SendingId
    for_good: bool


def read(content: bytes) -> StatusReport | None:
    """What a message reports; None if it is no report about a mail of ours."""
    if len(content) > LARGEST:
        return None
    try:
        message = email.message_from_bytes(content)
        named = _sending_of(message)
        outcomes = list(_outcomes(message))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # anybody may have written it
        return None
    if named is None or not outcomes:
        return None
    good = all(action == FAILED and status.startswith(FOR_GOOD) for action, status in outcomes)
    return StatusReport(sending_id=named, for_good=good)


def _outcomes(message: Message) -> Iterator[tuple[str, str]]:
    """Action and status for each recipient; the first block is about the whole mail and has neither."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            assert isinstance(block, Message)
            status = _STATUS.match(str(block.get("Status", "")))
            if status and block.get("Action"):
                yield str(block["Action"]).strip().lower(), status[1]


def _sending_of(message: Message) -> SendingId | None:
    """Of the mail that is returned with the report, whole or its headers alone."""
    for part in message.walk():
        kind = part.get_content_type()
        returned: Message | None = None
        if kind == "message/rfc822" and isinstance(held := part.get_payload(0), Message):
            returned = held
        elif kind == "text/rfc822-headers":
            returned = HeaderParser().parsestr(str(part.get_payload()))
        if returned is not None and (found := _MESSAGE_ID.search(str(returned.get("Message-ID", "")))):
            return SendingId(str(uuid.UUID(found[1])))
    return None
