"""« Enquêtes »: frauds that are looked into, for supervisors. One document per inquiry, gone once it is closed."""

from typing import assert_never

from pydantic import AwareDatetime

from services.console.domain import file_events as e
from services.console.domain.ids import InquiryId, PersonId, StaffId
from services.console.domain.words import Access
from shared.kernel import Projection, Value, members


class OpenInquiry(Value):
    """One that is open: the person does not learn of the looks that belong to it."""

    inquiry_id: InquiryId
    person_id: PersonId
    period: str
    reader: Access[StaffId]
    reason: Access[str]
    ticket: Access[str]
    opened_at: AwareDatetime


InquiryEvent = e.InquiryOpened | e.InquiryClosed


def evolve(_: OpenInquiry | None, event: InquiryEvent) -> OpenInquiry | None:
    match event:
        case e.InquiryOpened():
            facts = event.model_dump(include={"inquiry_id", "person_id", "period", "reader", "reason", "ticket"})
            return OpenInquiry.model_validate({**facts, "opened_at": event.at})
        case e.InquiryClosed():
            return None
        case _:
            assert_never(event)


open_inquiries = Projection(
    name="console.open_inquiries",
    version=1,
    document=OpenInquiry,
    handles=members(InquiryEvent),
    key=lambda event: event.inquiry_id,
    evolve=evolve,
)
