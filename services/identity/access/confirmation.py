"""Confirming an address: a link is sent, and used once."""

from services.identity.access import given_emails
from services.identity.access.claims import link_claim
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.links import VALIDATION
from services.identity.domain import commands as c
from services.identity.domain.account_state import Account
from services.identity.domain.ids import LinkId, MemberId
from shared.command_handler import Answer
from shared.kernel import Rejected


async def confirm(desk: Desk, call: Call, token: str) -> Answer:
    """Use a link.

    Raises:
        Rejected: `link-invalid`, `link-expired`, `link-replaced` or `link-already-used`.
    """
    now = desk.clock.now()
    link_id = desk.links.read(VALIDATION, token, now)
    stream = await desk.holder(link_claim(link_id))
    if stream is None:
        raise Rejected("link-invalid")
    command = c.ValidateEmail(at=now, link_id=link_id)
    return await desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(id_in(stream)))


async def send_again(desk: Desk, call: Call, member_id: MemberId) -> Answer:
    """Let a new link be sent; the one before no longer works. An address that has become free is the account's now.

    Raises:
        Rejected: a rule said no.
    """
    now = desk.clock.now()
    command = c.RequestEmailValidation(
        at=now, link_id=LinkId(call.made("link")), link_expires_at=now + desk.settings.link_lifetime
    )
    account: Account = (await desk.service.state(f"account:{member_id}"))[0]
    return await given_emails.carry_out(desk, call, member_id, command, str(account.email), cmd=call.cmd)
