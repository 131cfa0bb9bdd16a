"""The member's home: what needs him, what is under way, and a tile per service; one that is down leaves the others."""

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from fastapi import APIRouter, Response

from services.gateway.clients.cards import Tracking, Vitale
from services.gateway.clients.ceam import Ceam
from services.gateway.clients.persons import BankDetails
from services.gateway.clients.reimbursement_answers import Claims, Deductions, Payment
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.asking import MemberVisit
from services.gateway.pages.blocks import block
from shared.web.channel import Fresh
from shared.web.french import PARIS, day, moment

SHOWN: Final = 3
PATIENCE: Final = 3.0
"""Seconds that a tile is waited for: the page is there in five."""

T = TypeVar("T")
router = APIRouter()


@dataclass(frozen=True)
class Line:
    """Something that needs the member, or is under way."""

    text: str
    href: str
    link: str
    stage: str = ""
    """`vitale` or `ceam`: said by where its order is, as on its own page."""


@dataclass(frozen=True)
class Known:
    """What the services say; None where one does not answer, or knows nothing."""

    vitale: Vitale | None = None
    tracking: Tracking | None = None
    ceam: Ceam | None = None
    claims: Claims | None = None
    bank: BankDetails | None = None
    payment: Payment | None = None


@router.get("/mon-compte")
async def home(visit: MemberVisit) -> Response:
    site, who, written = visit.site, visit.who, visit.written("cards")
    money = site.reimbursements
    (vitale, tracking, ceam), (payment, claims, deductions), (messages, account, bank) = await asyncio.gather(
        asyncio.gather(
            block(site.cards.vitale(who, written), PATIENCE),
            block(site.cards.tracking(who, written), PATIENCE),
            block(site.ceam.ceam(who, written), PATIENCE),
        ),
        asyncio.gather(
            block(money.last_payment(who), PATIENCE),
            block(_fresh(money.claims(who)), PATIENCE),
            block(_fresh(money.deductions(who)), PATIENCE),
        ),
        asyncio.gather(
            block(site.notifications.messages(who, visit.written("notifications"), limit=SHOWN), PATIENCE),
            block(site.identity.account(who, None), PATIENCE),
            block(site.persons.bank_details(who, visit.written("identity")), PATIENCE),
        ),
    )
    known = Known(vitale.value, tracking.value, ceam.value, claims.value, bank.value, payment.value)
    return await visit.page(
        "account/home.html",
        attention=list(attention(known)),
        under_way=list(under_way(known)),
        tracking=tracking,
        unsure=any(one.down for one in (tracking, ceam, claims, bank)),
        vitale=vitale,
        ceam=ceam,
        messages=messages,
        account=account,
        payment=payment,
        kept=deductions,
        year=this_year(deductions.value, visit.site.clock.now().astimezone(PARIS).year),
        unread=messages.value.unread if messages.value else None,
        shown=SHOWN,
        lag=max(vitale.lag, tracking.lag, ceam.lag),
        as_of=site.clock.now(),
    )


async def _fresh(asked: Awaitable[T]) -> Fresh[T]:
    return Fresh(await asked)


def attention(known: Known) -> Iterator[Line]:
    """What waits for the member, the most urgent first."""
    if known.vitale and known.vitale.used_after_opposition:
        yield Line(
            "Votre ancienne carte Vitale a été utilisée après sa mise en opposition.", "/ma-carte-vitale", "Voir"
        )
    if known.bank and known.bank.request_id and known.bank.due_at:
        text = f"Vos remboursements changeront de compte le {moment(known.bank.due_at)}. Ce n'est pas vous ?"
        yield Line(text, "/mon-profil/coordonnees-bancaires", "Vérifier ou annuler")
    if known.payment and known.payment.state == "returned":
        text = "Votre banque a refusé notre dernier virement : vérifiez vos coordonnées bancaires."
        yield Line(text, "/mon-profil/coordonnees-bancaires", "Vérifier")
    if known.tracking and known.tracking.waits_for_member:
        yield Line("Nouvelle carte Vitale", "/ma-carte-vitale/commande", "Voir que faire", "vitale")
    for claim in known.claims.claims if known.claims else ():
        if claim.stage == "pending":
            until = claim.steps[-1].until
            todo = words.REASONS.get(claim.steps[-1].reason or "", words.ELSE)[1]
            late = f" Au plus tard le {day(until)}." if until else ""
            yield Line(f"Soin du {day(claim.care_date)} : {todo}{late}", "/mes-remboursements/suivi", "Voir que faire")
    if known.ceam and known.ceam.step == "returned":
        yield Line("Carte européenne (CEAM)", "/ma-ceam", "Voir que faire", "ceam")
    elif known.ceam and known.ceam.expiry_near and known.ceam.expires_on:
        yield Line(f"Votre carte européenne expire le {day(known.ceam.expires_on)}.", "/ma-ceam", "La renouveler")


def under_way(known: Known) -> Iterator[Line]:
    """What the fund is doing, and what comes next."""
    tracking = known.tracking
    if tracking and tracking.under_way and not tracking.waits_for_member:
        yield Line("Nouvelle carte Vitale", "/ma-carte-vitale/commande", "Suivre la commande", "vitale")
    if known.ceam and known.ceam.under_way and known.ceam.step != "returned":
        yield Line("Carte européenne (CEAM)", "/ma-ceam", "Suivre la commande", "ceam")
    waiting = [one for one in known.claims.claims if one.stage == "received"] if known.claims else []
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


def this_year(found: Deductions | None, year: int) -> tuple[Year, ...]:
    """One line per person of whom something was kept."""
    counted = [(person.given_name, one) for person in (found.persons if found else ()) for one in person.years]
    return tuple(
        Year(name, one.participation, one.participation_cap, one.franchise, one.franchise_cap)
        for name, one in counted
        if one.year == year
    )
