"""Invented doctors who stand in two files."""

from typing import NamedTuple

from deploy.local.seed.directory_layouts import AGREED
from services.geo.gazetteer import Commune, normal


class Doctor(NamedTuple):
    """One. `skill` is the code that RPPS has for it."""

    surname: str
    given_name: str
    woman: bool
    skill: str
    commune: Commune
    postcode: str
    street: str

    def row(self, number: int) -> dict[str, str]:
        """What `liste-ps` says of him, without his convention."""
        code, label = AGREED[self.skill]
        return {
            "ps_activite_nom": self.surname,
            "ps_activite_prenom": self.given_name,
            "ps_activite_civilite": "F" if self.woman else "H",
            "ps_activite_carte_vitale": "true" if number % 9 else "false",
            "ps_activite_apcv": "true" if number % 3 else "false",
            "type_ps_code": "1",
            "type_ps_libelle": "Médecins généralistes et spécialistes",
            "coordonnees_num_tel": f"0199{number:06d}",
            "coordonnees_voie": self.street.upper(),
            "coordonnees_code_postal": self.postcode,
            "coordonnees_ville": normal(self.commune.name).upper(),
            "nature_exercice_code": "01",
            "nature_exercice_libelle": "Libéral intégral",
            "specialite_code": code,
            "specialite_libelle": label,
        }
