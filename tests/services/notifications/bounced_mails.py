"""Mails that come back, as mail systems write them."""

from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Literal

from tests.services.notifications.sample import EMAIL, SENDING

OURS = f"<{SENDING}@mon-compte.example>"


def report(
    status: str = "5.1.1",
    *,
    action: str = "failed",
    message_id: str = OURS,
    returned: Literal["whole", "headers", "none"] = "whole",
    more: str = "",
) -> bytes:
    """A delivery status notification, with the mail that it is about or its headers."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole["From"], whole["To"] = "MAILER-DAEMON@relay.example", "ne-pas-repondre@mon-compte.example"
    whole["Subject"], whole["Message-ID"] = "Undelivered Mail Returned to Sender", "<1@relay.example>"
    whole.attach(MIMEText(f"I'm sorry to have to inform you that {EMAIL} could not be reached.\n"))
    blocks = MIMEBase("message", "delivery-status")
    blocks.set_payload(
        [
            _block("Reporting-MTA: dns; relay.example", "Arrival-Date: Tue, 24 Nov 2026 09:31:00 +0000"),
            _block(
                f"Final-Recipient: rfc822; {EMAIL}",
                f"Action: {action}",
                f"Status: {status}",
                f"Diagnostic-Code: smtp; 550 5.1.1 <{EMAIL}>: no such user",
            ),
            *([_block(*more.split("|"))] if more else []),
        ]
    )
    whole.attach(blocks)
    original = EmailMessage()
    original["Message-ID"], original["To"], original["Subject"] = message_id, EMAIL, "Votre carte"
    original.set_content("Bonjour,\n")
    if returned == "whole":
        part = MIMEBase("message", "rfc822")
        part.set_payload([original])
        whole.attach(part)
    if returned == "headers":
        whole.attach(MIMEText(original.as_string().partition("\n\n")[0], "rfc822-headers"))
    return whole.as_bytes()


def _block(*lines: str) -> EmailMessage:
    block = EmailMessage()
    for line in lines:
        name, _, value = line.partition(": ")
        block[name] = value
    return block
