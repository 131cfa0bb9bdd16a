"""What is known of a place: its kind, address, terms; and where it lies, how precisely."""

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from shared.kernel import Value


class Source(StrEnum):
    """Whose file it comes from. Each file is compared with the last of its own source."""

    FINESS = "finess"
    RPPS = "rpps"
    AMELI = "ameli"
    CENTRES = "ameli-centres"
    FUND = "fund"


class Kind(StrEnum):
    """What somebody looks for."""

    PHARMACY = "pharmacy"
    HOSPITAL = "hospital"
    HEALTH_CENTRE = "health_centre"
    LABORATORY = "laboratory"
    NURSING_HOME = "nursing_home"
    FUND_OFFICE = "fund_office"
    ESTABLISHMENT = "establishment"
    DOCTOR = "doctor"
    DENTIST = "dentist"
    MIDWIFE = "midwife"
    NURSE = "nurse"
    PHYSIOTHERAPIST = "physiotherapist"
    CHIROPODIST = "chiropodist"
    SPEECH_THERAPIST = "speech_therapist"
    ORTHOPTIST = "orthoptist"
    PHARMACIST = "pharmacist"
    PROFESSIONAL = "professional"


class Sector(StrEnum):
    """The doctor's convention [L162-5]: fixed fees, free fees, or none."""

    ONE = "1"
    TWO = "2"
    NONE = "none"


class Sex(StrEnum):
    """Of a practitioner, as his civil title says."""

    FEMALE = "F"
    MALE = "M"


class Precision(StrEnum):
    """How well a position is known."""

    ADDRESS = "address"
    COMMUNE = "commune"
    POSTCODE = "postcode"
    DEPARTEMENT = "departement"


MICRO: Final = 1_000_000


class Location(Value):
    """A position in millionths of a degree (WGS 84; 11 cm at the equator): integers, for events hold no floats."""

    lat_e6: Annotated[int, Field(ge=-90 * MICRO, le=90 * MICRO, examples=[43_124_400])]
    lon_e6: Annotated[int, Field(ge=-180 * MICRO, le=180 * MICRO, examples=[5_928_400])]
    precision: Precision


class Facts(Value):
    """What everybody may know of a place. Empty: the file does not say."""

    kind: Kind
    activity: str
    activity_code: str = ""
    """FINESS category or RPPS profession."""
    speciality: str = ""
    speciality_code: str = ""
    label: str = ""
    """The establishment's name."""
    street: str = ""
    phone: str = ""
    postcode: str = ""
    city: str = ""
    commune: str = ""
    """INSEE code."""
    site: str = ""
    """FINESS number of the establishment, or of the one where somebody practises."""
    sector: Sector | None = None
    optam: bool | None = None
    """Has signed the option that bounds extra fees (OPTAM, OPTAM-CO)."""
    vitale: bool | None = None
    app_vitale: bool | None = None
    terminal: bool = False
    """The file says that a Vitale terminal stands there; elsewhere one is only derived."""

    @model_serializer(mode="wrap")
    def _said(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Only what the file says: two million rows have many empty fields."""
        return {name: value for name, value in serialise(self).items() if value is not None and value != ""}


class Practitioner(Value):
    """What is personal: who practises there, and how to reach him."""

    surname: str
    given_name: str = ""
    title: str = ""
    sex: Sex | None = None
    street: str = ""
    phone: str = ""
