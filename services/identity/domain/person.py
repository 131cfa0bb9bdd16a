"""A person of the register: who he is, who may see him, and which carte Vitale proves who he is."""

import datetime as dt
from typing import assert_never

from services.identity.domain import addresses
from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ages import day_of
from services.identity.domain.dependants import ViewReason, reason_of_end, viewers_on
from services.identity.domain.ids import PersonId
from services.identity.domain.register import RegisterFacts, dated, facts_of, same_person
from shared.kernel import Decider, Erased, Value, require


class Person(Value):
    """What proofs are compared with. A card may be known before its holder is."""

    facts: RegisterFacts | None = None
    serial_proof: str | Erased | None = None
    revoked: frozenset[str | Erased] = frozenset()
    viewers: frozenset[PersonId] = frozenset()
    home: addresses.Home = addresses.Home()


def decide(person: Person, command: c.PersonCommand) -> list[e.PersonEvent]:  # noqa: PLR0911 - one for each command
    match command:
        case c.RegisterPerson():
            return _register(person, command)

        case c.LearnSerial(serial_proof=proof):
            if proof == person.serial_proof:
                return []
            require(proof not in person.revoked, otherwise="serial-opposed")
            return [e.SerialLearned(**command.model_dump())]

        case c.RevokeSerial(serial_proof=proof):
            if proof in person.revoked:
                return []
            return [e.SerialRevoked(**command.model_dump())]

        case c.ReviewViews():
            return _views(person, person.facts, command.at) if person.facts else []

        case c.ChangeAddress():
            return addresses.change(person.home, command)

        case c.ConfirmAddress():
            return addresses.confirm(person.home, command)

        case c.RepeatPost():
            return addresses.repeated(person.home, command)

        case _:
            assert_never(command)


def _register(person: Person, command: c.RegisterPerson) -> list[e.PersonEvent]:
    known, said = person.facts, dated(facts_of(command), person.facts)
    if known is None:
        return [e.PersonRegistered(at=command.at, **said.model_dump()), *_follows(person, said, command.at)]
    require(not known.erased, otherwise="person-erased")
    if command.as_of < known.as_of:
        return []
    if same_person(known, said):
        return _follows(person, known, command.at)
    return [e.PersonUpdated(at=command.at, **said.model_dump()), *_follows(person, said, command.at)]


def _follows(person: Person, said: RegisterFacts, at: dt.datetime) -> list[e.PersonEvent]:
    return [
        *_death(person.facts, said, at),
        *addresses.told_by_register(person.home, said, at),
        *_views(person, said, at),
    ]


def _death(known: RegisterFacts | None, said: RegisterFacts, at: dt.datetime) -> list[e.PersonEvent]:
    if said.died_on is None or (known is not None and known.died_on is not None):
        return []
    return [e.PersonDied(at=at, person_id=said.person_id, died_on=said.died_on)]


def _views(person: Person, facts: RegisterFacts, at: dt.datetime) -> list[e.PersonEvent]:
    """What changes in who may see the person, each viewer once, always in the same order."""
    day = day_of(at)
    now = viewers_on(facts, day)
    ended = [
        e.ViewEnded(at=at, viewer_id=viewer, person_id=facts.person_id, reason=reason_of_end(facts, viewer, day))
        for viewer in sorted(person.viewers - now)
    ]
    granted = [
        e.ViewGranted(at=at, viewer_id=viewer, person_id=facts.person_id, reason=ViewReason.PARENT)
        for viewer in sorted(now - person.viewers)
    ]
    return [*ended, *granted]


def evolve(person: Person, event: e.PersonEvent) -> Person:  # noqa: PLR0911 - one for each event
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            return person.model_copy(update={"facts": facts_of(event)})
        case e.SerialLearned(serial_proof=proof):
            return person.model_copy(update={"serial_proof": proof})
        case e.SerialRevoked(serial_proof=proof):
            held = None if proof == person.serial_proof else person.serial_proof
            return person.model_copy(update={"serial_proof": held, "revoked": person.revoked | {proof}})
        case e.ViewGranted(viewer_id=viewer):
            return person.model_copy(update={"viewers": person.viewers | {viewer}})
        case e.ViewEnded(viewer_id=viewer):
            return person.model_copy(update={"viewers": person.viewers - {viewer}})
        case e.PersonDied():
            return person
        case e.AddressChanged() | e.PostalAddressChanged():
            return person.model_copy(update={"home": addresses.evolve(person.home, event)})
        case _:
            assert_never(event)


person = Decider(category="person", retention="care", initial=Person(), decide=decide, evolve=evolve)
