"""Where a person lives and where letters go: of register and member, whoever names the later day is right."""

import datetime as dt
from typing import Any

from pydantic import AwareDatetime

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ages import day_of
from services.identity.domain.ids import AddressChangeId, PersonId
from services.identity.domain.register import Address, RegisterFacts
from shared.kernel import Erased, Value, require


class Moved(Value):
    """What the member said, while letters with codes and cards still go to the address before."""

    change_id: AddressChangeId
    address: Address | Erased
    since: dt.date | Erased
    post_from: AwareDatetime


class Post(Value):
    """Where letters go, since when, and by whose word."""

    address: Address | Erased
    since: dt.date | Erased | None
    source: e.AddressSource
    addressee: str | Erased | None = None


class Home(Value):
    """What the rules below need to decide."""

    post: Post | None = None
    moved: Moved | None = None


def told_by_register(home: Home, said: RegisterFacts, at: dt.datetime) -> list[e.PersonEvent]:
    """The register's word confirms the member's, gives way to it, or overrules it; the name is the register's alone."""
    confirms = home.moved is not None and home.moved.address == said.address
    free = home.moved is None and _replaces(home.post, said)
    name = f"{said.given_names} {said.surname}"
    if confirms or free or _overrules(home.moved, said):
        post = Post(address=said.address, since=said.address_since, source=e.AddressSource.REGISTER, addressee=name)
        return [_posted(said.person_id, at, post)]
    renamed = home.post is not None and home.moved is None and home.post.addressee != name
    return (
        [_posted(said.person_id, at, home.post.model_copy(update={"addressee": name}))] if renamed and home.post else []
    )


def _posted(person_id: PersonId, at: dt.datetime, post: Post) -> e.PostalAddressChanged:
    return e.PostalAddressChanged(at=at, person_id=person_id, **post.model_dump())


def _overrules(moved: Moved | None, said: RegisterFacts) -> bool:
    return moved is not None and _later(said.address_since, moved.since)


def _replaces(post: Post | None, said: RegisterFacts) -> bool:
    if post is None:
        return True
    if post.address == said.address:
        return False
    return post.source is e.AddressSource.REGISTER or _later(said.address_since, post.since)


def _later(one: object, other: object) -> bool:
    if not isinstance(one, dt.date):
        return False
    return not isinstance(other, dt.date) or one > other


def change(home: Home, command: c.ChangeAddress) -> list[e.PersonEvent]:
    """The member moves; said twice it is said once."""
    require(home.post is not None and not isinstance(home.post.address, Erased), otherwise="person-unknown")
    assert home.post is not None
    current = home.moved.address if home.moved else home.post.address
    if command.address == current:
        return []
    if command.address == home.post.address:  # he stays where letters go anyway
        return [_moved_to(home.post, command, command.address, day_of(command.at))]
    facts = command.model_dump(include={"at", "person_id", "change_id", "address", "post_from"})
    return [e.AddressChanged(**facts, previous=home.post.address, since=day_of(command.at))]


def confirm(home: Home, command: c.ConfirmAddress) -> list[e.PersonEvent]:
    """The days in which the member could object are over."""
    moved = home.moved
    if moved is None or home.post is None or moved.change_id != command.change_id:
        return []
    require(command.at >= moved.post_from, otherwise="address-too-recent")
    return [_moved_to(home.post, command, moved.address, moved.since)]


def repeated(home: Home, command: c.RepeatPost) -> list[e.PersonEvent]:
    """The same once more, a move that is under way left out."""
    if home.post is None or home.moved is not None:
        return []
    return [_posted(command.person_id, command.at, home.post)]


def _moved_to(
    post: Post, command: c.ChangeAddress | c.ConfirmAddress, address: Address | Erased, since: dt.date | Erased
) -> e.PostalAddressChanged:
    by_member = {"address": address, "since": since, "source": e.AddressSource.MEMBER}
    return _posted(command.person_id, command.at, post.model_copy(update=by_member))


def evolve(home: Home, event: e.AddressChanged | e.PostalAddressChanged) -> Home:
    facts: dict[str, Any]
    match event:
        case e.AddressChanged():
            facts = event.model_dump(include={"change_id", "address", "since", "post_from"})
            return home.model_copy(update={"moved": Moved(**facts)})
        case e.PostalAddressChanged():
            return Home(post=Post(**event.model_dump(include={"address", "since", "source", "addressee"})))
