"""One of everything that the services hold of a person beside their logs, and how much of it is left."""

import datetime as dt
import uuid
from typing import Any, Final

from services.identity.access.challenges import Challenge, Totp
from services.identity.access.mongo import mongo_stores
from services.identity.access.stores import Credential, Enrolment
from services.identity.domain import commands as c
from services.identity.domain.factor_events import Factor, Purpose
from services.identity.domain.ids import (
    ChallengeId,
    CredentialId,
    DeviceId,
    EnrolmentId,
    LinkId,
    MemberId,
    PersonId,
    TotpId,
)
from services.notifications.domain import commands as m
from services.notifications.domain.events import LetterRequested, Template
from services.notifications.domain.ids import MemberId as Addressee
from services.notifications.domain.ids import MessageId, Reference
from services.notifications.settings import NotificationsSettings
from services.notifications.worker.spool import Spool
from shared.documents import Archive
from shared.effects import message_id
from shared.envelope import Metadata
from shared.mongo import Client
from shared.service import Service

OF_MEMBER: Final = ("challenges", "credentials", "devices", "totp")
REACHED: Final[dict[str, dict[str, int]]] = {
    "identity": {
        "keys": 2,
        "challenges": 1,
        "credentials": 1,
        "devices": 2,
        "totp": 1,
        "enrolments": 1,
        "claims": 2,
        "files": 2,
    },
    "notifications": {"letters": 1, "messages": 2},
    "cards": {},
    "reimbursements": {},
    "geo": {},
}
"""What each service must answer for each of them, however often it was killed."""


async def hold(identity: Service, notifications: Service, person_id: PersonId, meta: Metadata) -> None:
    """An account with all that goes with it, and a mailbox with two messages, one of them a letter in the spool."""
    await _account(identity, MemberId(person_id), meta)
    await _rows(identity, MemberId(person_id))
    await _mailbox(notifications, Addressee(person_id), meta)


async def _account(identity: Service, member_id: MemberId, meta: Metadata) -> None:
    now = identity.clock.now()
    command = c.CreateAccount(
        at=now,
        member_id=member_id,
        person_id=PersonId(member_id),
        email=f"{member_id}@exemple.example",
        cgu_version="2026-01",
        cgu_hash="f" * 64,
        credential_id=CredentialId(member_id),
        link_id=LinkId(str(uuid.uuid4())),
        link_expires_at=now + dt.timedelta(days=1),
    )
    await identity.handle(f"account:{member_id}", command, cmd=str(uuid.uuid4()), meta=meta)


async def _rows(identity: Service, member_id: MemberId) -> None:
    stores, now = mongo_stores(identity.database), identity.clock.now()
    later, credential_id = now + dt.timedelta(days=1), CredentialId(member_id)
    await stores.credentials.add(Credential(id=credential_id, member_id=member_id, hash="$", created_at=now))
    for _ in range(2):
        await stores.devices.remember(member_id, DeviceId(uuid.uuid4().hex), later)
    await stores.totp.put(Totp(id=TotpId(str(uuid.uuid4())), member_id=member_id, sealed=b"sealed"))
    enrolment = Enrolment(id=EnrolmentId(str(uuid.uuid4())), person_id=PersonId(member_id), expires_at=later)
    await stores.enrolments.put(enrolment)
    challenge = Challenge(
        id=ChallengeId(str(uuid.uuid4())),
        member_id=member_id,
        credential_id=credential_id,
        session="browser",
        purpose=Purpose.SIGN_IN,
        factor=Factor.EMAIL,
        expires_at=later,
    )
    await stores.challenges.put(challenge)
    archive = Archive(identity.database, identity.vault)
    for content in (b"one", b"two"):
        await archive.put(content, person_id=member_id, retention="account", media_type="text/plain")


async def _mailbox(notifications: Service, member_id: Addressee, meta: Metadata) -> None:
    whose: dict[str, Any] = {"at": notifications.clock.now(), "member_id": member_id}
    stream, settings = f"mailbox:{member_id}", notifications.settings
    assert isinstance(settings, NotificationsSettings)
    for command in (
        m.LearnAddress(**whose, email=f"{member_id}@exemple.example", confirmed=True),
        m.LearnPostalAddress(**whose, lines=("JEANNE OEILLET", "83000 TOULON")),
        _message(whose, Template.VITALE_SENT),
        _message(whose, Template.ERASURE_LETTER),
    ):
        await notifications.handle(stream, command, cmd=str(uuid.uuid4()), meta=meta)
    for commit in await notifications.store.stream(stream):
        for event in commit["ev"]:
            if event["type"] == LetterRequested.NAME:
                Spool(settings.spool, settings.printer_key()).put(message_id(event["id"], "letter"), b"%PDF", {})


def _message(whose: dict[str, Any], template: Template) -> m.RequestMessage:
    one, reference = MessageId(str(uuid.uuid4())), Reference("7KQ2-M4XD-9VTA")
    facts: dict[str, Any] = {"message_id": one, "cause_event_id": one, "reference": reference, "params": {}}
    return m.RequestMessage(**whose, **facts, template=template)


async def left(client: Client, database: str, persons: list[str]) -> dict[str, int]:
    """How much of it is still there."""
    identity, whose = client[database], {"$in": persons}
    found = {name: await identity[name].count_documents({"member_id": whose}) for name in OF_MEMBER}
    found |= {name: await identity[name].count_documents({"person_id": whose}) for name in ("enrolments", "files")}
    found["file_chunks"] = await identity["file_chunks"].count_documents({})
    found["claims"] = await identity["claims"].count_documents({"s": {"$in": [f"account:{one}" for one in persons]}})
    refs = [f"{one}/{retention}" for one in persons for retention in ("account", "messages")]
    made = {"_id": {"$in": refs}, "wrapped": {"$exists": True}}
    return {**found, "keys": await client["keys"]["keys"].count_documents(made)}
