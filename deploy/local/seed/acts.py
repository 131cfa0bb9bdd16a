"""Usual acts, invented: what they are called, what they cost, who gives them, and who is paid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

RISE = dt.date(2024, 12, 22)  # the general practitioner's tariff: 26.50 €, then 30 €


@dataclass(frozen=True)
class Act:
    """One kind of act. Prices in cents, from and to; `rate` only where the table of rates has none for it."""

    kind: str
    code: str
    label: str
    price: tuple[int, int]
    who: Sequence[str]
    speciality: str = ""
    payee: str = "member"
    overrun: int = 0
    most: int = 1
    rate: int | None = None


GENERAL = Act("doctor", "G", "Consultation", (2650, 3000), (), "Médecine générale")
MEDICINES = Act(
    "medicine",
    "PH7",
    "Médicaments",
    (450, 3800),
    ("Pharmacie du Port", "Pharmacie Vauban"),
    payee="professional",
    most=4,
)
OTHER = (
    Act(
        "medicine",
        "PH4",
        "Médicaments à 15 %",
        (220, 900),
        ("Pharmacie du Port",),
        payee="professional",
        rate=15,
        most=2,
    ),
    Act("doctor", "CS", "Consultation de spécialiste", (3150, 6000), ("Dr Lemoine",), "Cardiologie", overrun=1500),
    Act("doctor", "CS", "Consultation de spécialiste", (3150, 4500), ("Dr Vidal",), "Dermatologie", overrun=2500),
    Act("dental", "SC", "Détartrage", (4800, 4800), ("Dr Costes",), "Chirurgie dentaire"),
    Act("biology", "B", "Analyses de sang", (1200, 6400), ("Laboratoire des Remparts",), payee="professional"),
    Act(
        "radiology", "ADI", "Radiographie", (2100, 7900), ("Centre d'imagerie Sud",), "Radiologie", payee="professional"
    ),
    Act("paramedical", "AMK", "Séance de kinésithérapie", (1680, 2200), ("M. Fabre",), "Kinésithérapie"),
    Act(
        "paramedical",
        "AMI",
        "Soins infirmiers",
        (750, 1900),
        ("Mme Roussel",),
        "Soins infirmiers",
        payee="professional",
    ),
    Act("device", "LPP", "Verres et monture", (1500, 9000), ("Optique Marine",), overrun=12000),
    Act("transport", "VSL", "Transport assis", (2500, 9000), ("Ambulances du Littoral",), payee="professional"),
    Act("doctor", "HHQE", "Endoscopie", (19200, 19200), ("Dr Saunier",), "Gastro-entérologie"),
    Act("hospital", "HOSP", "Séjour à l'hôpital", (30000, 180000), ("Hôpital Sainte-Anne",), payee="professional"),
)
WEIGHTS = (4, 3, 2, 3, 5, 3, 4, 3, 1, 1, 1, 1)


def another(random: Random) -> Act:
    """One of the less usual ones."""
    return random.choices(OTHER, WEIGHTS)[0]


def price(act: Act, day: dt.date, random: Random) -> tuple[int, int]:
    """What was paid, and what it is reimbursed on."""
    if act is GENERAL:
        base = act.price[day >= RISE]
        return base, base
    base = random.randint(*act.price)
    return base + (random.randint(0, act.overrun // 100) * 100 if act.overrun else 0), base
