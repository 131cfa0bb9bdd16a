"""What a member did, for the gateway's tests."""

from dataclasses import dataclass, field

from services.gateway.clients.own_acts import Acts
from services.gateway.clients.who import Who
from tests.services.gateway.fake_base import Fake


@dataclass
class FakeOwnActs(Fake):
    """All services at once; one that is down stands in `done`."""

    name: str = "identity"
    done: Acts = field(default_factory=Acts)

    async def of(self, who: Who) -> Acts:
        self.called("of", who=who)
        return self.done
