"""What was done with a member's file: every look at it, before anything of it is shown. Public."""

from typing import Final

from pydantic import AwareDatetime

from services.console.domain.ids import InquiryId, PersonId, ReadId, StaffId
from services.console.domain.words import Access, Document, Part, Purpose, Role
from shared.kernel import Event, members


class _OfFile(Event):
    """`period` names the month whose key closes who it was, and why."""

    person_id: PersonId
    period: str
    reader: Access[StaffId]
    role: Access[Role]
    reason: Access[str]
    ticket: Access[str]


class MemberFileRead(_OfFile, name="MemberFileRead"):
    """Somebody was shown a part of the file. `inquiry_id`: the member learns of it when that inquiry is closed."""

    read_id: ReadId
    purpose: Access[Purpose]
    part: Access[Part]
    inquiry_id: InquiryId | None


class ValuesUnmasked(_OfFile, name="ValuesUnmasked"):
    """For some minutes the reader is shown values, not only their shapes."""

    read_id: ReadId
    purpose: Access[Purpose]
    until: AwareDatetime
    inquiry_id: InquiryId | None


class InquiryOpened(_OfFile, name="InquiryOpened"):
    """A fraud is looked into: the member is told of the looks at his file when it is closed."""

    inquiry_id: InquiryId


class InquiryClosed(_OfFile, name="InquiryClosed"):
    """The member may know now."""

    inquiry_id: InquiryId


class FirstCodeOrdered(_OfFile, name="FirstCodeOrdered"):
    """An agent has seen the person's papers: a code is printed for him. With an account, a second agent has agreed."""

    document: Access[Document]
    second: Access[StaffId | None]


class LossTakenByPhone(_OfFile, name="LossTakenByPhone"):
    """The caller has answered what was asked: his card is reported lost or stolen."""

    stolen: Access[bool]


FileEvent = MemberFileRead | ValuesUnmasked | InquiryOpened | InquiryClosed | FirstCodeOrdered | LossTakenByPhone
FILE_EVENTS: Final = members(FileEvent)
