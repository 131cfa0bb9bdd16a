"""A mail as a person or a test reads it."""

import re
from email.message import EmailMessage
from typing import Any

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"')\]]+")


def summary(name: str, mail: EmailMessage) -> dict[str, Any]:
    return {
        "id": name,
        "message_id": str(mail.get("Message-ID", "")),
        "received_at": str(mail["X-Received"]),
        "from": str(mail.get("From", mail["X-From"])),
        "to": recipients(mail),
        "subject": str(mail.get("Subject", "")),
    }


def full(name: str, mail: EmailMessage) -> dict[str, Any]:
    text, html = part(mail, "plain"), part(mail, "html")
    links = list(dict.fromkeys(link.rstrip(".,;") for link in LINK.findall(text or html)))
    return {**summary(name, mail), "text": text, "html": html, "links": links}


def recipients(mail: EmailMessage) -> list[str]:
    """Those of the envelope: what was delivered, whatever the header says."""
    return [address.strip() for address in str(mail["X-To"]).split(",")]


def is_for(mail: EmailMessage, address: str) -> bool:
    return address.casefold() in [one.casefold() for one in recipients(mail)]


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    return str(found.get_content()) if found else ""


def clickable(text: str) -> Markup:
    """Escaped, with its addresses as links: only http and https become one."""
    pieces, end = [], 0
    for match in LINK.finditer(text):
        link = match.group().rstrip(".,;")
        pieces += [escape(text[end : match.start()]), _anchor(link)]
        end = match.start() + len(link)
    return Markup("").join([*pieces, escape(text[end:])])


def _anchor(link: str) -> Markup:
    return Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(link)


def framed(html: str) -> str:
    """For a sandboxed frame without scripts: its links open in a tab of their own."""
    return f'<base target="_blank">{html}'
