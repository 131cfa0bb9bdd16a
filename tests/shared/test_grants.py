"""Who may see whom: every change counts once, in the order of its source, and nobody else's is touched."""

import datetime as dt
import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import grants as g
from shared.service import Aggregate, Definition, Service
from shared.service.worker import run_worker
from shared.testing.spec import Spec
from tests.shared.toybox import in_background, meta, some_id, until

NOW = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
PAIR = {"at": NOW, "viewer_id": "ann", "person_id": "tom"}
OPENED, CLOSED = g.ViewOpened(**PAIR), g.ViewClosed(**PAIR)
VIEWS = g.views_of("toy")

steps = st.lists(st.tuples(st.booleans(), st.sampled_from(["tom", "eve"])))


def test_a_view_opens_once_and_closes_once_and_may_open_again():
    spec = Spec(g.grants)
    spec.when(g.OpenView(**PAIR)).then(OPENED)
    spec.given(OPENED).when(g.OpenView(**PAIR)).nothing()
    spec.given(OPENED).when(g.CloseView(**PAIR)).then(CLOSED)
    spec.when(g.CloseView(**PAIR)).nothing()
    spec.given(OPENED, CLOSED).when(g.OpenView(**PAIR)).then(OPENED)


@given(steps)
def test_the_read_model_holds_whoever_was_opened_last(changes):
    seen: set[str] = set()
    events = []
    for opens, person in changes:
        (seen.add if opens else seen.discard)(person)
        kind = g.OpenView if opens else g.CloseView
        command = kind(at=NOW, viewer_id="ann", person_id=person)
        events += g.grants.decide(g.grants.fold(events), command)
    document = functools.reduce(VIEWS.evolve, events, None)
    assert set(document.persons if document else ()) == seen
    assert g.grants.fold(events) == seen


@pytest.mark.connected
async def test_another_service_decides_and_this_one_obeys(make_service, topic, settings):
    identity, cards = f"toy{some_id()[:8]}", f"toy{some_id()[:8]}"
    topic(identity), topic(cards)
    deciding = await make_service(Definition(identity, events=g.GRANT_EVENTS, aggregates=[Aggregate(g.grants)]))
    views = g.views_of(cards)
    obeying = Service(
        Definition(
            cards,
            events=g.GRANT_EVENTS,
            aggregates=[Aggregate(g.grants)],
            projections=[views],
            reactions=[g.grants_reaction(identity, granted="ViewOpened", ended="ViewClosed")],
        ),
        settings.model_copy(update={"mongo_database": f"{cards}_db"}),
    )
    await obeying.prepare()

    async def publish(command: g.GrantCommand) -> None:
        stream = f"views:{command.viewer_id}"
        await deciding.handle(stream, command, cmd=some_id(), meta=meta(command.person_id))

    async def seen() -> tuple[str, ...]:
        return await g.persons_seen_by(obeying.queries, views, "ann")

    assert await seen() == ("ann",)
    assert await g.may_see(obeying.queries, views, "ann", "ann")
    async with in_background(
        deciding.relay(same_process=True).run(), obeying.relay(same_process=True).run(), run_worker(obeying)
    ):
        await publish(g.OpenView(**PAIR))
        await until(lambda: g.may_see(obeying.queries, views, "ann", "tom"))
        assert not await g.may_see(obeying.queries, views, "tom", "ann")
        await publish(g.CloseView(**PAIR))

        async def alone() -> bool:
            return await seen() == ("ann",)

        await until(alone)
    await obeying.close()
