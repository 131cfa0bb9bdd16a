"""Two versions of a read model side by side: what differs is counted and named, and no value is shown."""

from dataclasses import asdict, replace

import pytest

from shared.comparison import SAMPLES, Comparison, compare
from shared.kernel import Value
from shared.projections.documents import Held
from shared.service import Service
from tests import toy

pytestmark = pytest.mark.connected
NEW = replace(toy.summary, version=2)


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


def summaries(*contents: int) -> dict[str, toy.Summary]:
    return {
        f"p{number}": toy.Summary(person_id=f"p{number}", label="hush", content=one)
        for number, one in enumerate(contents)
    }


async def store(service: Service, projection, documents: dict[str, Value]) -> None:
    rows = await service.documents.dump([Held(projection, key, one) for key, one in documents.items()])
    if rows:
        await service.database[projection.id].insert_many(rows)


async def compared(service: Service, live: dict[str, Value], candidate: dict[str, Value]) -> Comparison:
    await store(service, toy.summary, live)
    await store(service, NEW, candidate)
    return await compare(service.database, service.documents, toy.summary, NEW)


async def test_the_same_documents_are_equal_whatever_their_ciphertext_and_count_of_writes(service):
    await store(service, toy.summary, summaries(1, 2))
    rows = await service.documents.dump([Held(NEW, key, one, writes=7) for key, one in summaries(1, 2).items()])
    await service.database[NEW.id].insert_many(rows)
    result = await compare(service.database, service.documents, toy.summary, NEW)
    assert result == Comparison(live=2, candidate=2)
    assert result.equal


async def test_nothing_beside_nothing_is_equal(service):
    assert (await compared(service, {}, {})).equal


async def test_missing_extra_and_different_documents_are_told_apart_by_field(service):
    live, candidate = summaries(1, 2, 3), summaries(1, 9, 3, 4)
    candidate["p2"] = candidate["p2"].model_copy(update={"label": "whisper", "events": 5})
    del candidate["p0"]
    result = await compared(service, live, candidate)
    assert not result.equal
    assert (result.live, result.candidate, result.missing, result.extra, result.different) == (3, 3, 1, 1, 2)
    assert result.fields == {"(missing)": 1, "(extra)": 1, "content": 1, "events": 1, "label": 1}
    assert result.samples["label"] == ["p2"]
    assert "whisper" not in str(asdict(result))


@pytest.mark.parametrize("sides", [(0, 3), (3, 0)])
async def test_one_side_empty_counts_all_of_the_other(service, sides):
    live, candidate = (summaries(*range(count)) for count in sides)
    result = await compared(service, live, candidate)
    assert (result.live, result.candidate, result.missing, result.extra) == (*sides, *sides)


async def test_samples_are_few_and_counts_complete_over_many_documents(service):
    result = await compared(service, summaries(*[1] * 1200), summaries(*[2] * 1200))
    assert (result.different, result.fields["content"], len(result.samples["content"])) == (1200, 1200, SAMPLES)


class Weight(Value):
    kilograms: float


async def test_fractions_are_compared_like_anything_else(service):
    old = replace(toy.summary, name="toy.weight", document=Weight)
    for projection, weight in ((old, 0.1), (replace(old, version=2), 0.2)):
        await store(service, projection, {"a": Weight(kilograms=weight)})
    result = await compare(service.database, service.documents, old, replace(old, version=2))
    assert result.fields == {"kilograms": 1}
