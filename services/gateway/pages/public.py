"""What everybody may read: the home page, contact, terms, legal notice."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Visiting

router = APIRouter()


@dataclass(frozen=True)
class Offer:
    """One of the ten services, in the words of the published page."""

    words: str
    href: str
    more: str


SERVICES: Final = (
    Offer(
        "Consulter mes remboursements et mes participations forfaitaires et franchises",
        "/mes-remboursements",
        "Chaque paiement, chaque soin, et pourquoi ce montant. Où en est une demande, ce qui reste à retenir.",
    ),
    Offer(
        "Télécharger mon attestation de droits, mes relevés de paiements",
        "/mon-attestation",
        "Pour vous et vos enfants, tout de suite. N'importe qui peut vérifier qu'elle est authentique.",
    ),
    Offer(
        "Commander une Carte Européenne d'Assurance Maladie (CEAM)",
        "/ma-ceam/commande",
        "Pour vous et vos enfants, gratuite. Si le départ est proche, un certificat provisoire, tout de suite.",
    ),
    Offer(
        "Modifier mes coordonnées bancaires (sans avoir besoin d'imprimer ni de joindre un RIB)",
        "/mon-profil/coordonnees-bancaires",
        "Le changement attend 72 heures : vous êtes prévenu et pouvez l'annuler, même sans vous connecter.",
    ),
    Offer(
        "Déclarer la perte ou le vol de ma CEAM",
        "/ma-ceam/declaration",
        "C'est définitif, et fait aussitôt. Vous pouvez en commander une autre, et obtenir un certificat.",
    ),
    Offer(
        "Consulter mon profil (médecin traitant déclaré, adresse, ayants droit...)",
        "/mon-profil",
        "Ce que la caisse sait de vous, et qui a changé quoi. Vous pouvez y changer d'adresse.",
    ),
    Offer(
        "Déclarer ma carte Vitale perdue, volée ou détériorée",
        "/ma-carte-vitale/declaration",
        "Perdue ou volée, elle est mise en opposition dès l'envoi, à toute heure. Une nouvelle carte est commandée.",
    ),
    Offer(
        "Suivre la commande de ma nouvelle carte Vitale",
        "/ma-carte-vitale/commande",
        "Ce qui s'est passé, où en est la carte, ce qui vient ensuite et quand.",
    ),
    Offer(
        "Localiser une borne Vitale",
        "/lieux/bornes-vitale",
        "Autour de vous ou d'une commune, sur téléphone comme sur ordinateur, sans compte.",
    ),
    Offer(
        "Rechercher et localiser un professionnel de santé ou établissement de soins",
        "/lieux/annuaire",
        "Par profession, nom ou secteur, avec la carte et l'itinéraire. Votre position n'est gardée nulle part.",
    ),
)


@router.get("/")
async def home(visit: Visiting) -> Response:
    return await visit.page("public/home.html", services=SERVICES)


@router.get("/contact")
async def contact(visit: Visiting) -> Response:
    return await visit.page("public/contact.html")


@router.get("/conditions-generales")
async def terms(visit: Visiting) -> Response:
    return await visit.page("public/cgu.html", cgu=visit.site.terms)


@router.get("/mentions-legales")
async def legal(visit: Visiting) -> Response:
    return await visit.page("public/legal.html", tiles_offered=visit.site.settings.ign_tiles)
