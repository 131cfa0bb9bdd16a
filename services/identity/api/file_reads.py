"""« Qui a consulté mon dossier » over HTTP."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime

from services.identity.api.requests import AMember
from services.identity.domain.file_reads import FileReads
from services.identity.read_models.file_reads import FileReadShown, file_reads_shown
from shared.kernel import Erased, Value
from shared.service import Service


class LookShown(Value):
    """One look of the fund's staff."""

    at: AwareDatetime
    role: str | Erased
    purpose: str | Erased
    part: str | Erased


class LooksShown(Value):
    """The newest first."""

    looks: tuple[LookShown, ...]


def file_reads_router(service: Service, confirmed: Sequence[Any]) -> APIRouter:
    """The route of a member; what belongs to an inquiry shows when that is over."""
    routes = APIRouter(dependencies=list(confirmed))

    @routes.get("/file-reads")
    async def looks(member_id: AMember) -> LooksShown:
        found = await service.queries.find(file_reads_shown, person_id=member_id)
        state: FileReads = (await service.state(f"reads:{member_id}"))[0]
        told = [one for one in found if one.inquiry_id not in state.hidden]
        return LooksShown(looks=tuple(map(_shown, sorted(told, key=lambda one: one.at, reverse=True))))

    return routes


def _shown(one: FileReadShown) -> LookShown:
    return LookShown.model_validate(one.model_dump(include=set(LookShown.model_fields)))
