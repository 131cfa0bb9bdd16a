"""What the fund says of one act: nothing in it is computed."""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.money import Amount
from shared.kernel import Value

Reference = Annotated[str, StringConstraints(pattern=r"^\d{4} \d{12}$"), Field(examples=["0001 000000000001"])]
"""A claim's file: 4 and 12 digits, as printed."""
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Field(examples=["Consultation"])
]


class Kind(StrEnum):
    """The nature of the care, as far as a rule depends on it."""

    DOCTOR = "doctor"
    BIOLOGY = "biology"
    SAMPLING = "sampling"
    RADIOLOGY = "radiology"
    DENTAL = "dental"
    MIDWIFE = "midwife"
    PARAMEDICAL = "paramedical"
    MEDICINE = "medicine"
    PHARMACIST = "pharmacist"
    TRANSPORT = "transport"
    HOSPITAL = "hospital"
    DEVICE = "device"


class Parcours(StrEnum):
    """The coordinated path: kept, kept because an army doctor sent the patient, left, or not concerned."""

    COORDINATED = "coordinated"
    ARMY = "army"
    OUTSIDE = "outside"
    NOT_CONCERNED = "not_concerned"


class Payee(StrEnum):
    """Whom the fund pays."""

    MEMBER = "member"
    PROFESSIONAL = "professional"


class Cover(StrEnum):
    """What the fund grants for this very act. A long illness raises the rate and exempts from nothing."""

    LONG_ILLNESS = "long_illness"
    C2S = "c2s"
    AME = "ame"
    MILITARY_PENSION = "military_pension"
    """Care under L212-1 CPMIVG (a condition due to service): the State pays, act by act."""
    TERRORISM = "terrorism"
    HEALTH_RISK = "health_risk"


class Professional(Value):
    """Who gave the care."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9A-B]{9,14}$"), Field(examples=["10101201234"])]
    """RPPS or FINESS."""
    name: Words
    speciality: Words | None = None
    military: bool = False
    army_hospital: bool = False


class Transmission(Value):
    """To which complementary insurer the line was sent, and when."""

    insurer: Words
    sent_on: dt.date


class LineFacts(Value):
    """One act of one beneficiary. Amounts in cents; `paid` = `base` + overrun."""

    reference: Reference
    line: Annotated[int, Field(ge=1, le=999)]
    person_id: PersonId
    given_name: Words
    birth_date: dt.date
    care_date: dt.date
    kind: Kind
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9+/.-]{1,13}$"), Field(examples=["G"])]
    label: Words
    professional: Professional
    paid: Amount
    base: Amount
    rate: Annotated[int, Field(ge=0, le=100)] | None = None
    """Percent; None: the table's."""
    quantity: Annotated[int, Field(ge=1, le=99)] = 1
    """Boxes, acts or trips."""
    parcours: Parcours = Parcours.NOT_CONCERNED
    payee: Payee = Payee.MEMBER
    covers: tuple[Cover, ...] = ()
    hospital_stay: bool = False
    urgent: bool = False
    delivery_due: dt.date | None = None
    territory: Annotated[str, StringConstraints(pattern=r"^(97[56]|988)$"), Field(examples=["988"])] | None = None
    """Where the soldier is posted, where a local regime may pay instead."""
    posted_months: Annotated[int, Field(ge=0, le=600)] | None = None
    confidential: bool = False
    transmission: Transmission | None = None

    @property
    def name(self) -> str:
        """What a later lot calls it by."""
        return f"{self.reference}/{self.line}"

    @property
    def order(self) -> tuple[dt.date, str, int]:
        """The order in which a lot is computed, whatever the order in its file."""
        return self.care_date, self.reference, self.line
