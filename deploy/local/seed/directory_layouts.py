"""The columns of the directory's files, and what is written into them."""

from collections.abc import Iterator
from typing import Final


def _pair(name: str) -> list[str]:
    return [f"Code {name}", f"Libellé {name}"]


def _structure_columns() -> Iterator[str]:
    names = (
        "Complément destinataire", "Complément point géographique", "Numéro Voie", "Indice répétition voie",
        "Code type de voie", "Libellé type de voie", "Libellé Voie", "Mention distribution", "Bureau cedex",
        "Code postal", "Code commune", "Libellé commune", "Code pays", "Libellé pays", "Téléphone", "Téléphone 2",
        "Télécopie", "Adresse e-mail",
    )  # fmt: skip
    yield from (f"{name} (coord. structure)" for name in names)


COLUMNS: Final = (
    "Type d'identifiant PP", "Identifiant PP", "Identification nationale PP", *_pair("civilité d'exercice"),
    *_pair("civilité"), "Nom d'exercice", "Prénom d'exercice", *_pair("profession"),
    *_pair("catégorie professionnelle"), *_pair("type savoir-faire"), *_pair("savoir-faire"), *_pair("mode exercice"),
    "Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site", "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site",
    *_structure_columns(), *_pair("Département (structure)"), "Ancien identifiant de la structure",
    "Autorité d'enregistrement", *_pair("secteur d'activité"), *_pair("section tableau pharmaciens"),
)  # fmt: skip
"""The 52 of `PS_LibreAcces_Personne_activite`."""
assert len(COLUMNS) == 52, len(COLUMNS)  # noqa: PLR2004 - said above

_WHERE: Final = (
    "coordonnees_num_tel", "coordonnees_voie", "coordonnees_complement", "coordonnees_lieu_dit",
    "coordonnees_code_postal", "coordonnees_ville",
)  # fmt: skip
PROFESSIONALS: Final = (
    "ps_activite_nom", "ps_activite_prenom", "ps_activite_civilite", "ps_activite_raison_sociale",
    "ps_activite_carte_vitale", "ps_activite_apcv", "specialite_code", "specialite_libelle", "type_ps_code",
    "type_ps_libelle", *_WHERE, "secteur_conventionnel_code", "secteur_conventionnel_libelle", "nature_exercice_code",
    "nature_exercice_libelle",
    "option_tarifaire_code", "option_tarifaire_libelle", "activite_particuliere_code", "activite_particuliere_libelle",
)  # fmt: skip
"""The 24 of `liste-ps`."""
CENTRES: Final = (
    "etab_finess", "etab_raison_sociale", "etab_carte_vitale", "etab_apcv", "specialite_code", "specialite_libelle",
    "type_etab_code", "type_etab_libelle", *_WHERE,
)  # fmt: skip
"""The 14 of `liste-cds`."""
CATEGORIES: Final = (
    ("620", "Pharmacie d'Officine", "PHARMACIE", 30),
    ("355", "Centre Hospitalier (C.H.)", "CENTRE HOSPITALIER", 4),
    ("101", "Centre Hospitalier Régional (C.H.R.)", "CHU", 1),
    ("124", "Centre de Santé", "CENTRE DE SANTE", 8),
    ("611", "Laboratoire de Biologie Médicale", "LABORATOIRE", 8),
    ("500", "Etablissement d'hébergement pour personnes âgées dépendantes", "EHPAD", 12),
    ("182", "Service d'Éducation Spéciale et de Soins à Domicile", "SESSAD", 10),
)
PROFESSIONS: Final = (
    ("10", "Médecin", "SM54", "Médecine Générale", 16),
    ("10", "Médecin", "SM38", "Cardiologie et maladies vasculaires", 3),
    ("10", "Médecin", "SM15", "Dermatologie et vénéréologie", 2),
    ("10", "Médecin", "SM53", "Spécialiste en Médecine Générale", 6),
    ("10", "Médecin", "SM40", "Pédiatrie", 3),
    ("40", "Chirurgien-Dentiste", "", "", 6),
    ("50", "Sage-Femme", "", "", 3),
    ("60", "Infirmier", "", "", 40),
    ("70", "Masseur-Kinésithérapeute", "", "", 12),
    ("80", "Pédicure-Podologue", "", "", 3),
    ("91", "Orthophoniste", "", "", 3),
    ("21", "Pharmacien", "", "", 8),
)
SPECIALITIES: Final = (
    ("01", "Médecin généraliste"),
    ("03", "Cardiologue"),
    ("05", "Dermatologue et vénérologue"),
    ("07", "Gynécologue / Obstétricien"),
)
AGREED: Final = {
    "SM54": SPECIALITIES[0],
    "SM53": SPECIALITIES[0],
    "SM38": SPECIALITIES[1],
    "SM15": SPECIALITIES[2],
}
"""What RPPS calls a skill and the annuaire santé a speciality."""
SECTORS: Final = (("1", "Secteur 1"), ("3", "Secteur 2"), ("0", "Non conventionné"))
SYSTEMS: Final = {
    "971": (5490, "EPSG:5490 RGAF09 / UTM 20N (Antilles)"),
    "972": (5490, "EPSG:5490 RGAF09 / UTM 20N (Antilles)"),
    "973": (2972, "EPSG:2972 RGFG95 / UTM 22N (Guyane)"),
    "974": (2975, "EPSG:2975 RGR92 / UTM 40S (Réunion)"),
    "975": (4467, "EPSG:4467 RGSPM06 / UTM 21N (Saint-Pierre)"),
    "976": (4471, "EPSG:4471 RGM04 / UTM 38S (Mayotte)"),
}
METROPOLE: Final = (2154, "EPSG:2154 RGF93 / Lambert-93 (Métropole)")
LETTERS: Final = {"971": "9A", "972": "9B", "973": "9C", "974": "9D", "975": "9E", "976": "9F"}
