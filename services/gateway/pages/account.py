"""The page that waits for the address to be confirmed."""

from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Posting, SignedInVisit
from shared.web.channel import Refused

PENDING: Final = "/mon-compte/adresse-a-confirmer"
KNOWN: Final = frozenset({"link-just-sent", "email-already-validated"})
"""Refusals that the page answers with a sentence; once validated it leads on by itself."""

router = APIRouter()


@router.get("/mon-compte/adresse-a-confirmer")
async def pending(visit: SignedInVisit) -> Response:
    found = await visit.site.identity.account(visit.who, visit.written("identity"))
    if found.value.email_validated:
        visit.session.change(email_confirmed=True)
        return await visit.go("/mon-compte")
    email = visit.session.state.mailbox or found.value.email  # as it was typed, whatever came of it
    return await visit.page("account/email_pending.html", email=email, lag=found.lag)


@router.post("/mon-compte/adresse-a-confirmer")
async def send_again(visit: SignedInVisit, posted: Posting) -> Response:
    try:
        written = await visit.site.identity.resend_confirmation(visit.who, posted.command_id)
    except Refused as refused:
        if refused.code not in KNOWN:
            raise
        return await visit.go(PENDING, notice=refused.code)
    visit.remember("identity", written)
    return await visit.go(PENDING, notice="email-sent-again")
