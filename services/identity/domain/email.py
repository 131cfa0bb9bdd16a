"""E-mail addresses: one normal form to write to, one key to compare by."""

import re
from typing import Final

from shared.kernel import Rejected, require

LONGEST: Final = 254
LONGEST_LOCAL: Final = 64

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def parse_email(text: str) -> str:
    """Trimmed, its domain in lower case ASCII. Dots and tags before the @ are the provider's business: they stay.

    Raises:
        Rejected: `email-format`.
    """
    local, _, domain = text.strip().rpartition("@")
    domain = _ascii(domain).lower()
    address = f"{local}@{domain}"
    fits = len(address) <= LONGEST and len(local) <= LONGEST_LOCAL
    require(fits and _LOCAL.fullmatch(local) is not None, otherwise="email-format")
    require(_DOMAIN.fullmatch(domain) is not None, otherwise="email-format")
    return address


def email_key(email: str) -> str:
    """Two addresses of one mailbox have one key: no provider in use tells upper from lower case."""
    return email.lower()


def masked_email(email: str) -> str:
    """Enough to recognise one's own address: `c•••@exemple.fr`."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Rejected("email-format") from None
