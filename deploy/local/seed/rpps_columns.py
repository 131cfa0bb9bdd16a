"""The columns of `PS_LibreAcces_Personne_activite`."""

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
