"""What happened to the cartes Vitale of one person."""

import datetime as dt

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import CardId, DeclarationId, MemberId, NoticeId, PersonId
from services.cards.domain.order_events import VitaleOrderEvent
from services.cards.domain.words import PROOF, Cards, Reason
from shared.kernel import Event


class _OfCard(Event):
    person_id: PersonId
    card_id: CardId


class _Declared(_OfCard):
    member_id: MemberId
    declaration_id: DeclarationId
    place: Cards[str] = Field(examples=["Toulon, gare"])
    happened_on: dt.date


class VitaleIssued(_OfCard, name="VitaleIssued"):
    """The fund gave a card."""

    serial: Cards[str] = Field(examples=["12345678901"])
    serial_proof: Cards[str] = Field(examples=[PROOF])
    issued_on: dt.date


class VitaleReportedLost(_Declared, name="VitaleReportedLost"):
    """Declared on honour."""


class VitaleReportedStolen(_Declared, name="VitaleReportedStolen"):
    """Declared on honour."""


class VitaleReportedDamaged(_Declared, name="VitaleReportedDamaged"):
    """Declared on honour; the card works until its replacement is sent."""


class VitaleOpposed(_OfCard, name="VitaleOpposed"):
    """Final: no event undoes it."""

    declaration_id: DeclarationId | None
    reason: Reason
    opposed_at: AwareDatetime
    serial_proof: Cards[str] = Field(examples=[PROOF])


class VitaleUsedAfterOpposition(_OfCard, name="VitaleUsedAfterOpposition"):
    """A security event: somebody presented a card that is dead for ever."""

    reason: Reason
    opposed_at: AwareDatetime
    used_at: AwareDatetime


class VitaleUpdated(_OfCard, name="VitaleUpdated"):
    """A terminal brought the card up to date (R161-33-10: once a year, and after changes)."""

    updated_at: AwareDatetime


class VitaleUpdateDue(_OfCard, name="VitaleUpdateDue"):
    """A year has gone since the card was new or up to date: its holder is reminded."""

    member_id: MemberId


class VitaleResidenceNoticeGiven(Event, name="VitaleResidenceNoticeGiven"):
    """The fund doubts that the person lives here; nothing happens before day 45 (R114-10-1)."""

    person_id: PersonId
    member_id: MemberId
    notice_id: NoticeId
    opposes_at: AwareDatetime


class VitaleResidenceNoticeWithdrawn(Event, name="VitaleResidenceNoticeWithdrawn"):
    """The doubt is gone."""

    person_id: PersonId
    notice_id: NoticeId


VitaleReported = VitaleReportedLost | VitaleReportedStolen | VitaleReportedDamaged
VitaleCardEvent = (
    VitaleIssued
    | VitaleReportedLost
    | VitaleReportedStolen
    | VitaleReportedDamaged
    | VitaleOpposed
    | VitaleUsedAfterOpposition
    | VitaleUpdated
    | VitaleUpdateDue
    | VitaleResidenceNoticeGiven
    | VitaleResidenceNoticeWithdrawn
)
VitaleEvent = VitaleCardEvent | VitaleOrderEvent
