"""The notifications service, put together."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.notifications import api
from services.notifications.domain import events as e
from services.notifications.domain.mailbox import mailbox
from services.notifications.inbound import from_cards, from_identity
from services.notifications.read_models.messages import messages
from services.notifications.settings import NotificationsSettings
from services.notifications.worker import effects
from shared.kernel import members
from shared.problems import ProblemCatalogue
from shared.service import Aggregate, Definition, Service

CATALOGUE: Final = ProblemCatalogue()


def definition(_: NotificationsSettings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="notifications",
        events=members(e.MailboxEvent),
        aggregates=[Aggregate(mailbox)],
        projections=[messages],
        reactions=[from_identity, from_cards],
        effects=effects,
    )


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    return [api.router(service)]
