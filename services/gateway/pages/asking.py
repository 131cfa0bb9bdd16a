"""What a page asks of a request before it answers: a session, a form of ours, a member, patience."""

import datetime as dt
import re
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from services.gateway.pages import family
from services.gateway.pages.site import Site
from services.gateway.pages.visit import Visit
from services.gateway.pages.works import OPEN, works
from shared.web.channel import Refused, ServiceDown
from shared.web.limits import address_prefix
from shared.web.sessions import COOKIE
from shared.web.visits import Posted

CHECKED: Final = dt.timedelta(minutes=1)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.\-]{1,400}")


class SignInNeeded(Exception):  # noqa: N818 - an answer: the sign-in page
    """A member's page, asked for by a visitor."""


class EmailPending(Exception):  # noqa: N818 - an answer: the page that says what to do
    """A member's page, asked for before the address is confirmed."""


class TermsDue(Exception):  # noqa: N818 - an answer: the newer terms
    """A member's page, asked for before the terms in force are accepted."""


class ErasureWaits(Exception):  # noqa: N818 - an answer: the page where it can be taken back
    """A member's page, asked for by somebody who has asked to be forgotten."""


class StepUpNeeded(Exception):  # noqa: N818 - an answer: the page where a member confirms that it is he
    """A page for members who have just confirmed that it is they."""


class AlreadyIn(Exception):  # noqa: N818 - an answer: the member's home page
    """A page for visitors, asked for by a member."""


class Works(Exception):  # noqa: N818 - an answer: the page that says so
    """The site is closed for works."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


async def visiting(request: Request) -> Visit:
    """The visit of this request.

    Raises:
        Works: the site is closed, but for what stands on no service.
    """
    site: Site = request.app.state.site
    words = works(site.settings.works_file)
    if words is not None and request.url.path not in OPEN:
        raise Works(words)
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
    """For public forms: so many from one network.

    Raises:
        TooManyRequests: wait.
    """
    prefix = address_prefix(request, visit.site.settings.trusted_proxies)
    await visit.site.limits.take(request.scope["route"].path, prefix)


Counted = Depends(counting)


async def visitor(visit: Visiting) -> None:
    """Nobody is signed in.

    Raises:
        AlreadyIn: somebody is.
    """
    if visit.session.holder is not None:
        raise AlreadyIn


VisitorsOnly = Depends(visitor)


async def signed_in(visit: Visiting) -> Visit:
    """A member, whether his address is confirmed or not.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    if visit.session.holder is None or not await _still_open(visit):
        raise SignInNeeded
    return visit


async def _still_open(visit: Visit) -> bool:
    """Asked of identity now and then: a session may be ended, or all services be closed, from elsewhere."""
    state, now = visit.session.state, visit.site.clock.now()
    if state.identity_session is None or (state.checked_at is not None and now < state.checked_at + CHECKED):
        return True
    try:
        found = await visit.site.keys.session_state(visit.who, state.identity_session)
    except (ServiceDown, Refused):  # the pages that stand on other services go on
        return True
    if found.open:
        visit.session.change(checked_at=now, closing=found.closing)
    else:
        await visit.lapse()
    return found.open


SignedInVisit = Annotated[Visit, Depends(signed_in)]


async def confirmed(visit: SignedInVisit) -> Visit:
    """A member whose services are open; asked of identity until it once says so.

    Raises:
        EmailPending, ServiceDown: they are not; nobody can tell.
        TermsDue: newer terms are to be accepted first.
        ErasureWaits: he has asked to be forgotten.
    """
    if visit.session.state.closing:
        raise ErasureWaits
    if not visit.session.state.email_confirmed:
        account = await visit.site.identity.account(visit.who, visit.written("identity"))
        if not account.value.email_validated:
            raise EmailPending
        visit.session.change(email_confirmed=True)
    if visit.session.state.cgu_version not in {None, visit.site.terms.version}:
        raise TermsDue
    return visit


async def of_family(visit: Annotated[Visit, Depends(confirmed)]) -> Visit:
    """A member, and whom he may act for."""
    await family.known(visit)
    return visit


MemberVisit = Annotated[Visit, Depends(of_family)]


async def stepped_up(visit: MemberVisit) -> Visit:
    """A member who has confirmed a short time ago that it is he; he is asked to, and comes back to this page.

    Raises:
        StepUpNeeded: he has not.
    """
    if not visit.stepped_up:
        raise StepUpNeeded
    return visit


SteppedUpVisit = Annotated[Visit, Depends(stepped_up)]


def link_token(token: str) -> None:
    """The last part of a link from a mail.

    Raises:
        HTTPException: 404, it has another form.
    """
    if not _TOKEN.fullmatch(token):
        raise HTTPException(HTTPStatus.NOT_FOUND)
