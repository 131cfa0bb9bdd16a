"""What the lines of all feeds of this service share."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from services.cards.domain.ids import OrderId, PersonId
from shared.feeds import Order
from shared.kernel import Command, Rejected

Finder = Callable[[str], Awaitable[str | None]]
"""The stream that holds a claimed name."""


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


UuidText = Annotated[str, AfterValidator(_uuid)]


class FeedLine(BaseModel):
    """A field more than we know is no reason to set a line aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class NewsLine(FeedLine):
    """What became of an order."""

    order_id: UuidText
    at: AwareDatetime


def order_of(category: str, person_id: PersonId, command: Command) -> Order:
    """A command for a stream of a person."""
    return Order(f"{category}:{person_id}", command, pk=person_id, person_id=person_id)


async def whose(find: Finder, claim: str, otherwise: str) -> PersonId:
    """The person on whose stream a name is claimed.

    Raises:
        Rejected: with the code `otherwise`, it is on none.
    """
    stream = await find(claim)
    if stream is None:
        raise Rejected(otherwise)
    return PersonId(stream.partition(":")[2])


def order_claim(category: str, order_id: OrderId) -> str:
    """The name under which an order's stream is found."""
    return f"{category}-order:{order_id}"
