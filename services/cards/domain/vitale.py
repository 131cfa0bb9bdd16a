"""Cartes Vitale of one person: at most one is active, ever; opposition is final."""

import datetime as dt
from typing import Any, Final, assert_never

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.ids import CardId, DeclarationId, MemberId
from services.cards.domain.order_commands import VitaleOrderCommand
from services.cards.domain.order_making import delivered
from services.cards.domain.vitale_folding import evolve
from services.cards.domain.vitale_orders import decide_order
from services.cards.domain.vitale_state import Vitale
from services.cards.domain.vitale_steps import OPEN
from services.cards.domain.words import Arrival, Cancellation, Reason
from shared.kernel import Decider, require

FURTHEST_EAST: Final = dt.timedelta(hours=14)
"""Members live all over the Earth: somewhere it is already this much later than in UTC."""
NOTICE: Final = dt.timedelta(days=45)
"""Between the notice and the end of rights (R114-10-1)."""


def decide(vitale: Vitale, command: c.VitaleCommand) -> list[e.VitaleEvent]:
    if isinstance(command, VitaleOrderCommand):
        return decide_order(vitale, command)
    return _decide_card(vitale, command)


def _decide_card(vitale: Vitale, command: c.VitaleCardCommand) -> list[e.VitaleEvent]:  # noqa: C901, PLR0911, PLR0912 - one case per command
    match command:
        case c.RecordVitaleIssued():
            return _issued(vitale, command)

        case c.ReportVitaleLost():
            _check(vitale, command)
            opposed = opposition(vitale, command.card_id, command.declaration_id, Reason.LOST, command)
            return [e.VitaleReportedLost(**_facts(command)), opposed]

        case c.ReportVitaleStolen():
            _check(vitale, command)
            opposed = opposition(vitale, command.card_id, command.declaration_id, Reason.STOLEN, command)
            return [e.VitaleReportedStolen(**_facts(command)), opposed]

        case c.ReportVitaleDamaged():
            _check(vitale, command)
            require(not vitale.damaged, otherwise="vitale-already-reported")
            return [e.VitaleReportedDamaged(**_facts(command))]

        case c.RecordVitaleUsed():
            return _used(vitale, command.serial_proof, command.used_at, command)

        case c.RecordVitaleUpdated():
            return _updated(vitale, command)

        case c.RemindVitaleUpdate():
            require(command.card_id == vitale.active, otherwise="vitale-already-opposed")
            require(command.since == vitale.fresh_at, otherwise="vitale-already-updated")
            member_id = MemberId(command.person_id)
            return [e.VitaleUpdateDue(**command.model_dump(exclude={"since"}), member_id=member_id)]

        case c.EndVitaleRights():
            return _ended(vitale, command)

        case c.GiveVitaleResidenceNotice():
            if vitale.notice and vitale.notice.notice_id == command.notice_id:
                return []
            require(vitale.notice is None, otherwise="vitale-notice-already-given")
            require(vitale.active is not None, otherwise="vitale-unknown")
            return [e.VitaleResidenceNoticeGiven(**command.model_dump(), opposes_at=command.at + NOTICE)]

        case c.WithdrawVitaleResidenceNotice():
            if vitale.notice is None or vitale.notice.notice_id != command.notice_id:
                return []
            return [e.VitaleResidenceNoticeWithdrawn(**command.model_dump())]

        case c.OpposeVitaleAfterNotice():
            notice = vitale.notice
            require(notice is not None and notice.notice_id == command.notice_id, otherwise="vitale-notice-withdrawn")
            require(notice is not None and command.at >= notice.opposes_at, otherwise="vitale-notice-too-recent")
            return _ended(vitale, command)

        case _:
            assert_never(command)


def _issued(vitale: Vitale, command: c.RecordVitaleIssued) -> list[e.VitaleEvent]:
    if vitale.active and vitale.proofs[vitale.active] == command.serial_proof:
        return []
    require(command.serial_proof not in vitale.proofs.values(), otherwise="vitale-already-opposed")
    require(vitale.active is None, otherwise="vitale-already-active")
    require(not vitale.replacement_under_way, otherwise="vitale-replacement-under-way")
    return [e.VitaleIssued(**command.model_dump())]


def _check(vitale: Vitale, report: c.VitaleReport) -> None:
    """A card declared damaged may still be lost or stolen: that opposes it at once."""
    require(report.declared_on_honour, otherwise="declaration-not-on-honour")
    require(report.happened_on <= (report.at + FURTHEST_EAST).date(), otherwise="vitale-date-in-future")
    require(report.card_id in vitale.proofs, otherwise="vitale-unknown")
    require(report.card_id == vitale.active, otherwise="vitale-already-opposed")


def _facts(report: c.VitaleReport) -> dict[str, Any]:
    return report.model_dump(exclude={"declared_on_honour"})


def opposition(
    vitale: Vitale, card_id: CardId, declaration_id: DeclarationId | None, reason: Reason, command: c.VitaleCommand
) -> e.VitaleOpposed:
    """The end of a card."""
    return e.VitaleOpposed(
        at=command.at,
        person_id=command.person_id,
        card_id=card_id,
        declaration_id=declaration_id,
        reason=reason,
        opposed_at=command.at,
        serial_proof=vitale.proofs[card_id],
    )


def _used(
    vitale: Vitale, proof: str, at: dt.datetime, command: c.RecordVitaleUsed | c.RecordVitaleUpdated
) -> list[e.VitaleEvent]:
    """A first use shows that the card arrived; a dead card that is presented is a security event."""
    card_id = vitale.card_of(proof)
    if card_id == vitale.active:
        order_id = vitale.order_in_post()
        return [delivered(vitale, order_id, command, at, Arrival.FIRST_USE)] if order_id else []
    known = vitale.oppositions[card_id]
    if at <= known.at or at in known.uses:  # before its end, told late; or told twice
        return []
    return [
        e.VitaleUsedAfterOpposition(
            at=command.at,
            person_id=command.person_id,
            card_id=card_id,
            reason=known.reason,
            opposed_at=known.at,
            used_at=at,
        )
    ]


def _updated(vitale: Vitale, command: c.RecordVitaleUpdated) -> list[e.VitaleEvent]:
    events = _used(vitale, command.serial_proof, command.updated_at, command)
    if vitale.active and vitale.proofs[vitale.active] == command.serial_proof and command.updated_at > vitale.fresh_at:
        facts = command.model_dump(exclude={"serial_proof"})
        events.append(e.VitaleUpdated(**facts, card_id=vitale.active))
    return events


def _ended(vitale: Vitale, command: c.EndVitaleRights | c.OpposeVitaleAfterNotice) -> list[e.VitaleEvent]:
    """Immediate (L161-15-4), and nothing that is ordered is made any more."""
    events: list[e.VitaleEvent] = []
    if vitale.active:
        events.append(opposition(vitale, vitale.active, None, Reason.RIGHTS_ENDED, command))
    for order_id, order in vitale.orders.items():
        if order.step in OPEN:
            events.append(
                o.VitaleReplacementCancelled(
                    at=command.at,
                    person_id=command.person_id,
                    member_id=order.member_id,
                    order_id=order_id,
                    declaration_id=order.declaration_id,
                    cause=Cancellation.RIGHTS_ENDED,
                )
            )
    return events


vitale = Decider(category="vitale", retention="cards", initial=Vitale(), decide=decide, evolve=evolve)
