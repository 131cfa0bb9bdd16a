"""Families of many shapes, invented from a seed: the same seed gives the same people."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from deploy.local.seed import numbers
from deploy.local.seed.shapes import ORDER, SHAPES, Ages, Shape

SURNAMES = (
    "Aubert", "Béranger", "Carpentier", "Delaunay", "Étienne", "Faivre", "Garnier", "Hébert", "Imbert", "Jolivet",
    "Kermarrec", "Le Goff", "Marchand", "N'Diaye", "Ollivier", "Pélissier", "Quéméner", "Rossi", "Saint-Martin",
    "Tehei", "Urvoas", "Vasseur", "Wagner", "Yvon", "Zimmermann", "D'Orazio", "Le Bihan-Caro", "Fernandes",
)  # fmt: skip
WOMEN = ("Camille", "Léa", "Inès", "Maëlle", "Françoise", "Chloé", "Aïcha", "Vaïana", "Jeanne", "Élodie", "Marie-Line")
MEN = ("Loïc", "Hugo", "Yanis", "Étienne", "François", "Noël", "Teva", "Karim", "Paul", "Jean-Baptiste", "Gaël")
PLACES = (
    ("83000", "TOULON"), ("83200", "TOULON"), ("29200", "BREST"), ("56100", "LORIENT"), ("33000", "BORDEAUX"),
    ("57000", "METZ"), ("75012", "PARIS"), ("13008", "MARSEILLE"), ("20000", "AJACCIO"), ("97110", "POINTE-À-PITRE"),
    ("97400", "SAINT-DENIS"), ("98800", "NOUMÉA"), ("98713", "PAPEETE"), ("97500", "SAINT-PIERRE"), ("99109", "BERLIN"),
)  # fmt: skip
STREETS = (
    "rue des Remparts", "avenue de la Marine", "quai du Port", "rue du Four", "allée des Tilleuls", "impasse Vauban",
)  # fmt: skip
WAITING, PROVISIONAL = frozenset({15, 75}), frozenset({30, 90})
"""Which of the insured persons have a waiting number (NIA), or one of the fund's own (NNP)."""
DOCTORS = ("Dr Morvan", "Dr Lachaud", "Dr Benali", "Dr Petitjean", "Dr Rouvier")


@dataclass(frozen=True)
class Person:
    """One person of the register, and the serial of the carte Vitale he holds (empty: none)."""

    person_id: str
    nir: str
    surname: str
    given_names: str
    birth_date: dt.date
    sex: int
    address: dict[str, object]
    iban: str
    insured_person_id: str
    rank: int
    doctor: dict[str, str] | None
    serial: str = field(default="")
    household_id: str = ""
    parents: tuple[str, ...] = ()
    own_cover: bool = False
    eu_national: bool | None = True
    phone: str = ""
    died_on: dt.date | None = None
    confidential: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()


class Families:
    """Invents one family after another."""

    def __init__(self, seed: int, today: dt.date) -> None:
        self._random = Random(seed)  # noqa: S311 - the same people for the same seed
        self._today = today
        self._used: set[str] = set()

    def people(self, members: int) -> Iterator[Person]:
        """At least so many insured persons, each with his family."""
        for number in range(members):
            insured, *others = self.family(ORDER[number % len(ORDER)])
            yield replace(insured, nir=_numbered(number, insured))
            yield from others

    def family(self, name: str) -> list[Person]:
        """One family of this shape: the insured person first, whoever lives elsewhere last."""
        shape = SHAPES[name]
        household = _Household(self, self._random.choice(SURNAMES), shape)
        found = [household.insured(shape.insured)]
        other = _Household(self, self._random.choice(SURNAMES), shape) if shape.apart else None
        elsewhere = [other.insured(shape.insured)] if other else []
        if shape.spouse:
            found.append(household.spouse(shape.spouse))
        alive = [] if shape.siblings else [one.person_id for one in (*found, *elsewhere) if one.died_on is None]
        found += [household.child(ages, tuple(alive)) for ages in shape.children]
        return [*found, *elsewhere]

    def age(self, ages: Ages) -> int:
        """An age between these."""
        return self._random.randint(*ages)

    def last_year(self) -> dt.date:
        """A day of the last year."""
        return self._today - dt.timedelta(days=self._random.randint(30, 360))

    def born(self, age: int) -> dt.date:
        """A birth date that makes this age today."""
        days = age * 365.25 + self._random.randint(1, 360)
        return self._today - dt.timedelta(days=int(days))

    def identity(self, age: int) -> tuple[int, dt.date, str, str]:
        """Sex, birth date, given names, social-security number."""
        sex, born = self._random.choice((1, 2)), self.born(age)
        names = self._random.sample(MEN if sex == 1 else WOMEN, 2)
        return sex, born, " ".join(names), numbers.nir(self._random, sex, born, self._used)

    def address(self) -> dict[str, object]:
        """Metropolitan, overseas or abroad."""
        postcode, city = self._random.choice(PLACES)
        street = f"{self._random.randint(1, 120)} {self._random.choice(STREETS)}"
        country = "DE" if postcode.startswith("99") else "FR"
        return {"lines": [street], "postcode": postcode, "city": city, "country": country}

    def iban(self) -> str:
        """An account."""
        return numbers.iban(self._random)

    def doctor(self) -> dict[str, str] | None:
        """Declared or not."""
        if self._random.random() < 0.15:  # noqa: PLR2004 - one in seven has none
            return None
        return {"name": self._random.choice(DOCTORS), "rpps": numbers.rpps(self._random)}

    def phone(self) -> str:
        """A number that the regulator keeps free for fiction."""
        return f"06 39 98 {self._random.randint(0, 99):02d} {self._random.randint(0, 99):02d}"

    def exemptions(self, age: int) -> tuple[str, ...]:
        """One adult in eight has a long illness."""
        return ("ald",) if age >= 40 and self._random.random() < 0.125 else ()  # noqa: PLR2004 - said above

    def serial(self, age: int) -> str:
        """Own card from 16; between 12 and 16 some have one."""
        has_card = age >= 16 or (age >= 12 and self._random.random() < 0.5)  # noqa: PLR2004 - R161-33-2
        return numbers.serial(self._random) if has_card else ""

    def uuid(self) -> str:
        """An opaque id, the same for the same seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def _numbered(number: int, person: Person) -> str:
    """A few have no number for life yet."""
    if number in WAITING:
        return numbers.waiting(person.nir)
    return numbers.provisional(person.sex, number) if number in PROVISIONAL else person.nir


class _Household:
    def __init__(self, families: Families, surname: str, shape: Shape) -> None:
        self._families = families
        self._surname = surname
        self._shape = shape
        self._id = families.uuid()
        self._address = families.address()
        self._iban = families.iban()
        self._insured = ""
        self._rank = 0

    def insured(self, ages: Ages) -> Person:
        self._insured = self._families.uuid()
        return self._person(self._insured, self._families.age(ages))

    def spouse(self, ages: Ages) -> Person:
        person = self._person(self._families.uuid(), self._families.age(ages))
        return replace(person, died_on=self._families.last_year()) if self._shape.widowed else person

    def child(self, ages: Ages, parents: tuple[str, ...]) -> Person:
        person = self._person(self._families.uuid(), self._families.age(ages))
        return replace(person, parents=parents, own_cover=self._shape.own_cover, confidential=self._shape.confidential)

    def _person(self, person_id: str, age: int) -> Person:
        self._rank += 1
        sex, born, given, number = self._families.identity(age)
        return Person(
            person_id=person_id,
            nir=number,
            surname=self._surname,
            given_names=given,
            birth_date=born,
            sex=sex,
            address=self._address,
            iban=self._iban,
            insured_person_id=self._insured,
            rank=self._rank,
            doctor=self._families.doctor(),
            serial=self._families.serial(age),
            household_id=self._id,
            phone=self._families.phone(),
            exemptions=self._families.exemptions(age),
            eu_national=_eu_national(person_id),
        )


def _eu_national(person_id: str) -> bool | None:
    """Of most the register says yes, of a few no, of some nothing: by the id, so that nobody else changes with it."""
    drawn = uuid.UUID(person_id).int % 20
    return None if drawn == 0 else drawn != 1
