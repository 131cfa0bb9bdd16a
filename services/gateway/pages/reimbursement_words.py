"""How the rules of a reimbursement are said: every step of « Pourquoi ce montant », natures, stages, reasons."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Said(NamedTuple):
    """A step's title and what it means; `percent`: its value is a rate."""

    title: str
    text: str
    percent: bool = False


KINDS: Final[Mapping[str, str]] = {
    "doctor": "Médecin",
    "biology": "Analyses",
    "sampling": "Prélèvement",
    "radiology": "Radiologie",
    "dental": "Dentiste",
    "midwife": "Sage-femme",
    "paramedical": "Infirmier, kinésithérapeute…",
    "medicine": "Pharmacie",
    "pharmacist": "Acte du pharmacien",
    "transport": "Transport",
    "hospital": "Hôpital",
    "device": "Optique, appareillage",
}

RULES: Final[Mapping[str, Said]] = {
    "base": Said("Base de remboursement", "Le tarif sur lequel la caisse calcule sa part."),
    "rate": Said("Taux de remboursement", "Le taux prévu pour ce type de soin.", percent=True),
    "rate-of-act": Said("Taux de remboursement", "Le taux retenu pour cet acte ou ce médicament.", percent=True),
    "outside-parcours": Said(
        "Hors du parcours de soins",
        "Le médecin n'a pas été consulté dans le parcours coordonné : le taux baisse.",
        percent=True,
    ),
    "sent-by-army-doctor": Said(
        "Adressé par un médecin des armées", "Le parcours est respecté : le taux ne baisse pas.", percent=True
    ),
    "full:military-pension": Said(
        "Soin lié au service", "Pris en charge à 100 % par l'État, au titre de la pension militaire.", percent=True
    ),
    "full:maternity": Said(
        "Maternité", "De 4 mois avant la date prévue d'accouchement à 12 jours après, tout est à 100 %.", percent=True
    ),
    "ticket": Said("Ticket modérateur", "La part de la base qui reste à votre charge ou à celle de votre mutuelle."),
    "heavy-act": Said("Acte d'au moins 120 €", "Une somme fixe remplace le ticket modérateur."),
    "participation": Said("Participation forfaitaire", "Une somme fixe par acte reste à la charge du patient."),
    "participation-day-cap": Said(
        "Plafond du jour", "Quatre participations au plus par jour, pour un même patient et un même professionnel."
    ),
    "participation-year-cap": Said(
        "Plafond de l'année", "Le plafond annuel des participations est atteint : il ne restait que cette somme."
    ),
    "franchise": Said("Franchise médicale", "Une somme fixe par boîte, acte paramédical ou trajet."),
    "franchise-day-cap": Said("Plafond du jour", "Le plafond des franchises de la journée : il ne restait que cela."),
    "franchise-year-cap": Said(
        "Plafond de l'année", "Le plafond annuel des franchises est atteint : il ne restait que cette somme."
    ),
    "franchise-line-cap": Said(
        "Jamais plus que le remboursement", "La franchise ne dépasse pas ce qui est remboursé pour ce soin."
    ),
    "exempt:minor": Said(
        "Exonéré : moins de 18 ans", "Ni participation ni franchise jusqu'au 31 décembre de ses 18 ans."
    ),
    "exempt:maternity": Said("Exonéré : maternité", "Ni participation ni franchise pendant cette période."),
    "exempt:c2s": Said("Exonéré : C2S", "Ni participation ni franchise avec la Complémentaire santé solidaire."),
    "exempt:ame": Said("Exonéré : aide médicale de l'État", "Ni participation ni franchise."),
    "exempt:terrorism": Said(
        "Exonéré : victime d'un acte de terrorisme", "Ni participation ni franchise pour ces soins."
    ),
    "exempt:military_pension": Said(
        "Exonéré : pension militaire d'invalidité", "Ni participation ni franchise pour ce soin."
    ),
    "exempt:health_risk": Said(
        "Exonéré : risque sanitaire exceptionnel", "Ni participation ni franchise pour ces soins."
    ),
    "exempt:hospital-stay": Said("Exonéré : pendant une hospitalisation", "Ni participation ni franchise."),
    "exempt:urgent-trip": Said("Exonéré : transport d'urgence", "Aucune franchise sur un transport urgent."),
    "owed": Said(
        "À retenir plus tard",
        "Cette somme n'a pas pu être retenue sur ce soin : elle le sera sur un prochain remboursement.",
    ),
    "not-covered:military-practitioner": Said(
        "Non remboursé",
        "Les actes d'un praticien des armées hors d'un hôpital des armées ne sont jamais remboursés.",
    ),
    "not-covered:local-regime": Said(
        "Non remboursé ici", "Ce soin dépend du régime local du territoire : adressez-lui votre feuille de soins."
    ),
}
UNKNOWN: Final = Said("Autre règle", "Demandez le détail à votre caisse.")

PRACTITIONERS: Final[Mapping[str, str]] = {
    "civil": "Un professionnel civil",
    "army_hospital": "Un praticien des armées, dans un hôpital des armées",
    "military": "Un praticien des armées, hors d'un hôpital des armées",
}
PAYEES: Final[Mapping[str, str]] = {
    "member": "Vous réglez, la caisse vous rembourse",
    "professional": "La caisse paie sa part au professionnel (tiers payant)",
}

STAGES: Final[Mapping[str, str]] = {
    "received": "Demande reçue",
    "pending": "En attente de votre part",
    "rejected": "Demande rejetée",
    "paid": "Remboursement effectué",
}
REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "prescription_missing": ("L'ordonnance manque.", "Envoyez-nous une copie de l'ordonnance."),
    "signature_missing": ("La feuille de soins n'est pas signée.", "Signez un duplicata et renvoyez-le-nous."),
    "unreadable": ("La feuille de soins est illisible.", "Demandez un duplicata au professionnel et envoyez-le-nous."),
    "rights_unknown": (
        "Vos droits à la date du soin sont à vérifier.",
        "Envoyez-nous votre dernière attestation d'emploi ou de pension.",
    ),
    "identity_unclear": ("Nous ne savons pas de qui il s'agit.", "Précisez le nom et la date de naissance du patient."),
    "third_party_liable": (
        "Un tiers est peut-être responsable de l'accident.",
        "Envoyez-nous votre déclaration d'accident.",
    ),
    "already_paid": ("Ce soin a déjà été remboursé.", "Vous n'avez rien à faire."),
    "not_covered": ("Ce soin n'est pas pris en charge.", "Votre mutuelle le rembourse peut-être."),
    "too_late": ("La demande est arrivée après le délai de deux ans.", "Vous n'avez rien à faire."),
}
ELSE: Final = ("Le motif n'est pas précisé.", "Appelez-nous.")

TRANSFERS: Final[Mapping[str, str]] = {
    "returned": "Refusé par votre banque : vérifiez vos coordonnées bancaires",
    "sent_again": "Envoyé de nouveau",
}
PARCOURS: Final[Mapping[str, str]] = {
    "coordinated": "Respecté",
    "army": "Respecté (médecin des armées)",
    "outside": "Hors parcours",
    "not_concerned": "Non concerné",
}


def said(rule: str) -> Said:
    """How a rule is explained; one that was added since says at least that it exists."""
    return RULES.get(rule, UNKNOWN)
