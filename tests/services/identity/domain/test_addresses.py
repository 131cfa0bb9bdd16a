"""Where a person lives and where letters go: member and register, and who names the later day."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ids import AddressChangeId
from services.identity.domain.person import Person, person
from services.identity.domain.postcode import Postcode
from services.identity.domain.register import Address
from shared.kernel import ERASED, Rejected
from shared.testing.spec import Spec
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, after, facts, known, posted, register, registered

BREST = Address(lines=("4 quai du Port",), postcode=Postcode("29200"), city="BREST", country="FRANCE")
METZ = Address(lines=("7 rue du Four",), postcode=Postcode("57000"), city="METZ", country="FRANCE")
CHANGE = AddressChangeId("66666666-6666-4666-8666-666666666666")
OTHER = AddressChangeId("77777777-7777-4777-8777-777777777777")
TODAY = NOW.date()
TOULON = Address.model_validate(facts()["address"])

a_person: Spec[Person, c.PersonCommand, e.PersonEvent] = Spec(person)


def move(address: Address = BREST, change_id: AddressChangeId = CHANGE) -> c.ChangeAddress:
    return c.ChangeAddress(at=NOW, person_id=CLAIRE, change_id=change_id, address=address, post_from=after(days=15))


def moved(address: Address = BREST, change_id: AddressChangeId = CHANGE) -> e.AddressChanged:
    return e.AddressChanged(**move(address, change_id).model_dump(), previous=TOULON, since=TODAY)


def confirm(at: dt.datetime, change_id: AddressChangeId = CHANGE) -> c.ConfirmAddress:
    return c.ConfirmAddress(at=at, person_id=CLAIRE, change_id=change_id)


def post(address: Address, since: dt.date, source: str, at: dt.datetime = NOW) -> e.PostalAddressChanged:
    by, name = e.AddressSource(source), "Claire Anne LEFÈVRE-D'ARC"
    return e.PostalAddressChanged(at=at, person_id=CLAIRE, address=address, since=since, source=by, addressee=name)


def told(address: Address, since: dt.date) -> tuple[c.RegisterPerson, e.PersonUpdated]:
    changes: dict[str, Any] = {"address": address, "address_since": since, "as_of": AS_OF + DAY}
    return register(**changes), e.PersonUpdated(at=NOW, **facts(**changes))


AT_HOME = a_person.given(*known())
MOVING = AT_HOME.given(moved())


def test_a_new_address_is_taken_and_letters_with_codes_go_to_the_one_before() -> None:
    AT_HOME.when(move()).then(moved())


def test_said_twice_it_is_said_once() -> None:
    MOVING.when(move()).nothing()
    AT_HOME.when(move(TOULON)).nothing()


def test_after_15_days_all_letters_go_there_and_not_before() -> None:
    MOVING.when(confirm(after(days=15, seconds=-1))).rejected("address-too-recent")
    MOVING.when(confirm(after(days=15))).then(post(BREST, TODAY, "member", after(days=15)))
    MOVING.given(post(BREST, TODAY, "member", after(days=15))).when(confirm(after(days=16))).nothing()


def test_moving_again_begins_the_days_again() -> None:
    again = MOVING.given(moved(METZ, OTHER))
    MOVING.when(move(METZ, OTHER)).then(moved(METZ, OTHER))
    again.when(confirm(after(days=15))).nothing()
    again.when(confirm(after(days=15), OTHER)).then(post(METZ, TODAY, "member", after(days=15)))


def test_going_back_needs_no_days() -> None:
    MOVING.when(move(TOULON, OTHER)).then(post(TOULON, TODAY, "member"))


def test_the_register_confirms_it_at_once() -> None:
    command, updated = told(BREST, TODAY)
    MOVING.when(command).then(updated, post(BREST, TODAY, "register"))


def test_the_register_with_an_earlier_day_gives_way() -> None:
    command, updated = told(METZ, TODAY - DAY)
    MOVING.when(command).then(updated)
    settled = MOVING.given(post(BREST, TODAY, "member", after(days=15)))
    settled.when(command).then(updated)


def test_the_register_with_a_later_day_is_right() -> None:
    command, updated = told(METZ, TODAY + DAY)
    MOVING.when(command).then(updated, post(METZ, TODAY + DAY, "register"))
    command, updated = told(TOULON, TODAY + DAY)
    MOVING.when(command).then(updated, post(TOULON, TODAY + DAY, "register"))


def test_the_register_may_correct_itself() -> None:
    command, updated = told(METZ, facts()["address_since"])
    AT_HOME.when(command).then(updated, post(METZ, facts()["address_since"], "register"))


def test_another_name_is_told_with_the_address_that_stands() -> None:
    changes: dict[str, Any] = {"surname": "MARTIN", "as_of": AS_OF + DAY}
    renamed = posted().model_copy(update={"addressee": "Claire Anne MARTIN"})
    AT_HOME.when(register(**changes)).then(e.PersonUpdated(at=NOW, **facts(**changes)), renamed)


def test_somebody_unknown_has_no_address_to_change() -> None:
    a_person.when(move()).rejected("person-unknown")
    gone = posted().model_copy(update={"address": ERASED})
    a_person.given(registered(), gone).when(move()).rejected("person-unknown")
    a_person.when(confirm(NOW)).nothing()


COMMANDS = st.one_of(
    st.builds(
        lambda address, day: told(address, TODAY + day * DAY)[0].model_copy(update={"as_of": AS_OF + (day + 5) * DAY}),
        st.sampled_from([TOULON, BREST, METZ]),
        st.integers(-3, 3),
    ),
    st.sampled_from([move(), move(METZ, OTHER), confirm(after(days=15)), confirm(after(days=15), OTHER)]),
)


@given(st.lists(COMMANDS, max_size=12))
def test_in_any_order_and_however_often_letters_go_where_somebody_lives(commands: list[c.PersonCommand]) -> None:
    history: list[e.PersonEvent] = list(known())
    for command in commands:
        try:
            history += person.decide(person.fold(history), command)
            assert person.decide(person.fold(history), command) == [], "a command twice is a command once"
        except Rejected:
            continue
        home = person.fold(history).home
        assert home.post is not None
        assert home.post.address in (TOULON, BREST, METZ)
        assert home.moved is None or home.moved.address != home.post.address
