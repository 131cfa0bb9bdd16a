"""What a member did: of all services in one order; one that is down is named."""

import datetime as dt
from typing import Any

from services.gateway.clients.own_acts import Act, Acts, HttpOwnActs
from services.gateway.clients.who import Who
from shared.web.channel import Fresh, ServiceDown
from tests.web import NOW

WHO = Who("session", "3f1a6c1e-8a57-4f0e-9d5c-0b1f6f3a2c11")


class Line:
    """A service that tells what it has, or is down."""

    def __init__(self, *acts: Act, down: bool = False) -> None:
        self.acts, self.down = acts, down

    async def query(self, _: Who, path: str, answer: type[Acts]) -> Fresh[Acts]:
        assert (path, answer) == ("/own-acts", Acts)
        if self.down:
            raise ServiceDown("cards")
        return Fresh(Acts(acts=self.acts))


def act(what: str, minutes: int) -> Act:
    return Act(what=what, at=NOW + dt.timedelta(minutes=minutes), by="member")


async def test_the_newest_first_whichever_service_tells_it_and_who_is_silent() -> None:
    lines: dict[str, Any] = {
        "identity": Line(act("SignedOut", 9), act("SignedIn", 1)),
        "cards": Line(down=True),
        "reimbursements": Line(act("ReimbursementReported", 5)),
        "notifications": Line(),
    }
    found = await HttpOwnActs(lines).of(WHO)
    assert [one.what for one in found.acts] == ["SignedOut", "ReimbursementReported", "SignedIn"]
    assert found.missing == ("cards",)
