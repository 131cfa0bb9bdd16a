"""Forgetting a person: what is found out around the rules, the codes and links about it, and the certificate."""

import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from services.identity.access.claims import erasure_claim
from services.identity.access.desk import Call, Desk, id_in
from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.erasure_state import Erasure, Status
from services.identity.domain.ids import ErasureId, MemberId, PersonId
from services.identity.domain.register import RegisterFacts
from services.identity.domain.retention import cover_end, reference_of
from services.identity.read_models.erasure_cases import ErasureCase, evolve
from shared.command_handler import Answer
from shared.kernel import Event, Rejected, members, require

CANCEL: Final = "erasure-cancel"
"""Purpose of the link in the notice."""
CERTIFICATE: Final = "erasure-certificate"
_SPACES: Final = re.compile(r"[\s\-\u00a0\u202f]+")


@dataclass(frozen=True)
class Erasures:
    """The reception, and the log."""

    desk: Desk
    events: Callable[[str], Awaitable[Sequence[Event]]]
    """The events of a stream so far."""

    async def request(self, call: Call, member_id: MemberId) -> Answer:
        """The member, who has just proved that it is he, wants to be forgotten.

        Raises:
            Rejected: `erasure-already-requested`, or there is no account.
        """
        account, _ = await self.desk.service.state(f"account:{member_id}")
        require(account.usable, otherwise="account-locked")
        return await self._request(call, PersonId(member_id), e.RequestedBy.MEMBER)

    async def request_at_desk(self, call: Call, person_id: PersonId) -> Answer:
        """The same at the desk, where there may be no account.

        Raises:
            Rejected: a rule said no.
        """
        return await self._request(call, person_id, e.RequestedBy.DESK)

    async def _request(self, call: Call, person_id: PersonId, by: e.RequestedBy) -> Answer:
        now, erasure_id = self.desk.clock.now(), ErasureId(call.made("erasure"))
        person, _ = await self.desk.service.state(f"person:{person_id}")
        require(isinstance(person.facts, RegisterFacts), otherwise="person-unknown")
        command = c.RequestErasure(
            at=now,
            person_id=person_id,
            erasure_id=erasure_id,
            reference=reference_of(erasure_id),
            by=by,
            due_at=(now + self.desk.settings.erasure_hold).replace(microsecond=0),
            covered_until=cover_end(person.facts),
        )
        return await self._handle(call, person_id, command)

    async def cancel(self, call: Call, person_id: str, by: e.CancelledBy) -> Answer:
        """The member has changed his mind, or the desk has learned better.

        Raises:
            Rejected: `erasure-unknown`.
        """
        known = await self.state(person_id)
        return await self._cancel(call, person_id, known.erasure_id, by)

    async def cancel_by_link(self, call: Call, token: str) -> Answer:
        """Whoever holds the link of the notice, signed in or not.

        Raises:
            Rejected: `link-invalid`, `link-expired`, or it is done.
        """
        erasure_id = self.desk.links.read(CANCEL, token, self.desk.clock.now())
        stream = await self.desk.holder(erasure_claim(erasure_id))
        if stream is None:
            raise Rejected("link-invalid")
        return await self._cancel(call, id_in(stream), ErasureId(erasure_id), e.CancelledBy.LINK)

    async def _cancel(self, call: Call, person_id: str, erasure_id: ErasureId | None, by: e.CancelledBy) -> Answer:
        if erasure_id is None:
            raise Rejected("erasure-unknown")
        command = c.CancelErasure(at=self.desk.clock.now(), person_id=PersonId(person_id), erasure_id=erasure_id, by=by)
        return await self._handle(call, person_id, command)

    async def state(self, person_id: str) -> Erasure:
        """How far it is."""
        erasure: Erasure = (await self.desk.service.state(f"erasure:{person_id}"))[0]
        return erasure

    def code(self, erasure_id: ErasureId) -> str:
        """What opens the certificate, besides its reference; it stands nowhere."""
        letters = self.desk.links.letter_code(CERTIFICATE, erasure_id)
        return "-".join(letters[start : start + 4] for start in (0, 4, 8))

    async def opened(self, reference: str, code: str, origin: str) -> ErasureCase:
        """The case behind a reference, for whoever has its code; no account is needed.

        Raises:
            Rejected: `certificate-refused`, whatever is wrong.
            TooMany: for this reference or from this place.
        """
        desk, wanted = self.desk, reference.strip().upper()
        place = desk.indexes.origin.of(origin)
        await desk.gates.enter(f"certificates|{place}", desk.settings.origins())
        await desk.gates.enter(f"certificate|{desk.indexes.origin.of(wanted)}", desk.settings.proofs())
        stream = await desk.holder(erasure_claim(wanted))
        case = await self.case(id_in(stream), wanted) if stream else None
        typed = _SPACES.sub("", code).upper()
        right = desk.links.letter_code(CERTIFICATE, case.erasure_id if case and case.erasure_id else "nobody")
        same = hmac.compare_digest(right.encode(), typed.encode())
        require(case is not None and same, otherwise="certificate-refused")
        await desk.gates.forgive(f"certificate|{desk.indexes.origin.of(wanted)}")
        assert case is not None
        return case

    async def case(self, person_id: str, reference: str | None = None) -> ErasureCase | None:
        """One erasure of a person, the last one where none is named, as the log tells it."""
        found: ErasureCase | None = None
        for event in await self.events(f"erasure:{person_id}"):
            if not isinstance(event, members(e.ErasureEvent)):
                continue
            if isinstance(event, e.ErasureRequested) and found is not None and found.reference == reference:
                return found
            found = evolve(found, event)
            if isinstance(event, e.PersonReturned):  # the erasure stays what it was
                found = found.model_copy(update={"status": Status.COMPLETED})
        return found if found is None or reference in {None, found.reference} else None

    async def _handle(self, call: Call, person_id: str, command: c.ErasureCommand) -> Answer:
        return await self.desk.service.handle(f"erasure:{person_id}", command, cmd=call.cmd, meta=call.meta(person_id))
