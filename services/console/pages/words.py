"""The sentences that codes stand for. A code that has none here is shown as it is: it is one of a service's own."""

from collections.abc import Mapping
from typing import Final

from services.console.pages import audit_said
from shared.web.forms import Refusal, Typed

ROLES: Final[Mapping[str, str]] = {
    "agent": "agent",
    "operations": "exploitation",
    "supervisor": "superviseur",
    "auditor": "auditeur",
}
NOTICES: Final[Mapping[str, str]] = {
    **audit_said.NOTICES,
    "joined": "Votre compte est créé. Connectez-vous avec votre identifiant, votre code et l'application.",
    "account-changed": "C'est fait.",
    "inquiry-opened": "L'enquête est ouverte : l'assuré ne voit pas encore les consultations faites pour elle.",
    "inquiry-closed": "L'enquête est close : l'assuré voit maintenant les consultations faites pour elle.",
    "mandate-set": "Le mandat est enregistré.",
    "own-files-named": "C'est enregistré : cette personne ne peut pas ouvrir ce dossier, ni celui de ses proches.",
    "approval-given": "Votre accord est enregistré.",
    "approval-refused": "Votre refus est enregistré.",
    "code-printed": "Le code part à l'imprimante du guichet. Aucun écran ne le montre.",
    "code-asked": "Un compte existe déjà : un second agent doit donner son accord, sous « À deux ».",
    "loss-taken": "La carte est déclarée et mise en opposition.",
    "file-closed": "Le dossier est fermé.",
    "work-released": "La tâche est rendue.",
    "work-decided": "Votre décision est enregistrée ; l'assuré en voit le résultat dans son compte.",
    "operation-ordered": "C'est demandé : le service s'en charge, que cette page reste ouverte ou non.",
    "flipped": "Les assurés voient maintenant la nouvelle version.",
    "rolled-back": "Les assurés voient à nouveau la version d'avant.",
    "unchanged": "Rien à changer : c'est déjà la version que voient les assurés.",
    "skip-asked": "Une autre personne doit donner son accord : il est demandé sur la page « À deux ».",
    "values-shown": "Les valeurs vous sont montrées pendant 15 minutes. L'assuré le verra.",
}
ACTIONS: Final[Mapping[str, str]] = {
    "first_code": "Premier code pour une personne qui a déjà un compte",
    "skip_parked": "Sauter un événement en attente",
    "legal_hold": "Conserver un dossier pour la justice",
    "lift_legal_hold": "Ne plus conserver un dossier pour la justice",
}
FACTS: Final[Mapping[str, str]] = {
    "document": "Pièce vue",
    "case": "Dossier de justice",
    "hold_id": "Conservation",
    "service": "Service",
    "parked": "Clé en attente",
    "version": "Version de l'événement",
    "error": "Erreur",
}
VALUES: Final[Mapping[str, str]] = {
    "identity-card": "carte d'identité",
    "passport": "passeport",
    "residence-permit": "titre de séjour",
    "driving-licence": "permis de conduire",
}
PURPOSES: Final[Mapping[str, str]] = {
    "visit": "Visite à l'accueil",
    "call": "Appel téléphonique",
    "letter": "Courrier",
    "request": "Demande en cours",
    "incident": "Incident",
    "fraud": "Enquête sur une fraude",
    "audit": "Contrôle",
}
KINDS: Final[Mapping[str, str]] = {
    "bank-holder-doubt": "Compte bancaire : titulaire à vérifier",
    "lines-set-aside": "Lignes mises de côté à l'import",
    "feed-line": "Ligne mise de côté à l'import",
    "vitale-documents": "Photo et pièce d'identité à vérifier",
    "vitale-stalled": "Commande de carte arrêtée",
    "ceam-stalled": "Commande de carte européenne arrêtée",
    "card-to-send-again": "Carte à renvoyer",
    "mail-comes-back": "Adresse mail qui ne répond plus",
    "letter-came-back": "Courrier revenu",
    "message-failed": "Message non remis",
    "reported-line": "Remboursement signalé",
    "waiting-lot": "Paiement qui en attend un précédent",
    "dropped-lot": "Paiement écarté, à renvoyer par la caisse",
}
DECISIONS: Final[Mapping[str, str]] = {
    "confirm": "Confirmer",
    "refuse": "Refuser",
    "validate": "Accepter",
    "reject": "Refuser la photo ou la pièce",
    "cancel": "Annuler la commande",
    "settle": "L'assuré est informé autrement",
    "seen": "Vu, traité ailleurs",
    "confirmed": "L'erreur est confirmée",
    "corrected": "L'expéditeur la renvoie corrigée",
    "unfounded": "Écartée à raison",
    "explained": "La ligne est juste, expliquée à l'assuré",
}
FIELDS: Final[Mapping[str, str]] = {
    "fault": "Défaut",
    "not_a_face": "ce n'est pas un visage",
    "blurred": "photo floue",
    "head_covered": "tête couverte",
    "old": "photo ancienne",
    "not_the_holder": "ce n'est pas le titulaire",
    "document_unreadable": "pièce illisible",
    "sent": "Envoi",
    "first": "premier",
    "again": "nouvel envoi après un refus",
    "step": "Étape",
    "card": "Carte",
    "photo": "Photo",
    "report": "Signalement et ligne de remboursement",
    "identity-document": "Pièce d'identité",
    "identity_document": "Pièce d'identité",
}
REFUSALS: Final[Mapping[str, str]] = {
    **audit_said.REFUSALS,
    "sign-in-refused": "Identifiant, code ou code de l'application incorrect, ou compte fermé.",
    "sign-in-needed": "Votre session est terminée. Connectez-vous à nouveau.",
    "try-later": "Trop d'essais. Patientez avant de recommencer.",
    "tries-exhausted": "Trop d'essais. Patientez avant de recommencer.",
    "invitation-invalid": "Ce lien d'invitation n'est plus valable. Demandez-en un autre à un superviseur.",
    "invitation-used": "Cette invitation a déjà servi.",
    "invitation-expired": "Cette invitation a expiré. Demandez-en une autre à un superviseur.",
    "code-too-short": "Choisissez un code de 14 caractères au moins : une phrase convient.",
    "totp-wrong": "Ce n'est pas le code que l'application affiche maintenant.",
    "login-invalid": "Un identifiant a de 3 à 40 lettres sans accent, chiffres, points ou tirets.",
    "login-taken": "Cet identifiant est déjà pris.",
    "first-taken": "Le premier compte existe déjà : un superviseur invite les autres.",
    "not-about-oneself": "Personne ne décide de son propre compte : demandez à un autre superviseur.",
    "supervisors-remain": "D'autres superviseurs peuvent s'en charger.",
    "staff-unknown": "Ce compte n'existe pas.",
    "role-refused": "Votre rôle ne permet pas cette action.",
    "own-file": "C'est votre dossier ou celui d'un proche : un autre agent doit s'en charger.",
    "purpose-refused": "Votre rôle ne permet pas de consulter un dossier pour ce motif.",
    "inquiry-unknown": "Aucune enquête n'est ouverte sur ce dossier.",
    "inquiry-open": "Une enquête est déjà ouverte sur ce dossier.",
    "second-person-needed": "Une autre personne que vous doit décider.",
    "approval-unknown": "Cette demande n'existe pas.",
    "approval-decided": "Cette demande est déjà décidée.",
    "approval-expired": "Cette demande a expiré : faites-en une autre.",
    "approval-missing": "Une seconde personne n'a pas encore donné son accord.",
    "approval-used": "Cet accord a déjà servi.",
    "work-taken": "Un autre agent s'occupe de cette tâche.",
    "work-not-taken": "Prenez d'abord cette tâche.",
    "work-unknown": "Cette tâche n'est plus à traiter.",
    "decision-unknown": "Cette décision n'est pas possible ici.",
    "decision-fields-invalid": "Il manque une précision à cette décision.",
    "not-found": "Il n'y a rien de tel.",
    "nir-format": "Un numéro de sécurité sociale a 15 caractères.",
    "nir-length": "Un numéro de sécurité sociale a 15 caractères.",
    "nir-key": "La clé (les deux derniers chiffres) ne va pas avec le numéro.",
    "account-not-allowed": "Cette personne ne peut pas avoir de compte.",
    "second-agent-required": "Un compte existe déjà : un second agent doit donner son accord.",
    "vitale-already-reported": "Cette carte est déjà déclarée.",
    "log-not-signed": "Ce journal n'a pas encore de point de contrôle : recommencez dans une minute.",
    "file-not-open": "Aucun dossier n'est ouvert : commencez par une recherche.",
    "nobody-found": "Personne ne correspond à ce numéro et à cette date de naissance.",
    "request-unknown": "Aucune demande, aucun message ni aucun dossier ne porte ce numéro.",
    "not-asked-all": "Un service ne répond pas : le numéro n'a pas pu être cherché partout. Recommencez bientôt.",
    "look-ups-exhausted": "Vous avez consulté autant de dossiers qu'il est permis en un jour. Voyez un superviseur.",
    "caller-not-proved": "Les réponses ne permettent pas d'identifier la personne.",
    "service-unknown": "Ce service n'existe pas.",
    "projection-unknown": "Cette vue n'existe pas dans ce service.",
    "scope-invalid": "Indiquez une personne, ou depuis quand (position ou date), ou ni l'un ni l'autre.",
    "job-unknown": "Ce travail n'existe pas.",
    "job-over": "Ce travail est fini.",
    "job-not-running": "Ce travail n'a pas encore commencé.",
    "not-parked": "Rien n'attend plus sous cette clé.",
    "conflict": "La situation a changé entre-temps. Recommencez.",
    "unavailable": "Le service est momentanément indisponible. Recommencez dans quelques instants.",
}


def sentence(code: str) -> str:
    """What somebody is told of a refusal."""
    return REFUSALS.get(code, f"Refusé : {code}.")


def refusing(typed: Typed, field: str, code: str) -> Typed:
    """A form to be corrected: beside a field stands what a code says."""
    return typed.refused(Refusal(field, sentence(code)))
