"""The mail relay: hands a mail over by SMTP, and says how sure it is of the outcome."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.message import EmailMessage
from functools import partial
from typing import Final

import aiosmtplib
import httpx
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from shared.effects import Deferred, NotAccepted, Permanent, Refused

REFUSED_FOR_GOOD: Final = 500
LEAVING: Final = 421
OF_ADDRESS: Final = frozenset({550, 551, 553})
"""No such mailbox, gone elsewhere, no such name (RFC 5321); 552 and 554 tell of other things."""
ENHANCED: Final = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
ABOUT_ADDRESS: Final = frozenset({"1", "2"})
"""Of addressing, of the mailbox; what is said of policy (`7`) tells nothing of the address."""
ASK_SECONDS: Final = 5.0
FAREWELL_SECONDS: Final = 2.0


class Smtp:
    """One connection for each mail."""

    def __init__(
        self, host: str, port: int, timeout: float, client: Callable[..., aiosmtplib.SMTP] = aiosmtplib.SMTP
    ) -> None:
        self._client = partial(client, hostname=host, port=port, timeout=timeout)

    async def send(self, mail: EmailMessage) -> None:
        """Hand it over.

        Raises:
            NotAccepted: the relay was not reached, or takes nothing at all: it certainly has not got this mail.
            Deferred: it asks to come back later with this one.
            Refused: no mail will ever reach this address.
            Permanent: it refuses this one for good.
            Exception: anything else leaves the outcome unknown.
        """
        client = self._client()
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            raise NotAccepted(type(error).__name__) from None
        try:
            await client.send_message(mail)
            with suppress(SMTPException, OSError):
                await client.quit(timeout=FAREWELL_SECONDS)
        except SMTPSenderRefused as refusal:  # nothing is wrong with this mail: the relay does not know us
            raise NotAccepted(str(refusal.code)) from None
        except SMTPRecipientsRefused as refusal:
            raise _unreachable(refusal) or _refused([one.code for one in refusal.recipients]) from None
        except SMTPResponseException as refusal:
            raise _refused([refusal.code]) from None
        finally:
            client.close()


def _unreachable(refusal: SMTPRecipientsRefused) -> Refused | None:
    """Whether it is for the address that the relay refuses, and not, say, because it does not like us (RFC 3463)."""
    answers = [(one.code, ENHANCED.match(one.message)) for one in refusal.recipients]
    good = [code in OF_ADDRESS and (said is None or said[1] in ABOUT_ADDRESS) for code, said in answers]
    return Refused(str([code for code, _ in answers])) if good and all(good) else None


def _refused(codes: Sequence[int]) -> Exception:
    """Codes alone: a relay's answer repeats the address."""
    if LEAVING in codes:
        return NotAccepted(str(LEAVING))
    return Permanent(str(codes)) if all(code >= REFUSED_FOR_GOOD for code in codes) else Deferred(str(codes))


class Accepted:
    """Asks the relay's log, where it has one that can be asked, whether it took a mail."""

    def __init__(self, url: str | None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport

    async def was_accepted(self, mail_id: str) -> bool | None:
        """None where nobody can say.

        Raises:
            NotAccepted: no answer now; ask again.
        """
        if not self._url:
            return None
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=ASK_SECONDS, trust_env=False) as client:
                answer = await client.get(f"{self._url.rstrip('/')}/accepted", params={"message_id": mail_id})
                return bool(answer.raise_for_status().json()["accepted"])
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise NotAccepted(type(error).__name__) from None
