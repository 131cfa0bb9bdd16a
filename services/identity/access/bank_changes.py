"""Changing bank details: what is found out around the rule, before it decides."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.identity.access.bank_accounts import Holder, HolderCheck, ReadIban, read_iban
from services.identity.access.claims import bank_change_claim
from services.identity.access.desk import Call, Desk, id_in
from services.identity.domain import bank_commands as c
from services.identity.domain.bank_events import CancelledBy, HolderVerdict
from services.identity.domain.ids import BankChangeId, PersonId
from services.identity.domain.register import RegisterFacts
from services.identity.domain.security import Security, security_of
from shared.command_handler import Answer
from shared.kernel import Erased, Event, Rejected

CANCEL = "bank-cancel"
"""Purpose of the link in the notice."""


@dataclass(frozen=True)
class BankChanges:
    """The reception, and the line to the banks."""

    desk: Desk
    holders: HolderCheck
    sensitive: Callable[[str], Awaitable[Sequence[Event]]]
    """What a stream says of the keys of an account (`SENSITIVE`); the rest, sign-ins above all, is not even opened."""

    def read(self, text: str) -> ReadIban:
        """An account as it is typed.

        Raises:
            Rejected: see `read_iban`.
        """
        return read_iban(text, self.desk.settings.sepa)

    async def request(self, call: Call, member_id: str, text: str) -> Answer:
        """Ask for payments to another account; the member has just proved that it is he.

        Raises:
            Rejected: the account is none, or a rule said no.
        """
        desk, now = self.desk, self.desk.clock.now()
        found, security = self.read(text), await self.security(member_id)
        command = c.RequestBankDetailsChange(
            at=now,
            person_id=PersonId(member_id),
            request_id=BankChangeId(call.made("bank-change")),
            iban=found.iban,
            holder=await self._verdict(member_id, found.iban),
            due_at=now + desk.settings.bank_hold,
            refused_until=self.refused_until(security),
            previous_email=security.previous_email,
        )
        return await desk.service.handle(f"bank:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))

    async def security(self, member_id: str) -> Security:
        """What the account's own log says of a change of hands."""
        return security_of(
            [
                event
                for kind in ("account", "factors", "provisional")
                for event in await self.sensitive(f"{kind}:{member_id}")
            ]
        )

    def refused_until(self, security: Security) -> dt.datetime | None:
        """Until when no change is taken, because the account may have changed hands."""
        return None if security.changed_at is None else security.changed_at + self.desk.settings.bank_quiet

    async def cancel(self, call: Call, member_id: str, request_id: str) -> Answer:
        """The member has changed his mind.

        Raises:
            Rejected: there is nothing to cancel.
        """
        return await self._cancel(call, member_id, BankChangeId(request_id), CancelledBy.ACCOUNT)

    async def cancel_by_link(self, call: Call, token: str) -> Answer:
        """Whoever holds the link of the notice, signed in or not.

        Raises:
            Rejected: `link-invalid`, `link-expired`, or there is nothing to cancel any more.
        """
        request_id = self.desk.links.read(CANCEL, token, self.desk.clock.now())
        stream = await self.desk.holder(bank_change_claim(request_id))
        if stream is None:
            raise Rejected("link-invalid")
        return await self._cancel(call, id_in(stream), BankChangeId(request_id), CancelledBy.LINK)

    async def _cancel(self, call: Call, person_id: str, request_id: BankChangeId, by: CancelledBy) -> Answer:
        command = c.CancelBankDetailsChange(
            at=self.desk.clock.now(), person_id=PersonId(person_id), request_id=request_id, by=by
        )
        return await self.desk.service.handle(f"bank:{person_id}", command, cmd=call.cmd, meta=call.meta(person_id))

    async def _verdict(self, member_id: str, iban: str) -> HolderVerdict:
        person, _ = await self.desk.service.state(f"person:{member_id}")
        facts = person.facts
        if not isinstance(facts, RegisterFacts) or facts.erased or isinstance(facts.birth_date, Erased):
            raise Rejected("person-erased")
        holder = Holder(surname=str(facts.surname), given_names=str(facts.given_names), birth_date=facts.birth_date)
        return await self.holders.check(iban, holder)
