"""Every pair of persons in every shape of family that the seed invents: who sees whom, today and on every birthday."""

import datetime as dt
from typing import Any

import orjson
import pytest

from deploy.local.seed.files import register_line
from deploy.local.seed.people import Families, Person
from deploy.local.seed.shapes import ORDER, SHAPES
from services.identity.domain import commands as c
from services.identity.read_models.view_reviews import view_reviews
from shared.envelope import Metadata
from shared.testing.clock import HandClock
from tests.services.identity.conftest import Feeding
from tests.services.identity.examples import NOW
from tests.services.in_memory import InMemoryService

YEAR = dt.timedelta(days=365)


def family(shape: str, seed: int) -> list[Person]:
    return Families(seed, NOW.date()).family(shape)


def line(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(register_line(person, NOW.date()), default=str))
    return found


def birthday(person: Person, age: int) -> dt.date:
    born = person.birth_date
    return born.replace(year=born.year + age) if (born.month, born.day) != (2, 29) else dt.date(born.year + age, 3, 1)


def expected(people: list[Person], day: dt.date) -> set[tuple[str, str]]:
    """(viewer, seen), told again in other words: a minor by his parents, an adult by nobody."""
    return {
        (viewer.person_id, seen.person_id)
        for viewer in people
        for seen in people
        if viewer.person_id in seen.parents and day < birthday(seen, 16 if seen.own_cover else 18)
    }


async def views(service: InMemoryService, people: list[Person]) -> set[tuple[str, str]]:
    found = set()
    for one in people:
        state, _ = await service.state(f"person:{one.person_id}")
        found |= {(str(viewer), one.person_id) for viewer in state.viewers}
    return found


async def fire(service: InMemoryService, clock: HandClock) -> None:
    """What the scheduler does."""
    for deadline in (await service.queries.all(view_reviews)).values():
        if deadline.due_at <= clock.now():
            command = c.ReviewViews.model_validate({**deadline.data, "at": clock.now()})
            meta = Metadata(pk="p", actor="d", actor_kind="process", correlation_id=deadline.cmd)
            await service.handle(deadline.stream, command, cmd=deadline.cmd, meta=meta)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", SHAPES)
async def test_every_pair(service: InMemoryService, feed: Feeding, clock: HandClock, shape: str, seed: int) -> None:
    people = family(shape, seed)
    report = await feed(*(line(one) for one in people))
    assert report.set_aside == 0, report.listed
    assert await views(service, people) == expected(people, NOW.date())
    for years in range(19):
        clock.time = NOW + years * YEAR
        await fire(service, clock)
        assert await views(service, people) == expected(people, clock.now().date())
    assert await views(service, people) == set()
    assert await service.queries.all(view_reviews) == {}


def test_the_shapes_show_every_kind_of_link() -> None:
    today = NOW.date()
    families = Families(1, today)
    people = {one.person_id: one for shape in SHAPES for one in families.family(shape)}
    minors = [one for one in people.values() if birthday(one, 18) > today]
    homes = {(people[parent].household_id, one.household_id) for one in minors for parent in one.parents}
    assert any(parents != own for parents, own in homes), "a parent who lives elsewhere"
    assert any(not one.parents for one in minors), "orphans"
    assert any(one.own_cover and birthday(one, 16) <= today for one in minors)
    assert any(one.own_cover and birthday(one, 16) > today for one in minors)
    assert any(one.confidential for one in minors)
    assert any(one.parents and birthday(one, 18) <= today for one in people.values()), "adult children"
    assert any(one.died_on for one in people.values())
    assert set(ORDER) == set(SHAPES)
