"""How one member is written to: which mails he gets, and whether they reach him."""

from fastapi import APIRouter, Request, Response

from services.notifications.api.members import Accepted, After, Key, Own, carry_out
from services.notifications.domain import commands as c
from services.notifications.domain.events import Topic
from services.notifications.domain.ids import MemberId
from services.notifications.read_models.contact import Contact, contact
from shared.kernel import Value
from shared.projections.queries import tell_age
from shared.service import Service


class Choice(Value):
    """A topic, and whether the member wants mails of it."""

    topic: Topic
    wanted: bool


class Reach(Value):
    """How the member is written to. `bounced`: mail to his address comes back."""

    topics: tuple[Choice, ...]
    bounced: bool


class Preferences(Value):
    """The topics that the member can do without."""

    unwanted: frozenset[Topic]


def choices_router(service: Service) -> APIRouter:
    """Queries and commands about the channels of one member."""
    routes = APIRouter(prefix="/members/{member_id}")

    @routes.get("/contact")
    async def reach(member_id: str, _: Own, response: Response, x_written: After = None) -> Reach:
        await tell_age(response.headers, service.queries, contact, x_written)
        found = await service.queries.get(contact, member_id) or Contact(member_id=MemberId(member_id))
        topics = tuple(Choice(topic=topic, wanted=topic not in found.unwanted) for topic in Topic)
        return Reach(topics=topics, bounced=found.bounced)

    @routes.post("/preferences")
    async def choose(member_id: MemberId, form: Preferences, caller: Own, request: Request, key: Key) -> Accepted:
        command = c.ChoosePreferences(at=service.clock.now(), member_id=member_id, unwanted=form.unwanted)
        return await carry_out(service, command, caller, request, key)

    return routes
