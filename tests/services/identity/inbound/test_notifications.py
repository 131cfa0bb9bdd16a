"""What notifications' events teach: an address that mail comes back from."""

import uuid
from typing import Any

from services.identity.domain import account_commands as c
from services.identity.inbound.notifications import Bounced, bounces, note
from shared.envelope import Metadata
from shared.kernel import ERASED, Issued
from shared.messaging import Delivered
from tests.services.identity.examples import EMAIL, MEMBER, NOW


def told(**data: Any) -> Delivered:
    meta = Metadata(pk=MEMBER, actor="mail-relay", actor_kind="feed", correlation_id=str(uuid.uuid4()))
    return Delivered(
        source="notifications",
        stored={"id": str(uuid.uuid4()), "type": "AddressBounced", "sv": 1, "data": data},
        stream=f"mailbox:{MEMBER}",
        version=1,
        position=1,
        index=0,
        recorded_at=NOW,
        commit_hash="",
        attributes=meta.dump(),
    )


def test_an_address_that_bounces_is_noted_in_the_account() -> None:
    wanted = Issued(f"account:{MEMBER}", c.NoteEmailBounced(at=NOW, email=EMAIL))
    assert note(Bounced(member_id=MEMBER, email=EMAIL), told()) == [wanted]


def test_an_erased_address_is_nobodys() -> None:
    assert note(Bounced(member_id=MEMBER, email=ERASED), told()) == []


def test_the_reaction_is_named_for_life() -> None:
    assert (bounces.name, bounces.source, set(bounces.handles)) == (
        "identity.bounces",
        "notifications",
        {"AddressBounced"},
    )
