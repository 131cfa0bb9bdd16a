"""The folder that mails come back to: told once, deleted then; what is not understood waits for somebody."""

import mailbox
import os
import time
import uuid
from pathlib import Path
from typing import Any, cast

import pytest

from services.notifications.worker.bounces import PATIENCE, SET_ASIDE, Bounces
from shared.envelope import Metadata
from shared.service import Service
from tests.services.in_memory import InMemoryService
from tests.services.notifications.bounced_mails import report
from tests.services.notifications.sample import EMAIL, MEMBER, NOTE_SENT, REQUEST, learn, made

META = Metadata(pk=MEMBER, actor="test", actor_kind="process", correlation_id=made("talk"), member_id=MEMBER)


class Held:
    """A lease that nobody else wants."""

    async def acquire(self) -> bool:
        return True

    async def keep(self) -> None:
        return None


@pytest.fixture
def folder(tmp_path: Path) -> mailbox.Maildir:
    return mailbox.Maildir(tmp_path / "bounces", None)


@pytest.fixture
def bounces(service: InMemoryService, folder: mailbox.Maildir, tmp_path: Path) -> Bounces:
    service.lease = lambda _: Held()  # type: ignore[attr-defined]
    return Bounces(cast("Service", service), tmp_path / "bounces")


async def sent(service: InMemoryService) -> None:
    for command in (learn(), REQUEST, NOTE_SENT):
        await service.handle(f"mailbox:{MEMBER}", command, cmd=str(uuid.uuid4()), meta=META)


def kinds(service: InMemoryService) -> list[str]:
    return [one for one in service.types() if one.endswith("Bounced")]


def aside(folder: mailbox.Maildir) -> list[Any]:
    return list(folder.get_folder(SET_ASIDE)) if SET_ASIDE in folder.list_folders() else []


async def test_a_mail_that_came_back_for_good_marks_the_address_and_is_deleted(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces
) -> None:
    await sent(service)
    folder.add(report())
    assert await bounces.read_new() == 1
    assert kinds(service) == ["MessageBounced", "AddressBounced"]
    assert (list(folder), aside(folder)) == ([], [])
    assert EMAIL not in str(service.store.commits)


async def test_read_again_after_a_crash_it_is_told_once(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces
) -> None:
    await sent(service)
    for _ in range(2):
        folder.add(report())
        assert await bounces.read_new() == 1
    assert kinds(service) == ["MessageBounced", "AddressBounced"]


async def test_what_is_only_late_is_deleted_and_marks_nothing(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces
) -> None:
    await sent(service)
    folder.add(report("4.2.2", action="delayed"))
    assert await bounces.read_new() == 1
    assert (kinds(service), list(folder), aside(folder)) == ([], [], [])


async def test_what_is_not_understood_is_kept_for_somebody_to_look_at(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces
) -> None:
    await sent(service)
    folder.add(b"Subject: I am on holiday\n\nBack on Monday.\n")
    folder.add(report())
    assert await bounces.read_new() == 2
    assert kinds(service) == ["MessageBounced", "AddressBounced"]
    assert [one["Subject"] for one in aside(folder)] == ["I am on holiday"]


async def test_a_report_that_is_faster_than_our_own_note_waits_for_it(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces
) -> None:
    folder.add(report())
    assert await bounces.read_new() == 0
    await sent(service)
    assert await bounces.read_new() == 1
    assert kinds(service) == ["MessageBounced", "AddressBounced"]


async def test_one_that_nobody_knows_after_that_is_set_aside(
    service: InMemoryService, folder: mailbox.Maildir, bounces: Bounces, tmp_path: Path
) -> None:
    folder.add(report())
    old = time.time() - PATIENCE - 1
    for file in (tmp_path / "bounces/new").iterdir():
        os.utime(file, (old, old))
    assert await bounces.read_new() == 1
    assert (service.types(), len(aside(folder))) == ([], 1)
