"""« Plan du site »: every page that is reached without having begun something."""

from typing import Final, NamedTuple

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Visiting


class Section(NamedTuple):
    """Pages that belong together: words and path of each."""

    title: str
    pages: tuple[tuple[str, str], ...]


SECTIONS: Final = (
    Section(
        "Sans compte",
        (
            ("Accueil", "/"),
            ("Créer mon compte", "/creer-mon-compte"),
            ("Recevoir un code provisoire", "/creer-mon-compte/code-provisoire"),
            ("Me connecter", "/connexion"),
            ("Code oublié", "/code-oublie"),
            ("Contester l'ouverture d'un compte", "/contester"),
            ("Localiser une borne Vitale", "/lieux/bornes-vitale"),
            ("Rechercher un professionnel de santé ou un établissement", "/lieux/annuaire"),
            ("Vérifier un document", "/verifier"),
            ("Ce message vient-il de nous ?", "/ce-message-vient-il-de-nous"),
            ("Certificat d'effacement", "/certificat-effacement"),
        ),
    ),
    Section(
        "Mes remboursements",
        (
            ("Mes remboursements", "/mes-remboursements"),
            ("Où est mon remboursement ?", "/mes-remboursements/suivi"),
            ("Participations forfaitaires et franchises", "/mes-remboursements/retenues"),
            ("Si je consulte demain", "/mes-remboursements/demain"),
            ("Mes relevés", "/mes-remboursements/releves"),
            ("Mes dépenses de santé", "/mes-remboursements/depenses"),
        ),
    ),
    Section(
        "Mes cartes",
        (
            ("Ma carte Vitale", "/ma-carte-vitale"),
            ("Déclarer ma carte Vitale perdue, volée ou détériorée", "/ma-carte-vitale/declaration"),
            ("Suivre la commande de ma nouvelle carte Vitale", "/ma-carte-vitale/commande"),
            ("Ma carte européenne (CEAM)", "/ma-ceam"),
            ("Commander une CEAM", "/ma-ceam/commande"),
            ("Déclarer la perte ou le vol de ma CEAM", "/ma-ceam/declaration"),
        ),
    ),
    Section(
        "Mon profil et mes données",
        (
            ("Mon compte, l'essentiel", "/mon-compte"),
            ("Mon profil", "/mon-profil"),
            ("Changer d'adresse", "/mon-profil/adresse"),
            ("Mes coordonnées bancaires", "/mon-profil/coordonnees-bancaires"),
            ("Mon attestation de droits", "/mon-attestation"),
            ("Historique de mon profil", "/mon-profil/historique"),
            ("Historique de mes actions", "/mon-profil/actions"),
            ("Qui a consulté mon dossier", "/mon-profil/consultations"),
            ("Mes données", "/mes-donnees"),
            ("Fermer mon compte et effacer mes données", "/mes-donnees/effacement"),
        ),
    ),
    Section(
        "Ma sécurité et mes messages",
        (
            ("Ma sécurité", "/ma-securite"),
            ("Changer mon code personnel", "/ma-securite/code"),
            ("Changer mon adresse e-mail", "/ma-securite/adresse-electronique"),
            ("Mes appareils et connexions", "/ma-securite/appareils"),
            ("Application de codes", "/ma-securite/application-de-codes"),
            ("Fermer mon compte en ligne", "/ma-securite/cloture"),
            ("Mes messages", "/mes-messages"),
            ("Choisir les e-mails que je reçois", "/mes-messages/choix"),
        ),
    ),
    Section(
        "Ce site",
        (
            ("Nous joindre", "/contact"),
            ("État du service", "/etat-du-service"),
            ("Accessibilité", "/accessibilite"),
            ("Conditions générales d'utilisation", "/conditions-generales"),
            ("Mentions légales", "/mentions-legales"),
            ("Pour les applications : l'API", "/api"),
        ),
    ),
)

router = APIRouter()


@router.get("/plan-du-site")
async def site_map(visit: Visiting) -> Response:
    return await visit.page("public/site_map.html", sections=SECTIONS)
