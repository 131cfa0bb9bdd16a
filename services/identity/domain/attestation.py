"""Attestation de droits: given once, revoked once. What it may say is worked out here, from what the register says."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import assert_never

from services.identity.domain import attestation_commands as c
from services.identity.domain import attestation_events as e
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.nir import Nir, key_of
from services.identity.domain.register import Part, RegisterFacts
from services.identity.domain.rights import RightsPeriod, exemptions_on, period_on
from shared.kernel import Decider, Rejected, Value, require


class Attestation(Value):
    """Only what the rules below need to decide."""

    person_id: PersonId | None = None
    """The member who had it made."""
    revoked: bool = False


def decide(attestation: Attestation, command: c.AttestationCommand) -> list[e.AttestationEvent]:
    match command:
        case c.IssueAttestation(named=named):
            if attestation.person_id is not None:
                return []
            require(bool(named), otherwise="rights-none")
            until = None if command.past else min((one.ends_on for one in named if one.ends_on), default=None)
            issued = e.AttestationIssued(**command.model_dump(exclude={"subject"}), until=until)
            return [issued] if command.past else [issued, *(_names(command, one) for one in named)]

        case c.RevokeAttestation(person_id=person_id):
            require(attestation.person_id is not None, otherwise="attestation-unknown")
            asked = command.reason is e.RevokedFor.REQUEST
            require(not asked or attestation.person_id == person_id, otherwise="attestation-unknown")
            if attestation.revoked:
                return []
            return [e.AttestationRevoked(**command.model_dump(), member_id=MemberId(str(attestation.person_id)))]

        case _:
            assert_never(command)


def _names(command: c.IssueAttestation, one: e.Named) -> e.AttestationNames:
    return e.AttestationNames(
        at=command.at, attestation_id=command.attestation_id, person_id=one.person_id, until=one.ends_on
    )


def evolve(attestation: Attestation, event: e.AttestationEvent) -> Attestation:
    match event:
        case e.AttestationIssued(person_id=person_id):
            return Attestation(person_id=person_id)
        case e.AttestationNames():
            return attestation
        case e.AttestationRevoked():
            return attestation.model_copy(update={"revoked": True})
        case _:
            assert_never(event)


attestation = Decider(category="attestation", retention="account", initial=Attestation(), decide=decide, evolve=evolve)


def named(facts: RegisterFacts, day: dt.date, *, with_exemptions: bool, hidden: Collection[Part] = ()) -> e.Named:
    """A person as an attestation of this day prints him, without what is hidden from who asks for it.

    Raises:
        Rejected: `rights-none`, he had no rights on that day; `person-erased`.
    """
    if facts.erased or not isinstance(facts.birth_date, dt.date):
        raise Rejected("person-erased")
    period = period_on(periods_of(facts), day)
    if Part.RIGHTS in hidden or period is None or (isinstance(facts.died_on, dt.date) and facts.died_on < day):
        raise Rejected("rights-none")
    exemptions = exemptions_on(facts.exemptions if isinstance(facts.exemptions, tuple) else (), day)
    shown = with_exemptions and Part.EXEMPTIONS not in hidden
    return e.Named(
        person_id=facts.person_id,
        surname=str(facts.surname),
        given_names=str(facts.given_names),
        birth_date=facts.birth_date,
        nir=_printed(facts.nir) if isinstance(facts.nir, str) else None,
        rank=facts.rank if isinstance(facts.rank, int) else None,
        doctor=None if Part.DOCTOR in hidden else facts.doctor is not None,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        rate=period.rate,
        exemptions=tuple(e.NamedExemption(**one.model_dump()) for one in exemptions) if shown else (),
    )


def periods_of(facts: RegisterFacts) -> Sequence[RightsPeriod]:
    """The periods that the register names; of its first form, the single one."""
    if isinstance(facts.rights, tuple) and facts.rights:
        return facts.rights
    if isinstance(facts.rights_from, dt.date):
        end = facts.rights_to if isinstance(facts.rights_to, dt.date) else None
        return (RightsPeriod(starts_on=facts.rights_from, ends_on=end),)
    return ()


def still_holds(facts: RegisterFacts, until: dt.date | None, day: dt.date) -> bool:
    """Whether the register still says what was printed: rights on this day, up to the day that was named."""
    if facts.erased or facts.died_on is not None:
        return False
    period = period_on(periods_of(facts), day)
    if period is None:
        return until is not None and until < day  # they ended as it said
    return period.ends_on is None or (until is not None and period.ends_on >= until)


def _printed(nir: Nir) -> str:
    try:
        return f"{nir}{key_of(nir)}"
    except Rejected:  # a provisional number has no key
        return nir
