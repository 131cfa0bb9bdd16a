"""The member's home: what needs him, what is under way, and a tile per service; one that is down leaves the others."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.clients.cards import NONE, AllCards
from services.gateway.clients.identity import Home
from services.gateway.clients.reimbursement_answers import Deductions
from services.gateway.clients.reimbursements import Summary
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.asking import MemberVisit
from services.gateway.pages.blocks import block
from shared.web.french import PARIS, day, moment

SHOWN: Final = 3
PATIENCE: Final = 3.0
"""Seconds that a tile is waited for: the page is there in five."""

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """Something that needs the member, or is under way."""

    text: str
    href: str
    link: str
    stage: str = ""
    """`vitale` or `ceam`: said by where its order is, as on its own page."""


NOTHING: Final = Summary()


@dataclass(frozen=True)
class Known:
    """What the services say; None where one does not answer, or knows nothing."""

    cards: AllCards = NONE
    money: Summary = NOTHING
    account: Home | None = None


@router.get("/mon-compte")
async def home(visit: MemberVisit) -> Response:
    site, who, written = visit.site, visit.who, visit.written("cards")
    cards, money, messages, account = await asyncio.gather(
        block(site.cards.all_of(who, written), PATIENCE),
        block(site.reimbursements.summary(who), PATIENCE),
        block(site.notifications.messages(who, visit.written("notifications"), limit=SHOWN), PATIENCE),
        block(site.identity.home(who, visit.written("identity")), PATIENCE),
    )
    known = Known(cards.value or NONE, money.value or NOTHING, account.value)
    return await visit.page(
        "account/home.html",
        attention=list(attention(known)),
        under_way=list(under_way(known)),
        unsure=any(one.down for one in (cards, money, account)),
        cards=cards,
        messages=messages,
        account=account,
        money=money,
        payment=known.money.payment,
        year=this_year(known.money.deductions, visit.site.clock.now().astimezone(PARIS).year),
        unread=messages.value.unread if messages.value else None,
        shown=SHOWN,
        lag=cards.lag,
    )


def attention(known: Known) -> Iterator[Line]:
    """What waits for the member, the most urgent first."""
    if known.cards.vitale and known.cards.vitale.used_after_opposition:
        yield Line(
            "Votre ancienne carte Vitale a été utilisée après sa mise en opposition.", "/ma-carte-vitale", "Voir"
        )
    if known.account and (due_at := known.account.bank_change_due_at):
        text = f"Vos remboursements changeront de compte le {moment(due_at)}. Ce n'est pas vous ?"
        yield Line(text, "/mon-profil/coordonnees-bancaires", "Vérifier ou annuler")
    if known.money.payment and known.money.payment.state == "returned":
        text = "Votre banque a refusé notre dernier virement : vérifiez vos coordonnées bancaires."
        yield Line(text, "/mon-profil/coordonnees-bancaires", "Vérifier")
    if known.cards.tracking and known.cards.tracking.waits_for_member:
        yield Line("Nouvelle carte Vitale", "/ma-carte-vitale/commande", "Voir que faire", "vitale")
    for claim in known.money.claims.claims:
        if claim.stage == "pending":
            until = claim.steps[-1].until
            todo = words.REASONS.get(claim.steps[-1].reason or "", words.ELSE)[1]
            late = f" Au plus tard le {day(until)}." if until else ""
            yield Line(f"Soin du {day(claim.care_date)} : {todo}{late}", "/mes-remboursements/suivi", "Voir que faire")
    if known.cards.ceam and known.cards.ceam.step == "returned":
        yield Line("Carte européenne (CEAM)", "/ma-ceam", "Voir que faire", "ceam")
    elif known.cards.ceam and known.cards.ceam.expiry_near and known.cards.ceam.expires_on:
        yield Line(f"Votre carte européenne expire le {day(known.cards.ceam.expires_on)}.", "/ma-ceam", "La renouveler")


def under_way(known: Known) -> Iterator[Line]:
    """What the fund is doing, and what comes next."""
    tracking = known.cards.tracking
    if tracking and tracking.under_way and not tracking.waits_for_member:
        yield Line("Nouvelle carte Vitale", "/ma-carte-vitale/commande", "Suivre la commande", "vitale")
    if known.cards.ceam and known.cards.ceam.under_way and known.cards.ceam.step != "returned":
        yield Line("Carte européenne (CEAM)", "/ma-ceam", "Suivre la commande", "ceam")
    waiting = [one for one in known.money.claims.claims if one.stage == "received"]
    for claim in waiting[:SHOWN]:
        until = f", remboursement en général avant le {day(claim.expected)}" if claim.expected else ""
        yield Line(f"Soin du {day(claim.care_date)} : demande reçue{until}.", "/mes-remboursements/suivi", "Suivre")


@dataclass(frozen=True)
class Year:
    """What was kept of one person's reimbursements this year, in cents."""

    name: str
    participation: int
    participation_cap: int
    franchise: int
    franchise_cap: int


def this_year(found: Deductions, year: int) -> tuple[Year, ...]:
    """One line per person of whom something may be kept, or was."""
    return tuple(
        Year(person.given_name, one.participation, one.participation_cap, one.franchise, one.franchise_cap)
        for person in found.persons
        for one in person.years
        if one.year == year and not person.bears_none
    )
