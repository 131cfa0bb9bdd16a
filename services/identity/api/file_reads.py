"""« Qui a consulté mon dossier » over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from services.identity.api.requests import AMember
from services.identity.domain.file_reads import FileReads
from services.identity.read_models.file_reads import FileReadShown, file_reads_shown
from services.identity.read_models.profile import Profile, profile
from services.identity.read_models.seen_persons import seen_persons
from shared.kernel import Erased, Value
from shared.projections.queries import tell_ages
from shared.service import Service

Children = Callable[[str], Awaitable[Sequence[Profile]]]
SHOWN: Final = (file_reads_shown, seen_persons, profile)
"""The looks, and at whose file the member may see them."""


class LookShown(Value):
    """One look of the fund's staff. `given_names`: of a child whose file it was; None: the member's own."""

    given_names: str | None = None
    at: AwareDatetime
    role: str | Erased
    purpose: str | Erased
    part: str | Erased


class LooksShown(Value):
    """The newest first."""

    looks: tuple[LookShown, ...]


def file_reads_router(service: Service, children: Children, confirmed: Sequence[Any]) -> APIRouter:
    """The route of a member; what belongs to an inquiry shows when that is over. `children`: those under 16 he sees."""
    routes = APIRouter(dependencies=list(confirmed))

    @routes.get("/file-reads")
    async def looks(member_id: AMember, response: Response) -> LooksShown:
        await tell_ages(response.headers, service.queries, SHOWN, None)
        told = [_shown(one, None) for one in await _of(member_id)]
        for child in await children(member_id):
            names = child.given_names if isinstance(child.given_names, str) else ""
            told += [_shown(one, names) for one in await _of(child.person_id)]
        return LooksShown(looks=tuple(sorted(told, key=lambda one: one.at, reverse=True)))

    async def _of(person_id: str) -> Sequence[FileReadShown]:
        found = await service.queries.find(file_reads_shown, person_id=person_id)
        # asked second: what is found belongs to no inquiry that this state does not know
        state: FileReads = (await service.state(f"reads:{person_id}"))[0]
        return [one for one in found if one.inquiry_id not in state.hidden]

    return routes


def _shown(one: FileReadShown, names: str | None) -> LookShown:
    return LookShown(**one.model_dump(include={"at", "role", "purpose", "part"}), given_names=names)
