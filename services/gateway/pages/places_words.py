"""The words of the directory: kinds, precision, sectors, terminals; distances as people say them."""

import urllib.parse
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from services.gateway.clients.places import Place
from shared.web.french import NBSP

KINDS: Final = {
    "doctor": "Médecin",
    "dentist": "Chirurgien-dentiste",
    "midwife": "Sage-femme",
    "nurse": "Infirmier, infirmière",
    "physiotherapist": "Masseur-kinésithérapeute",
    "chiropodist": "Pédicure-podologue",
    "speech_therapist": "Orthophoniste",
    "orthoptist": "Orthoptiste",
    "pharmacist": "Pharmacien, pharmacienne",
    "professional": "Autre professionnel",
    "pharmacy": "Pharmacie",
    "hospital": "Hôpital, clinique",
    "health_centre": "Centre ou maison de santé",
    "laboratory": "Laboratoire d'analyses",
    "nursing_home": "Établissement pour personnes âgées",
    "fund_office": "Accueil de la caisse",
    "establishment": "Autre établissement",
}
SPECIALITIES: Final = {
    "general": "Médecine générale",
    "allergology": "Allergologie",
    "anaesthesia": "Anesthésie-réanimation",
    "cardiology": "Cardiologie",
    "surgery": "Chirurgie",
    "orthopaedics": "Chirurgie orthopédique et traumatologie",
    "dermatology": "Dermatologie",
    "endocrinology": "Endocrinologie, diabétologie",
    "gastroenterology": "Gastro-entérologie",
    "geriatrics": "Gériatrie",
    "gynaecology": "Gynécologie, obstétrique",
    "haematology": "Hématologie",
    "emergency": "Médecine d'urgence",
    "internal": "Médecine interne",
    "physical_medicine": "Médecine physique et de réadaptation",
    "vascular": "Médecine vasculaire",
    "nephrology": "Néphrologie",
    "neurology": "Neurologie",
    "oncology": "Oncologie, radiothérapie",
    "ophthalmology": "Ophtalmologie",
    "ent": "Oto-rhino-laryngologie (ORL)",
    "paediatrics": "Pédiatrie",
    "pneumology": "Pneumologie",
    "psychiatry": "Psychiatrie",
    "radiology": "Radiologie, imagerie",
    "rheumatology": "Rhumatologie",
    "oral_surgery": "Stomatologie, chirurgie maxillo-faciale",
    "urology": "Urologie",
}
"""Of doctors."""
SEXES: Final = {"F": "Une femme", "M": "Un homme"}
SECTORS: Final = {
    "1": "Secteur 1 : tarifs fixés par l'Assurance Maladie",
    "2": "Secteur 2 : honoraires libres",
    "none": "Non conventionné",
}
PRECISIONS: Final = {
    "address": "à l'adresse",
    "commune": "au centre de la commune",
    "postcode": "dans le secteur du code postal",
    "departement": "dans le département",
}
SOURCES: Final = {
    "rpps": "le répertoire des professionnels (RPPS)",
    "finess": "le répertoire des établissements (FINESS)",
    "ameli": "l'annuaire santé de l'Assurance Maladie",
    "ameli-centres": "l'annuaire santé de l'Assurance Maladie",
    "fund": "la caisse",
}
RADII: Final = {"2000": "2 km", "5000": "5 km", "10000": "10 km", "30000": "30 km", "100000": "100 km"}
KILOMETRE: Final = 1000
PAIR: Final = 2


@dataclass(frozen=True)
class Group:
    """Places at one point of the same precision: if it is no address, they are shown as a group."""

    places: tuple[Place, ...]

    @property
    def coarse(self) -> bool:
        return not self.places[0].at_address

    @property
    def words(self) -> str:
        return f"{PRECISIONS.get(self.places[0].precision or '', 'lieu non précisé')}, {self.places[0].city}"


def grouped(places: tuple[Place, ...]) -> list[Group]:
    """In their order; those at one coarse point together."""
    return [Group(tuple(some)) for _, some in groupby(places, key=_point)]


def _point(place: Place) -> object:
    return () if place.at_address else (place.latitude, place.longitude, place.precision)


def distance(metres: int | None) -> str:
    """« 300 m », « 2,4 km »."""
    if metres is None:
        return ""
    if metres < KILOMETRE:
        return f"{metres}{NBSP}m"
    text = f"{metres / KILOMETRE:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text}{NBSP}km"


def phone(number: str) -> str:
    """In pairs."""
    return NBSP.join(number[at : at + PAIR] for at in range(0, len(number), PAIR))


def route(place: Place) -> str:
    """Where a map shows the way: to the point, or to the address where the point is only a commune's middle."""
    if place.at_address and place.latitude is not None and place.longitude is not None:
        return f"https://www.openstreetmap.org/directions?route=%3B{place.latitude:.5f}%2C{place.longitude:.5f}"
    words = " ".join(part for part in (place.street, place.postcode, place.city) if part)
    return f"https://www.openstreetmap.org/search?query={urllib.parse.quote(words)}"
