"""The immediate way to an account: prove who one is, then choose a code and give an address.

Nothing here tells whether a number is known, an account exists or an address is taken: the mailbox alone learns it.
"""

import datetime as dt
import uuid
from typing import Final

from services.identity.access import codes, given_emails, provisional_codes, returning, totp
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.personal_words import refuse_own_words
from services.identity.access.stores import Credential, Enrolment
from services.identity.domain import account_commands as standing
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ids import CredentialId, EnrolmentId, LinkId, MemberId, PersonId
from services.identity.domain.nir import Nir
from services.identity.domain.postcode import Postcode
from services.identity.domain.proofs import Claimed, proves
from shared.kernel import Rejected, Value, require
from shared.problems import Refused

NOBODY: Final = "person:nobody"


class Typed(Value):
    """What a visitor typed, each item in normal form."""

    nir: Nir
    surname: str
    birth_date: dt.date
    postcode: Postcode
    iban_last7: str
    serial: str


class Chosen(Value):
    """What the account is to have. The code goes to the hasher and nowhere else."""

    email: str
    cgu_version: str
    cgu_hash: str


async def prove(desk: Desk, typed: Typed, origin: str) -> Enrolment:
    """An enrolment for the person who was proved.

    Raises:
        Rejected: `facts-do-not-match`, whatever is wrong.
        TooMany: for this number or from this place.
    """
    number = desk.indexes.nir.of(typed.nir)
    gate = f"proof|{number}"
    place = f"proofs|{desk.indexes.origin.of(origin)}"
    await desk.gates.enter(place, desk.settings.origins())
    await desk.gates.enter(gate, desk.settings.proofs())
    stream = await desk.holder(number) or NOBODY
    person, _ = await desk.service.state(stream)
    claimed = Claimed(
        **typed.model_dump(exclude={"serial", "iban_last7"}),
        iban_proof=desk.indexes.iban.of(typed.iban_last7),
        serial_proof=desk.indexes.serial.of(typed.serial),
    )
    require(proves(claimed, person, desk.today(), desk.indexes.iban.of), otherwise="facts-do-not-match")
    await desk.gates.forgive(gate)
    await desk.gates.give_back(place)
    expires_at = desk.clock.now() + desk.settings.enrolment_lifetime
    enrolment = Enrolment(id=EnrolmentId(str(uuid.uuid4())), person_id=PersonId(id_in(stream)), expires_at=expires_at)
    await desk.stores.enrolments.put(enrolment)
    return enrolment


async def create_account(desk: Desk, call: Call, enrolment_id: EnrolmentId, chosen: Chosen, code: str) -> None:
    """Open the account, or let the mailbox concerned learn why not: the answer is the same.

    Raises:
        Refused: `enrolment-expired`.
        Rejected: `code-known`, `code-personal` or `erasure-under-way`.
        TooMany: with this enrolment.
    """
    enrolment = await desk.stores.enrolments.get(enrolment_id, desk.clock.now())
    if enrolment is None:
        raise Refused("enrolment-expired")
    await desk.gates.enter(f"creation|{enrolment_id}", desk.settings.creations())
    await refuse_own_words(desk, enrolment.person_id, code, chosen.email)
    await returning.welcome(desk, call, enrolment.person_id)
    await provisional_codes.use(desk, call, enrolment)
    credential = await codes.keep(desk, call, MemberId(enrolment.person_id), code)
    command = _command(desk, call, enrolment.person_id, credential.id, chosen)
    try:
        await given_emails.carry_out(desk, call, command.member_id, command, chosen.email, cmd=call.cmd)
    except Rejected:
        if enrolment.provisional_code_id is not None:
            await _recover(desk, call, enrolment, credential, chosen)
        else:
            await desk.stores.credentials.drop(credential.id)
            await given_emails.tell(desk, call, f"account:{command.member_id}", e.CreationObstacle.ACCOUNT_EXISTS)
    else:
        await codes.named(desk, MemberId(enrolment.person_id))


async def _recover(desk: Desk, call: Call, enrolment: Enrolment, credential: Credential, chosen: Chosen) -> None:
    """There is an account already: its member has lost his keys, and proved by paper who he is."""
    member_id, now = MemberId(enrolment.person_id), desk.clock.now()
    command = standing.RecoverAccount(
        at=now,
        **chosen.model_dump(),
        credential_id=credential.id,
        link_id=LinkId(call.made("link")),
        link_expires_at=now + desk.settings.link_lifetime,
    )
    try:
        await given_emails.carry_out(desk, call, member_id, command, chosen.email, cmd=call.made("recovery"))
    except Rejected:  # it is locked
        await desk.stores.credentials.drop(credential.id)
    else:
        await desk.stores.devices.forget(member_id)
        await totp.disable(desk, call, member_id)
        await codes.named(desk, member_id)


def _command(
    desk: Desk, call: Call, person_id: PersonId, credential_id: CredentialId, chosen: Chosen
) -> c.CreateAccount:
    now = desk.clock.now()
    return c.CreateAccount(
        at=now,
        member_id=MemberId(person_id),
        person_id=person_id,
        **chosen.model_dump(),
        credential_id=credential_id,
        link_id=LinkId(call.made("link")),
        link_expires_at=now + desk.settings.link_lifetime,
    )
