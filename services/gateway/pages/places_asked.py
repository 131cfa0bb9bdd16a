"""What a visitor looks for, as the address or the form says it; what is no answer counts as not said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from services.gateway.pages.places_words import KINDS, RADII, SECTORS, SEXES, SPECIALITIES

LONGEST: Final = 100
_COMMUNE: Final = re.compile(r"\d[\dAB]\d{3}")
_MARK: Final = re.compile(r"[\w=-]{1,40}", re.ASCII)
BOXES: Final = ("vitale", "app", "optam")
_SENT: Final = {"vitale": "vitale", "app": "app_vitale", "optam": "optam"}


@dataclass(frozen=True)
class Looking:
    """One search."""

    where: str = ""
    commune: str = ""
    kind: str = ""
    speciality: str = ""
    name: str = ""
    sex: str = ""
    sector: str = ""
    radius: str = "10000"
    boxes: frozenset[str] = frozenset()
    mark: str = ""

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "Looking":
        """From the fields of a form."""
        commune, mark = fields.get("commune", ""), fields.get("suite", "")
        return cls(
            where=fields.get("ou", "").strip()[:LONGEST],
            commune=commune if _COMMUNE.fullmatch(commune) else "",
            kind=_one_of(fields.get("quoi", ""), KINDS),
            speciality=_one_of(fields.get("specialite", ""), SPECIALITIES),
            name=fields.get("nom", "").strip()[:LONGEST],
            sex=_one_of(fields.get("sexe", ""), SEXES),
            sector=_one_of(fields.get("secteur", ""), SECTORS),
            radius=_one_of(fields.get("rayon", ""), RADII) or "10000",
            boxes=frozenset(name for name in BOXES if fields.get(name)),
            mark=mark if _MARK.fullmatch(mark) else "",
        )

    def filters(self, *, terminals: bool) -> dict[str, Any]:
        """As the service wants to be told."""
        found: dict[str, Any] = {"radius": int(self.radius)}
        if terminals:
            found["terminal"] = True
        found |= {"kind": [self.kind]} if self.kind else {}
        found |= {"speciality": self.speciality} if self.speciality else {}
        found |= {"name": self.name} if self.name else {}
        found |= {"sex": self.sex} if self.sex else {}
        found |= {"sector": self.sector} if self.sector else {}
        found |= {_SENT[name]: True for name in sorted(self.boxes)}
        found |= {"after": self.mark} if self.mark else {}
        return found

    def fields(self, **changes: str) -> dict[str, str]:
        """The same as fields of a form, for the next page; without a position, which is no field of an address."""
        found = {"commune": self.commune, "quoi": self.kind, "specialite": self.speciality, "nom": self.name}
        found |= {
            "sexe": self.sex,
            "secteur": self.sector,
            "rayon": self.radius,
            **dict.fromkeys(sorted(self.boxes), "oui"),
            **changes,
        }
        return {name: text for name, text in found.items() if text}

    def query(self, **changes: str) -> str:
        return urlencode(self.fields(**changes))


def position(fields: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude to 100 m, if they are some."""
    try:
        latitude, longitude = float(fields.get("lat", "")), float(fields.get("lon", ""))
    except ValueError:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        return None
    return round(latitude, 3), round(longitude, 3)


def _one_of(text: str, known: Mapping[str, str]) -> str:
    return text if text in known else ""
