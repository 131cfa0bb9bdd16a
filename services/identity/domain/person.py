"""A person of the register: who he is, and which carte Vitale proves it."""

from typing import assert_never

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.register import RegisterFacts, facts_of, same_person
from shared.kernel import Decider, Erased, Value, require


class Person(Value):
    """What proofs are compared with. A card may be known before its holder is."""

    facts: RegisterFacts | None = None
    serial_proof: str | Erased | None = None
    revoked: frozenset[str | Erased] = frozenset()


def decide(person: Person, command: c.PersonCommand) -> list[e.PersonEvent]:
    match command:
        case c.RegisterPerson():
            return _register(person.facts, command)

        case c.LearnSerial(serial_proof=proof):
            if proof == person.serial_proof:
                return []
            require(proof not in person.revoked, otherwise="serial-opposed")
            return [e.SerialLearned(**command.model_dump())]

        case c.RevokeSerial(serial_proof=proof):
            if proof in person.revoked:
                return []
            return [e.SerialRevoked(**command.model_dump())]

        case _:
            assert_never(command)


def _register(known: RegisterFacts | None, command: c.RegisterPerson) -> list[e.PersonEvent]:
    if known is None:
        return [e.PersonRegistered(**command.model_dump())]
    require(not known.erased, otherwise="person-erased")
    if command.as_of < known.as_of or same_person(known, command):
        return []
    return [e.PersonUpdated(**command.model_dump())]


def evolve(person: Person, event: e.PersonEvent) -> Person:
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            return person.model_copy(update={"facts": facts_of(event)})
        case e.SerialLearned(serial_proof=proof):
            return person.model_copy(update={"serial_proof": proof})
        case e.SerialRevoked(serial_proof=proof):
            held = None if proof == person.serial_proof else person.serial_proof
            return person.model_copy(update={"serial_proof": held, "revoked": person.revoked | {proof}})
        case _:
            assert_never(event)


person = Decider(category="person", retention="account", initial=Person(), decide=decide, evolve=evolve)
