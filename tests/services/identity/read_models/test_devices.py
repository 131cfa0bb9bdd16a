"""« Mes appareils »"""

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.domain.ids import DeviceId, PersonId
from services.identity.read_models.devices import KEPT, Devices, Shown, devices, evolve
from shared.kernel import ERASED
from tests.services.identity.examples import CREATED, MEMBER, NEXT_SESSION, NOW, SESSION, SIGNED_IN, WHOSE, after

HOME, PHONE = DeviceId("d0" * 16), DeviceId("d1" * 16)
AT_HOME = SIGNED_IN.model_copy(update={"device_id": HOME, "device_name": "Firefox sur Windows"})
ON_PHONE = SIGNED_IN.model_copy(
    update={"at": after(hours=1), "session_id": NEXT_SESSION, "device_id": PHONE, "device_name": "Safari sur iPhone"}
)


def folded(*events: Shown) -> Any:
    document = reduce(evolve, events, None)
    assert document is not None
    return document


def test_sessions_and_browsers_show_the_newest_first() -> None:
    shown = folded(AT_HOME, ON_PHONE)
    assert [(one.session_id, one.device) for one in shown.sessions] == [
        (NEXT_SESSION, "Safari sur iPhone"),
        (SESSION, "Firefox sur Windows"),
    ]
    assert [one.device_id for one in shown.devices] == [PHONE, HOME]


def test_an_account_that_is_opened_anew_knows_no_browser_of_the_one_before() -> None:
    assert folded(AT_HOME, ON_PHONE, CREATED) == Devices(member_id=MEMBER, person_id=PersonId(MEMBER))
    assert [one.device_id for one in folded(AT_HOME, CREATED, ON_PHONE).devices] == [PHONE]


def test_a_browser_that_comes_again_keeps_its_first_day() -> None:
    again = AT_HOME.model_copy(update={"at": after(days=1)})
    [line] = folded(AT_HOME, again).devices
    assert (line.first_at, line.last_at) == (AT_HOME.at, again.at)


def test_what_has_ended_is_gone() -> None:
    out = e.SignedOut(at=after(hours=2), **WHOSE, session_id=SESSION)
    revoked = a.SessionsEnded(at=after(hours=2), **WHOSE, session_ids=(NEXT_SESSION,), reason=a.EndReason.REVOKED)
    assert folded(AT_HOME, ON_PHONE, out, revoked).sessions == ()
    forgotten = a.DeviceForgotten(at=after(hours=2), **WHOSE, device_id=PHONE)
    assert [one.device_id for one in folded(AT_HOME, ON_PHONE, forgotten).devices] == [HOME]


def test_a_session_ends_by_age() -> None:
    assert folded(AT_HOME).open_sessions(after(hours=4, minutes=5)) != ()
    assert folded(AT_HOME).open_sessions(after(hours=4, minutes=6)) == ()


def test_an_erased_list_begins_anew() -> None:
    erased = Devices(member_id=MEMBER, person_id=WHOSE["person_id"], sessions=ERASED, devices=ERASED)
    assert erased.open_sessions(NOW) == ()
    assert len(evolve(erased, AT_HOME).sessions) == 1


def test_it_is_found_by_its_member() -> None:
    assert devices.key(AT_HOME) == MEMBER


@given(st.lists(st.sampled_from([AT_HOME, ON_PHONE]), min_size=1, max_size=KEPT + 10))
def test_it_does_not_grow_for_ever(events: list[Shown]) -> None:
    shown = folded(*events)
    assert len(shown.sessions) <= KEPT
    assert len({one.device_id for one in shown.devices}) == len(shown.devices)
