"""Sessions by the Clock: kept, idle, absolute, rotated, and opaque to the database. The same on both stores."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.stack import Stack
from shared.mongo import connect
from shared.web.session_store import MongoSessions
from shared.web.sessions import Sessions, SessionStore
from shared.web.states import SessionState
from tests.web import MemorySessions, SetClock

MEMBER = "6f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a01"


class State(SessionState):
    """What a site of a test remembers."""

    mailbox: str | None = None


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[SessionStore]:
    if request.param == "memory":
        yield MemorySessions()
        return
    stack: Stack = request.getfixturevalue("stack")
    client = connect(stack.mongo_url())
    database = client["web_sessions_test"]
    found = MongoSessions(database)
    await found.prepare()
    yield found
    await client.drop_database("web_sessions_test")
    client.close()


def sessions(store: SessionStore, clock: SetClock) -> Sessions[State]:
    return Sessions(
        store,
        clock,
        State,
        "test",
        idle=dt.timedelta(minutes=15),
        absolute=dt.timedelta(hours=4),
        draft=dt.timedelta(minutes=30),
    )


async def member(found: Sessions[State]) -> str:
    session = await found.sign_in(await found.open(None), MEMBER)
    session.change(notice="x")
    await found.keep(session)
    return session.cookie


async def test_what_is_kept_is_found_again(store: SessionStore) -> None:
    clock = SetClock()
    found = sessions(store, clock)
    cookie = await member(found)
    session = await found.open(cookie)
    assert (session.holder, session.state.notice, session.kept, session.known) == (MEMBER, "x", True, True)
    assert session.state.signed_in_at == clock.now()


async def test_a_visitor_without_a_cookie_is_written_nowhere(store: SessionStore) -> None:
    session = await sessions(store, SetClock()).open(None)
    assert not session.kept
    assert not session.known
    assert await store.get(session.id) is None


@pytest.mark.parametrize("cookie", ["", "x", "é" * 43, "A" * 42, "A" * 44, "!" * 43])
async def test_a_cookie_that_is_none_of_ours_opens_a_new_session(store: SessionStore, cookie: str) -> None:
    session = await sessions(store, SetClock()).open(cookie)
    assert not session.known
    assert session.cookie != cookie


@pytest.mark.parametrize(("minutes", "alive"), [(14, True), (15, True), (16, False)])
async def test_a_member_s_session_ends_when_idle(store: SessionStore, minutes: int, alive: bool) -> None:  # noqa: FBT001
    clock = SetClock()
    found = sessions(store, clock)
    cookie = await member(found)
    clock.pass_(minutes=minutes)
    session = await found.open(cookie)
    assert (session.holder is not None) is alive
    assert session.lapsed is not alive


async def test_use_keeps_it_alive_but_not_beyond_four_hours(store: SessionStore) -> None:
    clock = SetClock()
    found = sessions(store, clock)
    cookie = await member(found)
    for _ in range(23):
        clock.pass_(minutes=10)
        assert (await found.open(cookie)).holder == MEMBER
    clock.pass_(minutes=10)
    assert (await found.open(cookie)).holder is None


async def test_an_ended_session_cannot_be_opened_by_its_cookie(store: SessionStore) -> None:
    found = sessions(store, SetClock())
    cookie = await member(found)
    await found.end(await found.open(cookie))
    assert (await found.open(cookie)).holder is None


async def test_signing_in_leaves_nothing_of_the_session_before(store: SessionStore) -> None:
    found = sessions(store, SetClock())
    visitor = await found.open(None)
    visitor.change(mailbox="camille@exemple.fr")
    await found.keep(visitor)
    signed = await found.sign_in(visitor, MEMBER)
    assert signed.secret != visitor.secret
    assert signed.state.mailbox is None
    assert await store.get(visitor.id) is None


async def test_the_row_alone_opens_nothing(store: SessionStore) -> None:
    found = sessions(store, SetClock())
    visitor = await found.open(None)
    visitor.change(mailbox="camille@exemple.fr")
    await found.keep(visitor)
    row: Any = await store.get(visitor.id)
    assert visitor.secret.hex() not in repr(row)
    assert visitor.cookie not in repr(row)
    assert b"camille" not in row.sealed


async def test_a_state_moved_to_another_session_does_not_open(store: SessionStore) -> None:
    found = sessions(store, SetClock())
    mine = await member(found)
    other = await found.open(None)
    other.holder = MEMBER
    await found.keep(other)
    row: Any = await store.get((await found.open(mine)).id)
    theirs: Any = await store.get(other.id)
    await store.put(row.model_copy(update={"sealed": theirs.sealed}))
    assert (await found.open(mine)).holder is None


async def test_purging_removes_what_has_expired_and_nothing_else(store: SessionStore) -> None:
    clock = SetClock()
    found = sessions(store, clock)
    old = await found.open(await member(found))
    clock.pass_(hours=3, minutes=59)
    young = await found.open(await member(found))
    clock.pass_(minutes=1)
    await found.purge()
    assert await store.get(old.id) is None
    assert await store.get(young.id) is not None


async def test_the_store_says_whether_it_is_there(store: SessionStore) -> None:
    assert await sessions(store, SetClock()).ready()


async def test_two_cookies_differ_and_so_do_hash_reference_and_secret(store: SessionStore) -> None:
    one = await sessions(store, SetClock()).open(None)
    two = await sessions(store, SetClock()).open(None)
    assert len({one.cookie, two.cookie, one.id, two.id, one.reference, two.reference}) == 6
    assert len(one.secret) == 32


def test_a_state_of_another_release_is_refused_not_guessed() -> None:
    with pytest.raises(ValueError, match="extra"):
        State.model_validate_json('{"of_tomorrow": 1}')
