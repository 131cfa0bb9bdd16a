"""The service's own refusals, as they are answered."""

from typing import Final

from services.cards.access.pictures import LARGEST
from shared.feeds import entry as feed_entry
from shared.problems import ProblemCatalogue

MEBIBYTE: Final = 1024 * 1024
_UNPROCESSABLE: Final = (
    "declaration-not-on-honour",
    "vitale-date-in-future",
    "vitale-photo-not-recent",
    "vitale-address-not-confirmed",
    "vitale-serial-invalid",
    "upload-not-a-picture",
    "upload-too-many-pixels",
    "photo-ratio",
    "photo-too-small",
    "photo-not-in-colour",
    "document-too-small",
    "file-unknown",
    "ceam-country-not-covered",
    "ceam-posted-there",
    "ceam-departure-past",
    "ceam-date-in-future",
)
CATALOGUE: Final = ProblemCatalogue(
    statuses={
        **feed_entry.STATUSES,
        **dict.fromkeys(_UNPROCESSABLE, 422),
        "upload-too-large": 413,
        "vitale-order-unknown": 404,
        "ceam-order-unknown": 404,
        "serial-unknown": 404,
    },
    titles={
        **feed_entry.TITLES,
        "declaration-not-on-honour": "La déclaration doit être faite sur l'honneur",
        "vitale-date-in-future": "La date ne peut pas être dans le futur",
        "vitale-unknown": "Cette carte Vitale n'est pas la vôtre",
        "vitale-already-opposed": "Cette carte Vitale est déjà en opposition",
        "vitale-already-reported": "Cette carte Vitale a déjà été déclarée détériorée",
        "vitale-order-unknown": "Cette commande n'existe pas",
        "vitale-photo-not-recent": "La photo doit dater de moins de six mois",
        "vitale-address-not-confirmed": "L'adresse d'envoi doit être confirmée",
        "vitale-documents-not-awaited": "Aucune photo n'est attendue pour cette commande",
        "vitale-photo-not-awaited": "Aucune photo n'est attendue pour cette commande",
        "vitale-order-being-made": "La carte est déjà en fabrication",
        "vitale-order-not-on-its-way": "Cette carte n'est pas en route",
        "upload-too-large": f"Le fichier dépasse {LARGEST // MEBIBYTE} Mo",
        "upload-not-a-picture": "Le fichier n'est pas une image JPEG ou PNG lisible",
        "upload-too-many-pixels": "L'image a trop de pixels",
        "photo-ratio": "La photo doit avoir les proportions 35 sur 45",
        "photo-too-small": "La photo est trop petite",
        "photo-not-in-colour": "La photo doit être en couleur",
        "document-too-small": "L'image de la pièce d'identité est trop petite",
        "file-unknown": "Ce fichier n'a pas été reçu",
        "ceam-country-not-covered": "La carte européenne n'est pas valable dans ce pays",
        "ceam-posted-there": "Dans le pays d'affectation, c'est le formulaire S1 qui s'applique",
        "ceam-departure-past": "La date de départ est passée",
        "ceam-no-rights": "Les droits ne sont pas ouverts",
        "ceam-order-open": "Une commande est déjà en cours",
        "ceam-card-live": "Une carte européenne est encore valable",
        "ceam-already-ended": "Cette carte européenne n'est plus valable",
        "ceam-certificate-valid": "Un certificat provisoire est encore valable",
        "ceam-certificate-not-needed": "Aucun certificat provisoire n'est nécessaire",
        "serial-unknown": "Ce numéro de série n'est pas connu",
    },
)
