"""An address that somebody gives for his account: whose it is already, nobody learns but that mailbox."""

from typing import Final

from services.identity.access.desk import Call, Desk, id_in
from services.identity.domain import account_commands as standing
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.email import email_key
from services.identity.domain.ids import MemberId
from shared.command_handler import Answer
from shared.event_store import ClaimTaken
from shared.problems import Refused

ATTEMPTS: Final = 3

Command = c.CreateAccount | c.RequestEmailValidation | standing.RecoverAccount | standing.ChangeEmail


async def carry_out(desk: Desk, call: Call, member_id: MemberId, command: Command, email: str, *, cmd: str) -> Answer:
    """Carry out a command that has a link sent to an address.

    Where it is another member's, all looks the same: no link goes out, the account holds no address yet, its holder is
    told.

    Raises:
        Rejected: a rule said no.
        Refused: `unavailable`, the address changes hands all the time.
    """
    stream, name = f"account:{member_id}", desk.indexes.email.of(email_key(email))
    for _ in range(ATTEMPTS):
        holder = await desk.holder(name)
        taken = holder not in {None, stream}
        asked = command.model_copy(update={"taken": taken})
        try:
            answer = await desk.service.handle(stream, asked, cmd=cmd, meta=call.meta(member_id))
        except ClaimTaken:  # while this one was on its way
            continue
        if taken and holder is not None:
            await tell(desk, call, holder, e.CreationObstacle.EMAIL_TAKEN)
        return answer
    raise Refused("unavailable")


async def tell(desk: Desk, call: Call, holder: str, obstacle: e.CreationObstacle) -> None:
    """Let the holder of the standing account learn of it."""
    note = c.NoteCreationAttempt(at=desk.clock.now(), obstacle=obstacle)
    await desk.service.handle(holder, note, cmd=call.made("notice"), meta=call.meta(id_in(holder)))
