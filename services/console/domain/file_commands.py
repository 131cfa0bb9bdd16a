"""What can be asked about a member's file. `period` is made from the time."""

from services.console.domain.ids import InquiryId, PersonId, ReadId, StaffId
from services.console.domain.words import Document, Part, Purpose, Reason, Role, Ticket
from shared.kernel import Command, Made


class _OfFile(Command):
    person_id: PersonId
    reader: StaffId
    role: Role
    reason: Reason
    ticket: Ticket = ""


class ReadFile(_OfFile):
    """Look at a part of it."""

    read_id: Made[ReadId]
    purpose: Purpose
    part: Part


class UnmaskValues(_OfFile):
    """Look at values for some minutes."""

    read_id: Made[ReadId]
    purpose: Purpose


class OpenInquiry(_OfFile):
    """Look into a fraud without telling the member meanwhile."""

    inquiry_id: Made[InquiryId]


class CloseInquiry(_OfFile):
    """It is over."""


class OrderFirstCode(_OfFile):
    """Have a code printed for somebody whose papers were seen."""

    document: Document
    second: StaffId | None = None


class TakeLossByPhone(_OfFile):
    """The caller has answered."""

    stolen: bool


FileCommand = ReadFile | UnmaskValues | OpenInquiry | CloseInquiry | OrderFirstCode | TakeLossByPhone
