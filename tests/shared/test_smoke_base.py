import asyncio
import uuid

import pytest

from shared.envelope import Metadata
from shared.projections.queries import Written
from shared.service.worker import run_worker
from tests import toy


@pytest.mark.connected
async def test_a_command_is_seen_in_its_read_model_through_kafka(make_service, topic):
    name = f"toy{uuid.uuid4().hex[:8]}"
    topic(name)
    service = await make_service(toy.definition(name, processes=[toy.filler]))
    tasks = [asyncio.create_task(service.relay(same_process=True).run()), asyncio.create_task(run_worker(service))]
    person = str(uuid.uuid4())
    meta = Metadata(pk=person, actor=person, actor_kind="member", correlation_id=person, person_id=person)
    answer = await service.handle(
        f"box:{person}", toy.Open(at=toy.T0, person_id=person, label="hush"), cmd=str(uuid.uuid4()), meta=meta
    )
    missing = await service.queries.wait(toy.summary, Written(answer.stream, answer.version + 1), patience=20)
    document = await service.queries.get(toy.summary, person)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert missing == 0
    assert document == toy.Summary(person_id=person, label="hush", content=1, events=2)
