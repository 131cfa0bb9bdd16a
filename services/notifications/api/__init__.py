"""The notifications service over HTTP: what a member was told, and whether a message is ours."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.notifications.api.choices import choices_router
from services.notifications.api.desk import desk_router
from services.notifications.api.members import members_router
from services.notifications.api.references import finding_references, references_router
from services.notifications.domain.events import PreferenceChanged
from shared.own_acts import own_acts_router
from shared.service import Service

__all__ = ["finding_references", "routers"]


def routers(service: Service) -> Sequence[APIRouter]:
    """All routes but those of the feeds."""
    return [
        members_router(service),
        choices_router(service),
        references_router(service),
        desk_router(service),
        own_acts_router(service.store, only={PreferenceChanged.NAME}),
    ]
