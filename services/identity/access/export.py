"""« Mes données » : all that identity holds about a member, as data, as FHIR resources, and to be read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from services.identity.access.attestations import FOLDER
from services.identity.access.desk import Call, Desk
from services.identity.domain import fhir
from services.identity.domain.ages import PARIS
from services.identity.domain.attestation import periods_of
from services.identity.domain.file_reads import RecordDataExport
from services.identity.domain.ids import PersonId
from services.identity.domain.register import Address, Contact, Doctor, RegisterFacts
from services.identity.domain.rights import Exemption, ExemptionKind, RightsPeriod
from shared.documents import Renderer
from shared.kernel import Erased, Rejected, Value
from shared.postal import envelope

TEMPLATE: Final = "my-data"
VERSION: Final = 1
EXEMPTIONS: Final = {
    ExemptionKind.LONG_ILLNESS: "Affection de longue durée",
    ExemptionKind.MATERNITY: "Maternité",
    ExemptionKind.SOLIDARITY: "Complémentaire santé solidaire",
    ExemptionKind.MILITARY_PENSION: "Soins liés à une pension militaire d'invalidité",
    ExemptionKind.TERRORISM: "Soins liés à un acte de terrorisme",
    ExemptionKind.OTHER: "Autre motif",
}


class Held(Value):
    """What identity knows of one member: the register's word, and what he has said himself."""

    made_at: dt.datetime
    facts: RegisterFacts
    address: Address | Erased | None
    iban: str | Erased | None
    email: str | Erased | None


@dataclass(frozen=True)
class Exports:
    """Reads the log, not a screen: nothing is left out."""

    desk: Desk
    renderer: Renderer

    @classmethod
    def of(cls, desk: Desk) -> "Exports":
        """With the templates of identity."""
        return cls(desk, Renderer(FOLDER))

    async def record(self, call: Call, member_id: str) -> None:
        """The member sees later that his data left, and when."""
        command = RecordDataExport(at=self.desk.clock.now(), person_id=PersonId(member_id))
        await self.desk.service.handle(f"reads:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))

    async def held(self, member_id: str) -> Held:
        """All of it.

        Raises:
            Rejected: `person-erased`.
        """
        person, _ = await self.desk.service.state(f"person:{member_id}")
        bank, _ = await self.desk.service.state(f"bank:{member_id}")
        account, _ = await self.desk.service.state(f"account:{member_id}")
        if not isinstance(person.facts, RegisterFacts) or person.facts.erased:
            raise Rejected("person-erased")
        home = person.home.moved or person.home.post
        return Held(
            made_at=self.desk.clock.now(),
            facts=person.facts,
            address=home.address if home else person.facts.address,
            iban=bank.iban,
            email=account.email or None,
        )

    async def bundle(self, member_id: str) -> fhir.Resource:
        """Patient, and a Coverage for each period of rights."""
        held = await self.held(member_id)
        periods = enumerate(periods_of(held.facts), start=1)
        covers = [fhir.coverage(held.facts, number, period) for number, period in periods]
        return fhir.bundle([fhir.patient(held.facts, held.address), *covers])

    async def pdf(self, member_id: str) -> bytes:
        """The same in French, to be read."""
        held = await self.held(member_id)
        made = held.made_at.astimezone(PARIS)
        data = {"created_at": made.isoformat(), "made_on": made.date().isoformat(), "sections": _sections(held)}
        return self.renderer.render(TEMPLATE, VERSION, data)


def _sections(held: Held) -> list[dict[str, Any]]:
    facts = held.facts
    contact = facts.contact if isinstance(facts.contact, Contact) else Contact()
    doctor = facts.doctor.name if isinstance(facts.doctor, Doctor) else "non déclaré"
    exemptions = facts.exemptions if isinstance(facts.exemptions, tuple) else ()
    sections: dict[str, list[tuple[str, object]]] = {
        "Votre identité": [
            ("Nom", facts.surname),
            ("Prénoms", facts.given_names),
            ("Date de naissance", _day(facts.birth_date)),
            ("Numéro de sécurité sociale", facts.nir),
            ("Rang", facts.rank),
        ],
        "Vos coordonnées": [
            ("Adresse", _address(held.address)),
            ("Téléphone", contact.phone),
            ("Adresse électronique du compte", held.email),
            ("Adresse électronique connue de la caisse", contact.email),
            ("Compte bancaire", held.iban),
        ],
        "Vos droits": [*map(_period, periods_of(facts)), ("Médecin traitant", doctor)],
        "Vos exonérations": [*map(_exemption, exemptions)],
    }
    return [
        {"title": title, "rows": [[label, str(value)] for label, value in rows if value is not None]}
        for title, rows in sections.items()
        if any(value is not None for _, value in rows)
    ]


def _day(date: object) -> str | None:
    return f"{date:%d/%m/%Y}" if isinstance(date, dt.date) else None


def _address(address: Address | Erased | None) -> str | None:
    if not isinstance(address, Address):
        return None
    return ", ".join(envelope(address.lines, address.postcode, address.city, address.country))


def _span(one: RightsPeriod | Exemption) -> str:
    return f"du {_day(one.starts_on)}" + (f" au {_day(one.ends_on)}" if one.ends_on else ", sans date de fin")


def _period(one: RightsPeriod) -> tuple[str, str]:
    rate = f", {one.rate} % du tarif" if one.rate is not None else ""
    return "Période", _span(one) + rate


def _exemption(one: Exemption) -> tuple[str, str]:
    return EXEMPTIONS[one.kind], _span(one)
