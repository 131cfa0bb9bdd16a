"""Doctors' specialities under one name each: RPPS and the annuaire santé say them in different words."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final

from services.geo.domain.facts import Facts, Kind


class Speciality(StrEnum):
    """What somebody looks for in a doctor."""

    GENERAL = "general"
    ALLERGOLOGY = "allergology"
    ANAESTHESIA = "anaesthesia"
    CARDIOLOGY = "cardiology"
    DERMATOLOGY = "dermatology"
    EMERGENCY = "emergency"
    ENDOCRINOLOGY = "endocrinology"
    ENT = "ent"
    GASTROENTEROLOGY = "gastroenterology"
    GERIATRICS = "geriatrics"
    GYNAECOLOGY = "gynaecology"
    HAEMATOLOGY = "haematology"
    INTERNAL = "internal"
    NEPHROLOGY = "nephrology"
    NEUROLOGY = "neurology"
    ONCOLOGY = "oncology"
    OPHTHALMOLOGY = "ophthalmology"
    ORAL_SURGERY = "oral_surgery"
    ORTHOPAEDICS = "orthopaedics"
    PAEDIATRICS = "paediatrics"
    PHYSICAL_MEDICINE = "physical_medicine"
    PNEUMOLOGY = "pneumology"
    PSYCHIATRY = "psychiatry"
    RADIOLOGY = "radiology"
    RHEUMATOLOGY = "rheumatology"
    SURGERY = "surgery"
    UROLOGY = "urology"
    VASCULAR = "vascular"


_WORDS: Final = (
    # the finer before the coarser: the first that fits is it
    (Speciality.SURGERY, r"chirurgi\w+ (thoraci|vascul|viscer|infant|plasti)"),
    (Speciality.ANAESTHESIA, r"anesthes|reanimat"),
    (Speciality.PHYSICAL_MEDICINE, r"medecine physique|readaptation"),
    (Speciality.ORAL_SURGERY, r"stomato|maxillo|chirurgi\w+ oral"),
    (Speciality.ORTHOPAEDICS, r"orthoped|traumato"),
    (Speciality.GYNAECOLOGY, r"gyneco|obstetr"),
    (Speciality.CARDIOLOGY, r"cardio"),
    (Speciality.DERMATOLOGY, r"dermato"),
    (Speciality.ENDOCRINOLOGY, r"endocrino|diabeto"),
    (Speciality.ENT, r"\borl\b|o r l|rhino laryngo"),
    (Speciality.GASTROENTEROLOGY, r"gastro|hepato"),
    (Speciality.GERIATRICS, r"geriatr|gerontol"),
    (Speciality.HAEMATOLOGY, r"hemato"),
    (Speciality.NEPHROLOGY, r"nephro"),
    (Speciality.ONCOLOGY, r"oncolog|cancerol|radiotherap"),
    (Speciality.OPHTHALMOLOGY, r"ophtalmo"),
    (Speciality.PAEDIATRICS, r"pediatr"),
    (Speciality.PNEUMOLOGY, r"pneumo"),
    (Speciality.PSYCHIATRY, r"psychiatr|pedopsy"),
    (Speciality.NEUROLOGY, r"neurolog"),
    (Speciality.RADIOLOGY, r"radiolog|radio ?diagnost|imagerie"),
    (Speciality.RHEUMATOLOGY, r"rhumato"),
    (Speciality.UROLOGY, r"urolog"),
    (Speciality.ALLERGOLOGY, r"allergo"),
    (Speciality.SURGERY, r"chirurgi"),
    (Speciality.VASCULAR, r"vasculair|angiolog"),
    (Speciality.INTERNAL, r"medecine interne|interniste"),
    (Speciality.EMERGENCY, r"urgence|urgentist"),
    (Speciality.GENERAL, r"generaliste|medecine generale"),
)
_PATTERNS: Final = tuple((name, re.compile(words)) for name, words in _WORDS)
_OTHER: Final = re.compile(r"[^a-z]+")


def speciality_of(facts: Facts) -> Speciality | None:
    """A doctor's, by the words of his file."""
    return speciality_named(facts.speciality) if facts.kind is Kind.DOCTOR else None


@lru_cache(maxsize=1_000)
def speciality_named(label: str) -> Speciality | None:
    """What these words mean; a rare one is none."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    plain = _OTHER.sub(" ", plain)
    return next((name for name, words in _PATTERNS if words.search(plain)), None)
