"""The SMTP side: keeps a mail, or behaves badly if it was told to."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mail.behaviour import Answer, Behaviour
from deploy.local.mail.mailbox import Mailbox

LARGEST = 10 * 1024 * 1024
KEPT = "250 2.0.0 kept"
LATER = "451 4.3.0 told to answer so"
NEVER = "550 5.7.1 told to answer so"
UNKNOWN = "550 5.1.1 told that there is no such mailbox"


class Handler:
    """What aiosmtpd calls; its method names are aiosmtpd's."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.behaviour = Behaviour()

    async def handle_RCPT(  # noqa: N802 -- its interface
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.behaviour.answer is Answer.UNKNOWN and self.behaviour.next([address]) is Answer.UNKNOWN:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 will be kept"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 -- its interface
        answer = Answer.ACCEPT if self.behaviour.answer is Answer.UNKNOWN else self.behaviour.next(envelope.rcpt_tos)
        if answer is Answer.DELAY:
            await asyncio.sleep(self.behaviour.seconds)
        if answer is Answer.LATER:
            return LATER
        if answer is Answer.NEVER:
            return NEVER
        if answer is Answer.DROP:
            return _drop(server)
        # Syncing to disk may take long: other senders are served meanwhile.
        await asyncio.to_thread(self.mailbox.keep, envelope.original_content, envelope.mail_from, envelope.rcpt_tos)
        return _drop(server) if answer is Answer.ACCEPT_AND_DROP else KEPT


async def serve(handler: Handler, host: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        # With a name of its own: the default asks the machine's resolver.
        return SMTP(handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="mail.localhost", loop=loop)

    return await loop.create_server(connection, host, port)


def _drop(server: SMTP) -> str:
    """Cut the connection instead of answering; the answer that aiosmtpd asks for reaches nobody."""
    server.transport.abort()
    return LATER
