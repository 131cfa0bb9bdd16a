"""What can be asked about the cartes Vitale of one person."""

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from services.cards.domain.ids import CardId, DeclarationId, MemberId, NoticeId, PersonId
from services.cards.domain.order_commands import VitaleOrderCommand
from services.cards.domain.serial import Serial
from shared.kernel import Command, Made

Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _OfPerson(Command):
    person_id: PersonId


class _Report(_OfPerson):
    """`card_id` is the card the member saw: a late copy must not hit the next one."""

    member_id: MemberId
    card_id: CardId
    declaration_id: Made[DeclarationId]
    place: Place
    happened_on: dt.date
    declared_on_honour: bool


class _OfNotice(_OfPerson):
    notice_id: NoticeId


class RecordVitaleIssued(_OfPerson):
    """The fund's feed says that a person has this card."""

    card_id: Made[CardId]
    serial: Serial
    serial_proof: Made[str]
    issued_on: dt.date


class ReportVitaleLost(_Report):
    """A member declares it."""


class ReportVitaleStolen(_Report):
    """A member declares it."""


class ReportVitaleDamaged(_Report):
    """A member declares it."""


class RecordVitaleUsed(_OfPerson):
    """A professional read the card of this serial number."""

    serial_proof: Made[str]
    used_at: AwareDatetime


class RecordVitaleUpdated(_OfPerson):
    """A terminal brought the card of this serial number up to date."""

    serial_proof: Made[str]
    updated_at: AwareDatetime


class RemindVitaleUpdate(_OfPerson):
    """A year has gone; `since` is when the card was new or up to date."""

    card_id: CardId
    since: AwareDatetime


class EndVitaleRights(_OfPerson):
    """The register says that the rights ended on this day, the last one that was covered."""

    ended_on: dt.date


class GiveVitaleResidenceNotice(_OfNotice):
    """An agent has written that the person's residence is in doubt."""

    member_id: MemberId


class WithdrawVitaleResidenceNotice(_OfNotice):
    """The person has answered."""


class OpposeVitaleAfterNotice(_OfNotice):
    """Day 45 has come, and no answer."""


VitaleReport = ReportVitaleLost | ReportVitaleStolen | ReportVitaleDamaged
VitaleCardCommand = (
    RecordVitaleIssued
    | ReportVitaleLost
    | ReportVitaleStolen
    | ReportVitaleDamaged
    | RecordVitaleUsed
    | RecordVitaleUpdated
    | RemindVitaleUpdate
    | EndVitaleRights
    | GiveVitaleResidenceNotice
    | WithdrawVitaleResidenceNotice
    | OpposeVitaleAfterNotice
)
VitaleCommand = VitaleCardCommand | VitaleOrderCommand
