"""What time alone brings about: each deadline fires its command when it is due, and only what still holds happens."""

import datetime as dt
import uuid
from typing import Any

import pytest

from services.cards.domain import order_commands as oc
from services.cards.domain import order_events as o
from services.cards.domain.vitale_steps import STALLED_AFTER
from services.cards.read_models.my_vitale import Advice, my_vitale
from services.cards.read_models.vitale_tracking import Stage, vitale_tracking
from services.cards.read_models.work_list import Kind, work_list
from shared.deadlines import Deadline
from shared.envelope import Metadata
from shared.event_store.protocol import Draft
from shared.kernel import Issued
from shared.testing.clock import HandClock
from tests.services.cards.ceam_sample import CARD as CEAM_CARD
from tests.services.cards.ceam_sample import EXPIRES, ORDERED, PRODUCED, SENT
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import AT, PERSON, made
from tests.services.cards.test_inbound import CARD, lost, news
from tests.services.in_memory import InMemoryService

DAY = dt.timedelta(days=1)


async def pass_time(service: InMemoryService, clock: HandClock, days: float) -> list[str]:
    """Let days go by, deadline after deadline; the events that came of it."""
    until = clock.now() + days * DAY
    before = len(service.types())
    commands = {command.__name__: command for command in service.definition.commands}
    fired: set[str] = set()
    while due := [one for one in await _book(service) if one.due_at <= until and one.cmd not in fired]:
        first = min(due, key=lambda one: one.due_at)
        fired.add(first.cmd)
        clock.time = max(first.due_at, clock.now())
        command = commands[first.command].model_validate({**first.data, "at": clock.now()})
        meta = Metadata(pk=PERSON, actor="scheduler", actor_kind="process", correlation_id="c", person_id=PERSON)
        await service.execute(Issued(first.stream, command), first.cmd, meta)
    clock.time = until
    return service.types()[before:]


async def _book(service: InMemoryService) -> list[Deadline]:
    found: list[Deadline] = []
    for model in service.definition.deadlines:
        found += (await service.queries.all(model)).values()
    return found


async def tracked(service: InMemoryService) -> Any:
    return (await service.queries.all(vitale_tracking))[PERSON]


async def sent(service: InMemoryService, feed: Feeding) -> str:
    await feed("vitale-issued", CARD)
    order = await lost(service)
    await feed("vitale-production", news("sent", order, serial="98765432109"))
    return order


async def test_three_weeks_after_the_sending_a_card_is_presumed_to_have_arrived_and_its_files_go_later(
    service: InMemoryService, clock: HandClock, feed: Feeding
) -> None:
    await sent(service, feed)
    assert await pass_time(service, clock, 20.9) == []
    assert await pass_time(service, clock, 0.2) == ["VitaleReplacementDelivered"]
    assert (await tracked(service)).arrival == "presumed"
    assert await pass_time(service, clock, 89) == []
    assert await pass_time(service, clock, 2) == ["VitaleDocumentsPurged"]
    assert (await service.events())[-1].files == ("a" * 64, "b" * 64)


async def test_an_order_whose_documents_nobody_looks_at_reaches_the_work_list_as_late(
    service: InMemoryService, clock: HandClock, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    await lost(service)  # validated, and then the manufacturer is silent
    assert await pass_time(service, clock, 4.9) == []
    assert await pass_time(service, clock, 0.2) == ["VitaleReplacementStalled"]
    [task] = (await service.queries.all(work_list)).values()
    assert (task.kind, task.step) == (Kind.STALLED, "validated")
    assert await pass_time(service, clock, 30) == []


async def test_after_six_months_without_progress_order_and_files_are_given_up(
    service: InMemoryService, clock: HandClock, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    await lost(service)
    happened = await pass_time(service, clock, 183)
    assert happened == ["VitaleReplacementStalled", "VitaleReplacementCancelled", "VitaleDocumentsPurged"]
    assert (await tracked(service)).stage is Stage.CANCELLED
    assert await pass_time(service, clock, 120) == []


async def test_a_returned_letter_waits_for_the_member_and_a_new_sending_counts_anew(
    service: InMemoryService, clock: HandClock, feed: Feeding
) -> None:
    order = await sent(service, feed)
    await feed("vitale-production", news("returned", order))
    assert await pass_time(service, clock, 22) == ["VitaleReplacementStalled"]
    command = oc.CheckVitaleAddress.model_validate({"at": clock.now(), "person_id": PERSON, "order_id": order})
    meta = Metadata(pk=PERSON, actor=PERSON, actor_kind="member", correlation_id="c", person_id=PERSON)
    await service.handle(f"vitale:{PERSON}", command, cmd=str(uuid.uuid4()), meta=meta)
    await feed("vitale-production", news("sent", order, serial="98765432109"))
    assert isinstance((await service.events())[-2], o.VitaleReplacementResent)
    assert await pass_time(service, clock, 20) == []
    assert await pass_time(service, clock, 2) == ["VitaleReplacementDelivered"]


async def test_once_a_year_the_holder_is_reminded_unless_a_terminal_was_there(
    service: InMemoryService, clock: HandClock, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    await pass_time(service, clock, 200)
    update = {"kind": "update", "serial": CARD["serial"], "at": clock.now().isoformat()}
    await feed("vitale-updates", update)
    assert await pass_time(service, clock, 364) == []
    assert await pass_time(service, clock, 2) == ["VitaleUpdateDue"]
    assert (await service.queries.all(my_vitale))[PERSON].advice is Advice.UPDATE
    assert await pass_time(service, clock, 366) == ["VitaleUpdateDue"]


async def test_a_european_card_is_named_before_its_end_and_ends(service: InMemoryService, clock: HandClock) -> None:
    meta = Metadata(pk=PERSON, actor="x", actor_kind="feed", correlation_id=made("c"), person_id=PERSON)
    stored = await service.codec.encode([ORDERED, PRODUCED, SENT], f"ceam:{PERSON}", made("ceam"))
    draft = Draft(f"ceam:{PERSON}", 0, made("ceam"), b"", stored, meta.dump())
    await service.store.append(draft)
    left = (EXPIRES - AT.date()).days
    assert await pass_time(service, clock, left - 32) == ["CeamDelivered"]
    assert await pass_time(service, clock, 3) == ["CeamExpiryNear"]
    assert await pass_time(service, clock, 31) == ["CeamExpired"]
    assert (await service.events())[-1].card_id == CEAM_CARD


@pytest.mark.parametrize("step", STALLED_AFTER)
def test_every_step_that_waits_is_noticed_long_before_it_is_given_up(step: Any) -> None:
    assert dt.timedelta(days=1) < STALLED_AFTER[step] < dt.timedelta(days=60)
