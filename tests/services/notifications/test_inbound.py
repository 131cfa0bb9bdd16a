"""What members are told about the events of identity and cards."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest

from services.notifications.domain import events as e
from services.notifications.inbound.cards import from_cards
from services.notifications.inbound.identity import (
    LinkWanted,
    WithAddress,
    from_identity,
    from_register,
    validated,
    validation,
)
from services.notifications.inbound.making import reference
from services.notifications.inbound.persons import from_persons
from services.notifications.inbound.reimbursements import from_reimbursements
from services.notifications.read_models.messages import messages
from shared.canonical import iso
from shared.kernel import ERASED
from shared.messaging import Delivered
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import AT, EMAIL, LINES, MEMBER, OTHER_EMAIL, made

EXPIRES = AT + dt.timedelta(hours=24)
LINK = made("link")
TALK = made("first click")


def told(source: str, kind: str, name: str = "", **data: Any) -> Delivered:
    """An event as the topic brings it; the same name makes the same event id."""
    facts = {"at": AT.isoformat(), "member_id": MEMBER, "person_id": MEMBER, "more": "than is read", **data}
    return Delivered(
        source=source,
        stored={"id": made(f"{kind} {name}"), "type": kind, "sv": 1, "data": facts},
        stream=f"account:{MEMBER}",
        version=1,
        position=1,
        index=0,
        recorded_at=AT,
        commit_hash="00",
        attributes={
            "pk": MEMBER,
            "actor": MEMBER,
            "actor_kind": "member",
            "correlation_id": TALK,
            "member_id": MEMBER,
            "person_id": MEMBER,
        },
    )


REQUESTED = told("identity", "EmailValidationRequested", link_id=LINK, expires_at=EXPIRES.isoformat(), email=EMAIL)
VALIDATED = told("identity", "EmailValidated", email=EMAIL)


async def hear(service: InMemoryService, *deliveries: Delivered) -> list[Any]:
    """React to these; what follows, in order."""
    before = len(await service.events())
    for delivery in deliveries:
        await service.react(delivery, service.vault)
    return (await service.events())[before:]


async def test_a_link_goes_to_the_address_it_is_to_prove(service: InMemoryService) -> None:
    [learned, mail] = await hear(service, REQUESTED)
    assert (learned.email, learned.confirmed) == (EMAIL, False)
    assert (mail.template, mail.to) == (e.Template.EMAIL_VALIDATION, EMAIL)
    assert mail.params == {"link_id": LINK, "expires_at": "2026-11-25T09:30:00.000Z"}


async def test_a_link_to_a_new_address_does_not_move_the_mailbox(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    change = {"link_id": LINK, "expires_at": EXPIRES.isoformat(), "email": OTHER_EMAIL}
    [mail] = await hear(service, told("identity", "EmailValidationRequested", "second", **change))
    assert (mail.template, mail.to) == (e.Template.EMAIL_VALIDATION, OTHER_EMAIL)
    [notice] = await hear(service, told("cards", "VitaleReportedLost"))
    assert notice.to == EMAIL


async def test_a_one_time_code_goes_to_the_address_that_is_proved(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    data = {"challenge_id": made("challenge"), "purpose": "step-up", "expires_at": EXPIRES.isoformat()}
    [mail] = await hear(service, told("identity", "OneTimeCodeRequested", **data))
    assert (mail.template, mail.to) == (e.Template.ONE_TIME_CODE, EMAIL)
    assert mail.params == {**data, "expires_at": "2026-11-25T09:30:00.000Z"}


REGISTERED = told(
    "identity",
    "PostalAddressChanged",
    addressee="JEANNE OEILLET",
    address={"lines": ["12 RUE DE L'EGLISE"], "postcode": "83000", "city": "TOULON", "country": "France"},
)


async def test_an_account_that_was_opened_is_told_by_letter(service: InMemoryService) -> None:
    await hear(service, REGISTERED)
    [letter] = await hear(
        service, told("identity", "AccountCreated", email=EMAIL, cgu_version="1", credential_id=made("credential"))
    )
    assert (letter.template, letter.to) == (e.Template.ACCOUNT_CREATED, LINES)


async def test_a_letter_waits_for_the_register(service: InMemoryService) -> None:
    [held] = await hear(service, told("identity", "AccountCreated", credential_id=made("credential")))
    [learned, letter] = await hear(service, REGISTERED)
    assert (held.message_id, learned.lines) == (letter.message_id, LINES)
    assert isinstance(letter, e.LetterRequested)


async def test_abroad_the_country_stands_on_the_envelope(service: InMemoryService) -> None:
    abroad = {"lines": ["Rue Haute 1"], "postcode": "1000", "city": "Bruxelles", "country": "Belgique"}
    news = told("identity", "PostalAddressChanged", addressee="JEANNE OEILLET", address=abroad)
    [learned] = await hear(service, news)
    assert learned.lines == ("JEANNE OEILLET", "Rue Haute 1", "1000 Bruxelles", "BELGIQUE")


async def test_what_is_erased_of_a_person_is_learned_no_more(service: InMemoryService) -> None:
    address = {"lines": [], "postcode": "83000", "city": "TOULON", "country": "FRANCE"}
    for one in ({"addressee": "effacé", "address": "effacé"}, {"address": address}):
        assert await hear(service, told("identity", "PostalAddressChanged", **one)) == []


CHANGE = {"link_id": LINK, "expires_at": EXPIRES.isoformat(), "email": OTHER_EMAIL}


async def test_a_new_address_is_asked_and_the_old_one_goes_on(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    [mail] = await hear(service, told("identity", "EmailChangeRequested", **CHANGE))
    assert (mail.template, mail.to) == (e.Template.EMAIL_CHANGE, OTHER_EMAIL)
    [notice] = await hear(service, told("cards", "VitaleReportedLost"))
    assert notice.to == EMAIL


async def test_no_link_goes_to_an_address_that_is_anothers(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    for kind in ("EmailChangeRequested", "EmailValidationRequested"):
        assert await hear(service, told("identity", kind, **CHANGE, taken=True)) == []
    corrected = told("identity", "EmailCorrected", email=OTHER_EMAIL, previous=EMAIL, taken=True)
    assert await hear(service, corrected) == []


async def test_both_addresses_are_told_of_a_change(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    learned, *mails = await hear(service, told("identity", "EmailChanged", email=OTHER_EMAIL, previous=EMAIL))
    assert (learned.email, learned.confirmed) == (OTHER_EMAIL, True)
    assert {one.to for one in mails} == {EMAIL, OTHER_EMAIL}
    assert len({one.message_id for one in mails}) == len({one.reference for one in mails}) == 2


async def test_a_corrected_address_is_the_one_to_write_to(service: InMemoryService) -> None:
    await hear(service, REQUESTED)
    [learned] = await hear(service, told("identity", "EmailCorrected", email=OTHER_EMAIL, previous=EMAIL))
    assert (learned.email, learned.confirmed) == (OTHER_EMAIL, False)


@pytest.mark.parametrize(
    ("kind", "template"),
    [("CodeResetRequested", e.Template.CODE_RESET), ("SignInsLocked", e.Template.SIGN_INS_LOCKED)],
)
async def test_a_link_for_the_keys_goes_to_the_address_that_is_proved(
    service: InMemoryService, kind: str, template: e.Template
) -> None:
    await hear(service, REQUESTED, VALIDATED)
    [mail] = await hear(service, told("identity", kind, link_id=LINK, expires_at=EXPIRES.isoformat()))
    assert (mail.template, mail.to, mail.params["link_id"]) == (template, EMAIL, LINK)


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("CodeReset", e.Template.CODE_CHANGED),
        ("CodeChanged", e.Template.CODE_CHANGED),
        ("AccountLocked", e.Template.ACCOUNT_LOCKED),
        ("AccountClosed", e.Template.ACCOUNT_CLOSED),
    ],
)
async def test_what_becomes_of_the_keys_is_told(service: InMemoryService, kind: str, template: e.Template) -> None:
    await hear(service, REQUESTED, VALIDATED)
    [mail] = await hear(service, told("identity", kind))
    assert (mail.template, mail.to, mail.params) == (template, EMAIL, {})


async def test_a_provisional_code_goes_by_post_to_who_has_no_account_yet(service: InMemoryService) -> None:
    [held] = await hear(
        service, told("identity", "ProvisionalCodeRequested", code_id=made("code"), expires_at=EXPIRES.isoformat())
    )
    assert isinstance(held, e.MessageHeld)
    assert (held.template, held.params["code_id"]) == (e.Template.PROVISIONAL_CODE, made("code"))


async def test_a_proved_address_is_welcomed(service: InMemoryService) -> None:
    await hear(service, REQUESTED)
    [learned, welcome] = await hear(service, VALIDATED)
    assert (learned.email, learned.confirmed) == (EMAIL, True)
    assert (welcome.template, welcome.to) == (e.Template.ACCOUNT_OPENED, EMAIL)


@pytest.mark.parametrize(
    ("obstacle", "template"),
    [
        ("account-exists", e.Template.ACCOUNT_EXISTS),
        ("email-taken", e.Template.EMAIL_TAKEN),
        ("a word of tomorrow", e.Template.ACCOUNT_EXISTS),
    ],
)
async def test_the_holder_learns_of_a_second_try(service: InMemoryService, obstacle: str, template: e.Template) -> None:
    await hear(service, REQUESTED)
    [notice] = await hear(service, told("identity", "AccountCreationRefused", obstacle=obstacle))
    assert (notice.template, notice.to) == (template, EMAIL)


DUE = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC)


async def test_another_account_is_told_to_both_addresses_and_by_post(service: InMemoryService) -> None:
    await hear(service, REGISTERED, VALIDATED)
    data = {"request_id": made("request"), "due_at": DUE.isoformat(), "previous_email": "avant@example.org"}
    now, letter, before = await hear(service, told("identity", "BankDetailsChangeRequested", **data))
    assert (now.template, now.to) == (e.Template.BANK_CHANGE_REQUESTED, EMAIL)
    assert (letter.template, letter.to) == (e.Template.BANK_CHANGE_LETTER, LINES)
    assert (before.template, before.to) == (e.Template.BANK_CHANGE_TOLD_BEFORE, "avant@example.org")
    assert now.params == before.params == {"link_id": data["request_id"], "expires_at": iso(DUE)}
    assert len({now.message_id, letter.message_id, before.message_id}) == 3


async def test_without_an_address_before_two_will_do(service: InMemoryService) -> None:
    await hear(service, REGISTERED, VALIDATED)
    data = {"request_id": made("request"), "due_at": DUE.isoformat()}
    assert len(await hear(service, told("identity", "BankDetailsChangeRequested", **data))) == 2


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("BankDetailsChangeCancelled", e.Template.BANK_CHANGE_CANCELLED),
        ("BankDetailsChangeStopped", e.Template.BANK_CHANGE_STOPPED),
        ("BankDetailsChanged", e.Template.BANK_DETAILS_CHANGED),
    ],
)
async def test_what_became_of_it_is_told(service: InMemoryService, kind: str, template: e.Template) -> None:
    await hear(service, VALIDATED)
    [mail] = await hear(service, told("identity", kind, request_id=made("request")))
    assert (mail.template, mail.to) == (template, EMAIL)


async def test_a_code_from_the_desk_is_printed_there_and_told_to_who_has_an_account(service: InMemoryService) -> None:
    await hear(service, REGISTERED)
    first = {"code_id": made("code"), "expires_at": EXPIRES.isoformat()}
    [letter] = await hear(service, told("identity", "ProvisionalCodeHandedOver", **first))
    assert (letter.template, letter.params) == (
        e.Template.PROVISIONAL_CODE_DESK,
        {"code_id": made("code"), "expires_at": iso(EXPIRES)},
    )
    await hear(service, VALIDATED)
    again = {"code_id": made("again"), "expires_at": EXPIRES.isoformat(), "account_exists": True}
    printed, mail, post = await hear(service, told("identity", "ProvisionalCodeHandedOver", "again", **again))
    assert printed.template is e.Template.PROVISIONAL_CODE_DESK
    assert (mail.template, mail.to) == (e.Template.CODE_HANDED_OVER, EMAIL)
    assert (post.template, post.to) == (e.Template.CODE_HANDED_OVER_LETTER, LINES)


async def test_an_attestation_that_holds_no_longer_is_told_to_who_had_it_made(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    [mail] = await hear(service, told("identity", "AttestationRevoked", person_id=made("child"), reason="rights-ended"))
    assert (mail.template, mail.to, mail.params) == (e.Template.ATTESTATION_REVOKED, EMAIL, {})
    first_days = told("identity", "AttestationRevoked", "old", member_id=None)
    assert await hear(service, first_days) == []


async def test_the_register_s_own_account_is_no_news(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    assert await hear(service, told("identity", "BankDetailsChanged", request_id=None)) == []


async def test_a_new_address_is_told_at_the_old_one(service: InMemoryService) -> None:
    await hear(service, REGISTERED, VALIDATED)
    mail, letter = await hear(service, told("identity", "AddressChanged"))
    assert (mail.template, mail.to) == (e.Template.ADDRESS_CHANGED, EMAIL)
    assert (letter.template, letter.to) == (e.Template.ADDRESS_LETTER, LINES)


CARDS = [
    ("VitaleReportedLost", e.Template.VITALE_OPPOSED),
    ("VitaleReportedStolen", e.Template.VITALE_OPPOSED),
    ("VitaleReportedDamaged", e.Template.VITALE_DECLARED),
    ("VitaleReplacementOrdered", e.Template.VITALE_ORDERED),
    ("VitaleReplacementInProduction", e.Template.VITALE_IN_PRODUCTION),
    ("VitaleReplacementSent", e.Template.VITALE_SENT),
    ("VitaleReplacementDelivered", e.Template.VITALE_DELIVERED),
    ("VitaleReplacementReturned", e.Template.VITALE_RETURNED),
    ("VitaleReplacementResent", e.Template.VITALE_SENT),
    ("VitaleReplacementValidated", e.Template.VITALE_VALIDATED),
    ("VitaleReplacementCancelled", e.Template.VITALE_CANCELLED),
    ("VitalePhotoRejected", e.Template.VITALE_PHOTO_REFUSED),
    ("VitaleUsedAfterOpposition", e.Template.VITALE_MISUSED),
    ("VitaleUpdateDue", e.Template.VITALE_UPDATE),
    ("VitaleResidenceNoticeGiven", e.Template.VITALE_RESIDENCE),
    ("CeamOrdered", e.Template.CEAM_ORDERED),
    ("CeamSent", e.Template.CEAM_SENT),
    ("CeamResent", e.Template.CEAM_SENT),
    ("CeamReturned", e.Template.CEAM_RETURNED),
    ("CeamReportedLost", e.Template.CEAM_DECLARED),
    ("CeamReportedStolen", e.Template.CEAM_DECLARED),
    ("CeamExpiryNear", e.Template.CEAM_EXPIRING),
]
IT_DEPENDS = [
    ("VitaleReplacementDelivered", {"arrival": "first_use"}, [e.Template.VITALE_DELIVERED]),
    ("VitaleReplacementDelivered", {"arrival": "presumed"}, [e.Template.VITALE_PRESUMED]),
    ("VitaleReplacementDelivered", {"arrival": "holder"}, []),
    ("VitaleReplacementStalled", {"step": "photo_rejected"}, [e.Template.VITALE_WAITING]),
    ("VitaleReplacementStalled", {"step": "in_production"}, []),
    ("VitaleOpposed", {"reason": "rights_ended"}, [e.Template.VITALE_RIGHTS_ENDED]),
    ("VitaleOpposed", {"reason": "lost"}, []),
]
LETTERS = {e.Template.VITALE_RESIDENCE}


@pytest.mark.parametrize(("kind", "template"), CARDS)
async def test_each_step_of_a_card_is_told(service: InMemoryService, kind: str, template: e.Template) -> None:
    await hear(service, VALIDATED)
    [said] = await hear(service, told("cards", kind, place="Toulon", serial="12345678901"))
    assert (said.template, said.params) == (template, {})
    assert template in LETTERS or said.to == EMAIL


@pytest.mark.parametrize(("kind", "facts", "templates"), IT_DEPENDS)
async def test_some_news_depend_on_what_they_say(
    service: InMemoryService, kind: str, facts: dict[str, str], templates: list[e.Template]
) -> None:
    await hear(service, VALIDATED)
    assert [one.template for one in await hear(service, told("cards", kind, **facts))] == templates


def test_what_is_read_of_cards_is_what_is_told() -> None:
    assert set(from_cards.handles) == {kind for kind, _ in CARDS} | {kind for kind, _, _ in IT_DEPENDS}


async def test_a_member_is_told_of_the_card_of_a_dependant(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    [mail] = await hear(service, told("cards", "VitaleReportedLost", person_id=made("child")))
    assert (mail.member_id, mail.to) == (MEMBER, EMAIL)


def payment(name: str, paid_on: str) -> Delivered:
    return told("reimbursements", "PaymentIssued", name, paid_on=paid_on, lot="L1", payment={"to_member": 2350})


async def test_a_payment_is_noted_without_what_was_paid(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    [noted] = await hear(service, payment("first", "2026-11-23"), payment("second", "2026-11-24"))
    assert (noted.NAME, noted.due_at) == ("PaymentNoted", AT)
    assert "2350" not in str(service.store.commits)


async def test_a_transfer_that_came_back_lately_is_told(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    [said] = await hear(
        service, told("reimbursements", "PaymentReturned", number=7, paid_on="2026-11-19", on="2026-11-23")
    )
    assert (said.template, said.to, said.params) == (e.Template.TRANSFER_RETURNED, EMAIL, {})
    assert (
        await hear(
            service, told("reimbursements", "PaymentReturned", "old", number=3, paid_on="2025-01-01", on="2025-01-04")
        )
        == []
    )


async def test_what_became_of_a_report_is_told(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    [said] = await hear(service, told("reimbursements", "SignalDecided", person_id=made("child"), decision="confirmed"))
    assert (said.template, said.to, said.params) == (e.Template.REPORT_DECIDED, EMAIL, {})


@pytest.mark.parametrize(
    ("halt", "template", "until"),
    [
        ({"stage": "pending", "until": "2026-12-24"}, e.Template.CLAIM_PENDING, "2026-12-24"),
        ({"stage": "rejected", "until": None}, e.Template.CLAIM_REJECTED, ""),
    ],
)
async def test_a_claim_that_does_not_go_on_is_told_without_its_reason(
    halt: dict[str, Any], template: e.Template, until: str, service: InMemoryService
) -> None:
    await hear(service, VALIDATED)
    [said] = await hear(service, told("reimbursements", "ClaimHalted", person_id=made("child"), halt=halt))
    assert (said.template, said.member_id, said.params) == (template, MEMBER, {"until": until})


@pytest.mark.parametrize("halt", [ERASED.value, {"stage": "lost"}])
async def test_a_claim_of_which_nothing_is_known_is_told_to_nobody(halt: Any, service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    assert await hear(service, told("reimbursements", "ClaimHalted", halt=halt)) == []


async def test_a_statement_that_was_due_is_told_and_one_that_was_asked_for_is_not(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    assert await hear(service, told("reimbursements", "StatementIssued", "asked", month="2026-10")) == []
    [said] = await hear(service, told("reimbursements", "StatementIssued", "due", month="2026-10", due=True))
    assert (said.template, said.params) == (e.Template.STATEMENT_READY, {})


async def test_a_payment_of_past_years_is_no_news(service: InMemoryService) -> None:
    await hear(service, VALIDATED)
    assert await hear(service, payment("old", "2026-11-08")) == []
    assert len(await hear(service, payment("new", "2026-11-09"))) == 1


async def test_news_that_overtake_the_address_wait_for_it(service: InMemoryService) -> None:
    [held] = await hear(service, told("cards", "VitaleReportedLost"))
    assert isinstance(held, e.MessageHeld)
    [_, mail, welcome] = await hear(service, VALIDATED)
    assert (mail.message_id, mail.to) == (held.message_id, EMAIL)
    assert welcome.template is e.Template.ACCOUNT_OPENED


async def test_an_event_that_is_told_twice_is_told_once(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED, told("cards", "VitaleReportedLost"))
    assert await hear(service, REQUESTED, VALIDATED, told("cards", "VitaleReportedLost")) == []


async def test_other_events_are_none_of_its_business(service: InMemoryService) -> None:
    assert await hear(service, told("identity", "SignedIn"), told("cards", "VitaleIssued")) == []


def test_an_erased_address_is_written_to_no_more() -> None:
    wanted = LinkWanted(member_id=MEMBER, email=ERASED, link_id=LINK, expires_at=EXPIRES)
    assert validation(wanted, REQUESTED) == []
    assert validated(WithAddress(member_id=MEMBER, email=ERASED), VALIDATED) == []


async def test_one_conversation_from_the_click_to_the_message(service: InMemoryService) -> None:
    await hear(service, REQUESTED)
    for commit in service.store.commits:
        assert (commit["meta"]["correlation_id"], commit["meta"]["pk"]) == (TALK, MEMBER)
        assert commit["meta"]["causation_id"] == REQUESTED.stored["id"]


async def test_no_address_and_no_token_stand_in_the_log(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED)
    assert EMAIL not in str(service.store.commits)
    assert "hmac" not in str(service.store.commits).lower()


async def test_every_message_has_a_reference_of_its_own(service: InMemoryService) -> None:
    await hear(service, REQUESTED, VALIDATED, *(told("cards", kind) for kind, _ in CARDS))
    found = await service.queries.find(messages, member_id=MEMBER)
    references = {message.reference for message in found}
    assert len(references) == len(found) == len(CARDS) + 2
    assert all(re.fullmatch(r"(?:[A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}", one) for one in references)


def test_a_reference_is_the_same_each_time_for_one_message_alone() -> None:
    cause = str(uuid.uuid4())
    assert reference(cause, e.Template.VITALE_SENT) == reference(cause, e.Template.VITALE_SENT)
    assert reference(cause, e.Template.VITALE_SENT) != reference(cause, e.Template.VITALE_ORDERED)


def test_reactions_are_named_for_life() -> None:
    names = {
        one.name: one.source for one in (from_identity, from_register, from_persons, from_cards, from_reimbursements)
    }
    assert names == {
        "notifications.identity": "identity",
        "notifications.register": "identity",
        "notifications.persons": "identity",
        "notifications.cards": "cards",
        "notifications.reimbursements": "reimbursements",
    }
