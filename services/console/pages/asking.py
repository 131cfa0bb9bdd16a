"""What a page asks of a request before it answers: a session, a form of ours, a role, patience."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from services.console.acts import doors
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.pages.site import Site
from services.console.pages.visit import Visit
from shared.problems import Refused
from shared.web.limits import address_prefix
from shared.web.sessions import COOKIE
from shared.web.visits import Posted


class SignInNeeded(Exception):  # noqa: N818 - an answer: the sign-in page
    """A page of the staff, asked for by a visitor."""


async def visiting(request: Request) -> Visit:
    """The visit of this request."""
    site: Site = request.app.state.site
    visit = Visit(site, request, await site.sessions.open(request.cookies.get(COOKIE)))
    request.state.visit = visit
    return visit


Visiting = Annotated[Visit, Depends(visiting)]


async def posting(visit: Visiting) -> Posted:
    """The form of this request.

    Raises:
        CrossSite, FormExpired: it is not one of ours, or of another session.
    """
    return await visit.posted()


Posting = Annotated[Posted, Depends(posting)]


async def counting(request: Request, visit: Visiting) -> None:
    """For forms that need no session: so many from one network.

    Raises:
        TooManyRequests: wait.
    """
    prefix = address_prefix(request, visit.site.settings.trusted_proxies)
    await visit.site.limits.take(request.scope["route"].path, prefix)


Counted = Depends(counting)


async def signed_in(visit: Visiting) -> Visit:
    """Somebody of the staff. His account is asked each time: locked, it opens nothing from that moment.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    state = visit.session.state
    if visit.session.holder is None or state.console_session is None:
        raise SignInNeeded
    visit.role = await doors.still_open(visit.site.office, StaffId(visit.session.holder), state.console_session)
    if visit.role is None:
        await visit.lapse()
        raise SignInNeeded
    return visit


StaffVisit = Annotated[Visit, Depends(signed_in)]


def roles(*allowed: Role) -> Any:
    """The dependency of a page for some roles.

    Raises:
        Refused: `role-refused`.
    """

    async def checked(visit: StaffVisit) -> Visit:
        if visit.role not in allowed:
            raise Refused("role-refused")
        return visit

    dependency: Callable[[Visit], Awaitable[Visit]] = checked
    return Depends(dependency)


AgentVisit = Annotated[Visit, roles(Role.AGENT)]
DeskVisit = Annotated[Visit, roles(Role.AGENT, Role.SUPERVISOR)]
OperatorVisit = Annotated[Visit, roles(Role.OPERATIONS, Role.SUPERVISOR)]
LookingVisit = Annotated[Visit, roles(Role.OPERATIONS, Role.SUPERVISOR, Role.AUDITOR)]
SupervisorVisit = Annotated[Visit, roles(Role.SUPERVISOR)]
AuditorVisit = Annotated[Visit, roles(Role.AUDITOR)]
