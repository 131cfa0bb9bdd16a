"""Real letters, workers killed at seeded points of writing: none lost, none twice, and the mailbox knows each."""

import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import OKPKey

from deploy.local.stack import Stack
from services.notifications.domain import commands as c
from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId, MessageId, Reference
from services.notifications.main import definition
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.spool import LETTER, MANIFEST
from shared.effects import message_id
from shared.envelope import Metadata
from shared.messaging import delivered_of
from shared.service import Service
from tests.scale import sized
from tests.services.notifications.sample import AT, LINES
from tests.shared.rounds import deaths, run_rounds

pytestmark = pytest.mark.connected
DEATHS = sized(20, 200)
SETTLED = 0.3


class Written:
    """As many letters to write as there are members, and what became of them."""

    def __init__(self, service: Service, settings: NotificationsSettings, printer: OKPKey) -> None:
        self.service, self.settings, self._printer = service, settings, printer
        self.members = 0

    async def wanted(self, count: int) -> None:
        for _ in range(count):
            self.members += 1
            member = MemberId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"member {self.members}")))
            whose = {"at": AT, "member_id": member}
            await self._do(member, c.LearnPostalAddress(**whose, lines=(f"MEMBRE {self.members}", *LINES)))
            letter = {"message_id": MessageId(member), "template": Template.ACCOUNT_CREATED}
            more = {"cause_event_id": member, "reference": Reference("7KQ2-M4XD-9VTA")}
            await self._do(member, c.RequestMessage(**whose, **letter, **more))

    async def _do(self, member: MemberId, command: c.MailboxCommand) -> None:
        meta = Metadata(pk=member, actor="test", actor_kind="process", correlation_id=member, person_id=member)
        await self.service.handle(f"mailbox:{member}", command, cmd=str(uuid.uuid4()), meta=meta)

    async def events(self, kind: str) -> list[dict[str, str]]:
        found, position = [], 0
        while commits := await self.service.store.window(position):
            found += [one.stored for commit in commits for one in delivered_of("n", commit)]
            position = commits[-1]["_id"]
        return [one for one in found if one["type"] == kind]

    def spooled(self) -> dict[str, bytes]:
        """Each letter of the spool, as the printer reads it: whole, and what its manifest says."""
        found = {}
        for folder in (self.settings.spool / "ready").iterdir():
            assert json.loads((folder / MANIFEST).read_text())["id"] == folder.name
            found[folder.name] = jwe.decrypt_compact((folder / LETTER).read_bytes(), self._printer).plaintext or b""
        return found


@pytest.fixture
async def written(stack: Stack, tmp_path: Path) -> AsyncIterator[Written]:
    secrets = Path(stack.env_for("notifications")["SECRETS_DIR"])
    settings = NotificationsSettings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"letters_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap="nowhere:1",
        secrets_dir=secrets,
        var_dir=tmp_path,
    )
    service = Service(definition(settings), settings)
    await service.prepare()
    yield Written(service, settings, OKPKey.import_key((secrets / "printer.pem").read_bytes()))
    await service.close()


async def test_killed_at_any_step_of_writing_no_letter_is_lost_and_none_is_written_twice(written: Written) -> None:
    await written.wanted(2 * DEATHS)
    # Each round sees two letters more than the one before: four events, for the address comes first.
    rounds = [*({"seed": seed, "first": 4 * (seed + 1)} for seed in range(DEATHS)), {}]
    said = await run_rounds("effect_letter", written.settings, [{"settled": SETTLED, **one} for one in rounds])
    assert deaths(said) == [True] * DEATHS + [False]
    expected = {message_id(one["id"], "letter") for one in await written.events("LetterRequested")}
    assert len(expected) == 2 * DEATHS
    found = written.spooled()
    assert set(found) == expected
    assert all(pdf.startswith(b"%PDF-1.7") for pdf in found.values())
    told = [one["data"]["sending_id"] for one in await written.events("LetterSpooled")]  # type: ignore[index]
    assert sorted(told) == sorted(expected)
    states = [row["state"] async for row in written.service.database["effects"].find()]
    assert set(states) == {"done"}
