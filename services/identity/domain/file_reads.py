"""Who has looked at a person's file: the fund's staff, as the console tells it, and the person who takes it away."""

from typing import Annotated, Final, TypeVar, assert_never

from services.identity.domain.ids import PersonId
from shared.kernel import Command, Decider, Erased, Event, Personal, Value, members

T = TypeVar("T")
Access = Annotated[T | Erased, Personal("access", of="period")]
"""Closed with the key of its month, as in the console: when that is destroyed, it is gone here, too."""


class RecordFileRead(Command):
    """Somebody was shown a part of the file."""

    person_id: PersonId
    read_id: str
    period: str
    role: str
    purpose: str
    part: str
    inquiry_id: str | None


class RevealFileReads(Command):
    """An inquiry is over: the person may know who has looked."""

    person_id: PersonId
    inquiry_id: str


class RecordDataExport(Command):
    """The person takes his data away with him."""

    person_id: PersonId


class FileReadRecorded(Event, name="FileReadRecorded"):
    """`at` is when it was shown; `inquiry_id`: the person learns of it when that inquiry is over."""

    person_id: PersonId
    read_id: str
    period: str
    role: Access[str]
    purpose: Access[str]
    part: Access[str]
    inquiry_id: str | None


class FileReadsRevealed(Event, name="FileReadsRevealed"):
    """What belongs to this inquiry is hidden no longer."""

    person_id: PersonId
    inquiry_id: str


class DataExported(Event, name="DataExported"):
    """All that the fund holds about the person was handed to himself."""

    person_id: PersonId


FileReadCommand = RecordFileRead | RevealFileReads | RecordDataExport
FileReadEvent = FileReadRecorded | FileReadsRevealed | DataExported
FILE_READ_EVENTS: Final = members(FileReadEvent)


class FileReads(Value):
    """The inquiries that the person must not know of yet."""

    hidden: frozenset[str] = frozenset()


def decide(state: FileReads, command: FileReadCommand) -> list[FileReadEvent]:
    match command:
        case RecordFileRead():
            return [FileReadRecorded(**command.model_dump())]
        case RevealFileReads():
            return [FileReadsRevealed(**command.model_dump())] if command.inquiry_id in state.hidden else []
        case RecordDataExport():
            return [DataExported(**command.model_dump())]
        case _:
            assert_never(command)


def evolve(state: FileReads, event: FileReadEvent) -> FileReads:
    match event:
        case FileReadRecorded(inquiry_id=inquiry_id):
            return FileReads(hidden=state.hidden | {inquiry_id}) if inquiry_id else state
        case FileReadsRevealed(inquiry_id=inquiry_id):
            return FileReads(hidden=state.hidden - {inquiry_id})
        case DataExported():
            return state
        case _:
            assert_never(event)


file_reads = Decider(category="reads", retention="access", initial=FileReads(), decide=decide, evolve=evolve)
