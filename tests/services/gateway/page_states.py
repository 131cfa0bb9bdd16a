"""Every page of the site in its states, as the tests of pages open them; what is no page is named, too."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from services.gateway.clients import reimbursement_answers as r
from services.gateway.clients.ceam import Ceam
from services.gateway.clients.keys import DeviceLine, Devices, HistoryLine, SessionLine, SignInHistory
from services.gateway.clients.own_acts import Act, Acts
from services.gateway.clients.persons import Change, Look
from services.gateway.drafts import App, Authorising, CodeAsked, Enrolment, Identity, NewIban, Report, Reported
from shared.web.channel import Refused
from tests.services.gateway.fake_keys import GOOD_TOKEN
from tests.services.gateway.fake_persons import CHILD, HELD
from tests.services.gateway.fake_places import PHARMACY
from tests.services.gateway.fake_reimbursements import LINE
from tests.services.gateway.fakes import CARD, CODE_ASKED, EMAIL, MEMBER, NIR, World, sent, story
from tests.web import NOW

MESSAGE: Final = "0b6f0c1c-7f6b-4f0e-9a52-2f1f6f0f9a77"
D = dt.date

Prepare = Callable[[World], object]


@dataclass(frozen=True)
class State:
    """A page as it is in one situation."""

    path: str
    name: str
    status: int = 200
    member: bool = True
    prepare: Prepare = lambda _: None
    session: Any = None
    """What the session remembers: fields of its state."""


def down(*services: str) -> Prepare:
    return lambda world: [setattr(getattr(world, name), "down", True) for name in services]


def lagging(world: World) -> None:
    for fake in (world.cards, world.ceam, world.persons):
        fake.lag = 1


def empty(world: World) -> None:
    world.cards.card = None
    world.reimbursements.rows = ()
    world.persons.others = ()


def busy(world: World) -> None:
    world.cards.story = story("lost", ("reported", NOW), ("opposed", NOW), ("requested", NOW))
    world.ceam.card = Ceam(
        order_id=str(uuid.UUID(int=4)),
        step="sent",
        card_id=CARD,
        status="active",
        expires_on=D(2026, 12, 9),
        expiry_near=True,
    )
    world.persons.bank, world.identity.bank_change_due_at = HELD, HELD.due_at
    world.persons.changes = (Change(what="address", at=NOW, by="member"),)
    steps = (r.ClaimStep(stage="pending", on=D(2026, 11, 9), reason="unreadable", until=D(2026, 12, 15)),)
    world.reimbursements.known = (r.Claim(reference="0001", care_date=D(2026, 10, 30), stage="pending", steps=steps),)
    world.reimbursements.months = tuple(
        r.MonthOfSpending(month=f"2026-{number:02}", paid=9000, reimbursed=6000) for number in range(1, 12)
    )
    years = (r.Ceilings(year=2026, participation=1200, participation_cap=5000, franchise=50, franchise_cap=5000),)
    free = (years[0].model_copy(update={"participation": 0, "franchise": 0}),)
    world.reimbursements.deducted = r.Deductions(
        persons=(
            r.OfPerson(person_id=MEMBER, given_name="Camille", years=years),
            r.OfPerson(person_id=CHILD.person_id, given_name="Léa", years=free, exempt_until=D(2033, 12, 31)),
        )
    )
    world.reimbursements.listed = (r.Statement(month="2026-10", issued_at=NOW, total=1500),)
    world.notifications.sent = (
        sent("vitale-ordered", read=False, reference="7KQ2-M4XD-9VTA").model_copy(update={"message_id": MESSAGE}),
        sent("vitale-opposed"),
    )
    world.keys.shown = Devices(
        sessions=(SessionLine(session_id=str(uuid.UUID(int=1)), at=NOW),),
        devices=(DeviceLine(device_id="d", name="Firefox sur Linux", first_at=NOW, last_at=NOW),),
    )
    world.keys.past = SignInHistory(
        entries=(HistoryLine(kind="signed-in", at=NOW), HistoryLine(kind="refused", at=NOW, count=3))
    )
    world.identity.signed_in_before = NOW
    own = Act(what="VitaleReportedLost", at=NOW, by="member", acting_for=CHILD.person_id)
    world.acts.done = Acts(acts=(own, Act(what="SignedIn", at=NOW, by="visitor")))


def forgetting(world: World) -> None:
    world.erasures.requested = True


def looked_at(world: World) -> None:
    world.persons.seen = (
        Look(at=NOW, role="agent", purpose="call", part="cards"),
        Look(at=NOW, role="auditor", purpose="audit", part="events"),
    )


def refusing(code: str, status: int, seconds: int = 0) -> Prepare:
    return lambda world: setattr(world.cards, "refusal", Refused(code, status, seconds))


def closed(world: World) -> None:
    """For works: the file is any that is there."""
    settings = world.site.settings.model_copy(update={"works_file": Path(__file__)})
    world.app.state.site = replace(world.site, settings=settings)


# fmt: off
REPORT = Report(declaration_id=str(uuid.UUID(int=2)), card_id=CARD, reason="lost", happened_on=D(2026, 11, 20), place="Toulon")
IBAN = NewIban(iban="FR7630006000011234567890189", masked="FR76 •••• 0189", bank="AGRICOLE")
ASKED = CodeAsked(**CODE_ASKED.model_dump())
STEPPED: dict[str, Any] = {"stepped_up_at": NOW}
WHO = Identity(surname="Martin", nir=NIR, birth_date=D(1985, 1, 24), postcode="83000")
ENROLLED = Enrolment(identity=WHO, enrolment_id="enrolment-1", cgu_accepted=True, code="Toulon-83")
PHONE = Authorising(client_id="mobile", redirect_uri="http://127.0.0.1/retour", challenge="c" * 43)
APP = App(totp_id="t-1", secret="JBSWY3DPEHPK3PXP", uri="otpauth://totp/compte?secret=JBSWY3DPEHPK3PXP")
OPEN = [
    *(State(path, "ouverte", member=False) for path in (
        "/", "/contact", "/conditions-generales", "/mentions-legales", "/accessibilite", "/plan-du-site", "/etat-du-service", "/au-revoir",
        "/connexion", "/creer-mon-compte", "/creer-mon-compte/identite", "/creer-mon-compte/code-provisoire", "/code-oublie",
        "/code-oublie/envoye", "/confirmer/a.b.c", "/adresse-confirmee", "/lien-non-valable", "/verifier",
        "/ce-message-vient-il-de-nous", "/lieux/bornes-vitale", "/lieux/annuaire", "/lieux/annuaire?commune=83137&ou=Toulon",
        f"/lieux/fiche/{PHARMACY.place_id}", "/compte-ferme", "/api", "/api/schemas", "/api/events",
        "/api/events/cards", "/creer-mon-compte/code-provisoire/demande", "/contester", "/contester/fait",
        f"/nouveau-code/{GOOD_TOKEN}", f"/autoriser-les-essais/{GOOD_TOKEN}", f"/annuler-changement/{GOOD_TOKEN}",
        f"/annuler-effacement/{GOOD_TOKEN}", "/certificat-effacement", "/hors-connexion",
    )),
    *(State(f"/creer-mon-compte/{step}", "commencée", member=False, session={"enrolment": ENROLLED}) for step in (
        "preuves", "conditions", "code", "adresse-electronique",
    )),
    State("/creer-mon-compte/messagerie", "créée", member=False, session={"mailbox": EMAIL}),
    State("/connexion", "en maintenance", 503, member=False, prepare=closed),
    State("/connexion/code", "code demandé", member=False, session={"code_asked": ASKED}),
    State("/etat-du-service", "en panne", member=False, prepare=lambda world: setattr(world.health, "silent", frozenset({"cards"}))),
    State("/rien", "inconnue", 404, member=False),
    State("/lieux/annuaire?ou=Nulle-part", "refusée", 422, member=False),
]
OWN = [
    "/mon-compte", "/mes-remboursements", "/mes-remboursements?vue=actes", f"/mes-remboursements/ligne/{LINE}",
    f"/mes-remboursements/ligne/{LINE}/signaler", "/mes-remboursements/suivi", "/mes-remboursements/retenues",
    "/mes-remboursements/depenses", "/mes-remboursements/releves", "/ma-carte-vitale", "/ma-carte-vitale/commande",
    "/ma-carte-vitale/declaration", "/ma-ceam", "/ma-ceam/commande", "/mon-profil", "/mon-profil/historique",
    "/mon-profil/coordonnees-bancaires", "/mon-attestation", "/mes-donnees", "/ma-securite", "/ma-securite/appareils",
    "/mes-messages", "/mes-messages/choix", "/mon-profil/consultations", "/mon-profil/actions", "/mes-donnees/effacement", "/mes-remboursements/demain",
]
MEMBERS = [
    *(State(path, "pleine", prepare=busy) for path in OWN),
    *(State(path, "vide", prepare=empty) for path in ("/mon-compte", "/mes-remboursements", "/ma-carte-vitale", "/ma-ceam", "/mes-messages", "/mon-profil")),
    *(State(path, "en retard", prepare=lagging) for path in ("/mon-compte", "/ma-carte-vitale", "/ma-ceam", "/mon-profil")),
    State("/mon-compte", "services en panne", prepare=down("cards", "ceam", "notifications", "persons", "reimbursements", "identity")),
    *(State(path, "service en panne", 503, prepare=down(name)) for path, name in (("/ma-carte-vitale", "cards"), ("/mes-messages", "notifications"), ("/mes-remboursements", "reimbursements"), ("/mon-profil", "persons"))),
    State("/ma-carte-vitale", "erreur", 500, prepare=lambda world: setattr(world.cards, "crash", RuntimeError())),
    *(State("/ma-carte-vitale", f"refusée {status}", status, prepare=refusing(code, status, seconds)) for code, status, seconds in (
        ("not-allowed", 403, 0), ("conflict", 409, 0), ("too-many", 429, 90),
    )),
    State("/mon-profil/consultations", "consultée", prepare=looked_at),
    State("/mon-profil/actions", "vide"),
    State("/mon-profil/actions", "service en panne", prepare=lambda world: setattr(world.acts, "done", Acts(missing=("cards",)))),
    State("/mes-donnees/effacement/demande", "confirmée", session=STEPPED),
    State("/effacement", "en attente", prepare=forgetting),
    State("/nouvelles-conditions", "à accepter", session={"cgu_version": "2026-01-01"}),
    State("/application/accord", "demandé", session={"authorising": PHONE}),
    State("/ma-securite/application-de-codes/activation", "commencée", session={**STEPPED, "app": APP}),
    State(f"/mes-remboursements/ligne/{uuid.UUID(int=9)}", "d'un autre", 404),
    State(f"/mes-messages/{uuid.UUID(int=9)}", "d'un autre", 404),
    State(f"/mes-messages/{MESSAGE}", "ouvert", prepare=busy),
    State("/ma-carte-vitale/declaration/circonstances", "commencée", session={"report": REPORT}),
    State("/ma-carte-vitale/declaration/recapitulatif", "complète", session={"report": REPORT}),
    State("/ma-carte-vitale/declaration/faite", "faite", session={"reported": Reported(declaration_id=REPORT.declaration_id, card_id=CARD)}),
    State("/ma-carte-vitale/commande/pieces", "attendues", prepare=busy),
    State("/ma-ceam/declaration", "active", prepare=busy),
    State("/confirmation-identite", "demandée"),
    State("/confirmation-identite/code", "code demandé", session={"code_asked": ASKED}),
    *(State(path, "confirmée", session=STEPPED) for path in (
        "/mon-profil/adresse", "/mon-profil/coordonnees-bancaires/modifier", "/mes-donnees/telecharger", "/ma-securite/code",
        "/ma-securite/adresse-electronique", "/ma-securite/application-de-codes", "/ma-securite/cloture",
    )),
    State("/mon-profil/coordonnees-bancaires/verification", "à relire", session={**STEPPED, "new_iban": IBAN}),
    State("/mon-compte/adresse-a-confirmer", "en attente", prepare=lambda world: setattr(world.identity, "confirmed", False), session={"email_confirmed": False}),
    State("/mon-compte/adresse-a-confirmer/correction", "en attente", session={"email_confirmed": False}),
]
# fmt: on
PAGES: Final = [*OPEN, *MEMBERS]
