"""Lines of the fund's settlement feed, and the event of identity that says where payments go."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.reimbursements.domain import commands as c
from services.reimbursements.domain.claims import ClaimNews, HideClaims, RecordClaim, ShowClaims
from services.reimbursements.domain.facts import LineFacts, Professional, Transmission, Words
from services.reimbursements.domain.ids import HouseholdId, MemberId, PersonId
from services.reimbursements.domain.money import cents
from shared.feeds import Feed, Kind, Line, Order
from shared.kernel import Erased, Issued, Rejected
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction

SINCE: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NESTED: Final[Mapping[str, type[BaseModel]]] = {"professional": Professional, "transmission": Transmission}


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


UuidText = Annotated[str, AfterValidator(_uuid)]


class _FeedLine(BaseModel):
    """A field more than we know is no reason to set a line aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    household_id: UuidText


class LotLine(_FeedLine):
    """One payment run for one household, complete: it is settled whole or set aside whole."""

    number: Annotated[int, Field(ge=1, lt=10**6)]
    lot: Words
    paid_on: dt.date
    lines: Annotated[tuple[dict[str, Any], ...], Field(max_length=c.MOST_LINES)] = ()
    cancels: Annotated[tuple[str, ...], Field(max_length=c.MOST_CANCELS)] = ()


class ClaimLine(_FeedLine):
    """A claim that is not paid yet."""

    person_id: UuidText
    reference: str
    care_date: dt.date
    stage: str
    on: dt.date
    reason: str | None = None
    until: dt.date | None = None
    confidential: bool = False


class BankLine(_FeedLine):
    """A transfer that came back, or was sent again."""

    number: int
    on: dt.date


@dataclass(frozen=True)
class Reader:
    """Lines → commands."""

    limitation_years: int

    async def lot(self, lot: LotLine, line: Line) -> Sequence[Order]:
        household = HouseholdId(lot.household_id)
        if not (lot.lines or lot.cancels):
            raise Rejected("lot-empty")
        command = c.SettleLot(
            at=line.at,
            household_id=household,
            number=lot.number,
            lot=lot.lot,
            paid_on=lot.paid_on,
            lines=tuple(facts_of(one) for one in lot.lines),
            cancels=lot.cancels,
            limitation_years=self.limitation_years,
        )
        return [_of_household(household, command)]

    async def claim(self, claim: ClaimLine, line: Line) -> Sequence[Order]:
        person = PersonId(claim.person_id)
        news = ClaimNews.model_validate(claim.model_dump(exclude={"household_id", "person_id"}))
        command = RecordClaim(at=line.at, person_id=person, household_id=HouseholdId(claim.household_id), news=news)
        return [Order(f"claims:{person}", command, pk=person, person_id=person)]

    async def returned(self, bank: BankLine, line: Line) -> Sequence[Order]:
        household = HouseholdId(bank.household_id)
        command = c.RecordReturn(at=line.at, household_id=household, number=bank.number, on=bank.on)
        return [_of_household(household, command)]

    async def reissued(self, bank: BankLine, line: Line) -> Sequence[Order]:
        household = HouseholdId(bank.household_id)
        command = c.RecordReissue(at=line.at, household_id=household, number=bank.number, on=bank.on)
        return [_of_household(household, command)]


def facts_of(fed: Mapping[str, Any]) -> LineFacts:
    """An act as the feed says it, amounts as decimal text.

    Raises:
        ValidationError: something is missing or wrong.
        Rejected: an amount or an id is none.
    """
    known: dict[str, Any] = {name: fed[name] for name in LineFacts.model_fields if name in fed}
    for name, model in _NESTED.items():
        if isinstance(known.get(name), dict):
            known[name] = {key: value for key, value in known[name].items() if key in model.model_fields}
    for name, read in (("paid", cents), ("base", cents), ("person_id", _uuid)):
        if name in known:
            known[name] = _read(name, read, known[name])
    return LineFacts.model_validate(known)


def _read(name: str, read: Any, value: object) -> Any:
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError):
        raise Rejected(f"line-invalid:{name}") from None


def _of_household(household: HouseholdId, command: c.LedgerCommand) -> Order:
    return Order(f"household:{household}", command, pk=household, person_id=household, member_id=household)


def settlement_feed(reader: Reader) -> Feed:
    """The feed `settlements`, signed by the fund's settlement system."""
    kinds: dict[str, Kind[Any]] = {
        "lot": Kind(LotLine, reader.lot),
        "claim": Kind(ClaimLine, reader.claim),
        "returned": Kind(BankLine, reader.returned),
        "reissued": Kind(BankLine, reader.reissued),
    }
    return Feed("settlements", "settlement", kinds)


class BankDetailsChanged(Incoming):
    """identity's: from now on the person is paid to this account."""

    person_id: str
    masked: str | Erased


def _account(event: BankDetailsChanged, delivery: Delivered) -> list[Issued]:
    if isinstance(event.masked, Erased):
        return []
    household = HouseholdId(event.person_id)
    note = c.NoteAccount(at=delivery.recorded_at, household_id=household, masked=event.masked)
    return [Issued(f"household:{household}", note)]


ACCOUNTS: Final = Reaction(
    name="reimbursements.accounts",
    source="identity",
    since=SINCE,
    handles={"BankDetailsChanged": On(BankDetailsChanged, _account)},
)


class _View(Incoming):
    """identity's: a member sees a person, or does no longer."""

    viewer_id: str
    person_id: str


def _shown(view: _View, delivery: Delivered) -> list[Issued]:
    person, viewer = PersonId(view.person_id), MemberId(view.viewer_id)
    return [Issued(f"claims:{person}", ShowClaims(at=delivery.recorded_at, person_id=person, viewer_id=viewer))]


def _hidden(view: _View, delivery: Delivered) -> list[Issued]:
    person, viewer = PersonId(view.person_id), MemberId(view.viewer_id)
    return [Issued(f"claims:{person}", HideClaims(at=delivery.recorded_at, person_id=person, viewer_id=viewer))]


CLAIM_VIEWERS: Final = Reaction(
    name="reimbursements.claim-viewers",
    source="identity",
    since=SINCE,
    handles={
        "ViewGranted": On(_View, _shown),
        "ViewEnded": On(_View, _hidden),
    },
)
