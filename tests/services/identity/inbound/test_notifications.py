"""What notifications' events teach: an address that mail comes back from."""

import uuid
from typing import Any

from services.identity.domain import account_commands as c
from services.identity.domain.ids import ProvisionalCodeId
from services.identity.domain.provisional import RecordCodePosted
from services.identity.inbound.notifications import Bounced, Printed, bounces, letters, note, posted
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


def test_a_letter_with_a_code_is_noted_with_the_code() -> None:
    wanted = RecordCodePosted(at=NOW, code_id=ProvisionalCodeId("c-1"))
    assert posted(Printed(member_id=MEMBER, about="c-1"), told()) == [Issued(f"provisional:{MEMBER}", wanted)]


def test_any_other_letter_is_none_of_our_business() -> None:
    assert posted(Printed(member_id=MEMBER), told()) == []


def test_the_reactions_are_named_for_life() -> None:
    assert {one.name: (one.source, set(one.handles)) for one in (bounces, letters)} == {
        "identity.bounces": ("notifications", {"AddressBounced"}),
        "identity.letters": ("notifications", {"LetterPrinted"}),
    }
