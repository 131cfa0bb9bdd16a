"""Which files of a source were taken: one stream per source, `directory:<source>`."""

from typing import Final, assert_never

from pydantic import AwareDatetime, Field

from services.geo.domain.facts import Source
from services.geo.domain.ids import FileId
from shared.kernel import Command, Decider, Event, Value, require


class Tally(Value):
    """What a file would change, or has changed; how many of its rows were set aside, by reason."""

    rows: int = 0
    listed: int = 0
    changed: int = 0
    delisted: int = 0
    unchanged: int = 0
    set_aside: dict[str, int] = Field(default_factory=dict)


class SetAside(Value):
    """A row that led to nothing, and why: a stable code, never what the row holds."""

    row: int
    reason: str


class HoldFile(Command):
    """It would delist more than is usual: somebody must look at it first."""

    source: Source
    file: FileId
    as_of: AwareDatetime
    tally: Tally


class ConfirmFile(Command):
    """Somebody has looked: it is right."""

    file: FileId


class TakeFile(Command):
    """Every row was compared, and what differs is recorded."""

    source: Source
    file: FileId
    as_of: AwareDatetime
    tally: Tally
    listed: tuple[SetAside, ...]


class FileHeld(Event, name="FileHeld"):
    """Nothing was changed yet."""

    source: Source
    file: FileId
    as_of: AwareDatetime
    tally: Tally


class FileConfirmed(Event, name="FileConfirmed"):
    """It may delist as much as it says."""

    source: Source
    file: FileId


class FileTaken(Event, name="FileTaken"):
    """The directory is what this file says. `listed` names the first of the rows set aside."""

    source: Source
    file: FileId
    as_of: AwareDatetime
    tally: Tally
    listed: tuple[SetAside, ...]


FileCommand = HoldFile | ConfirmFile | TakeFile
FileEvent = FileHeld | FileConfirmed | FileTaken


class Files(Value):
    """The last file taken, and the one that waits."""

    taken: FileId | None = None
    as_of: AwareDatetime | None = None
    held: FileId | None = None
    source: Source | None = None
    confirmed: FileId | None = None


def decide(files: Files, command: FileCommand) -> list[FileEvent]:
    match command:
        case HoldFile():
            require(files.as_of is None or command.as_of >= files.as_of, otherwise="file-older")
            return [] if files.held == command.file else [FileHeld(**command.model_dump())]

        case ConfirmFile():
            if files.confirmed == command.file:
                return []
            require(files.held == command.file and files.source is not None, otherwise="file-not-held")
            assert files.source is not None
            return [FileConfirmed(at=command.at, source=files.source, file=command.file)]

        case TakeFile():
            require(files.as_of is None or command.as_of >= files.as_of, otherwise="file-older")
            return [] if files.taken == command.file else [FileTaken(**command.model_dump())]

        case _:
            assert_never(command)


def evolve(files: Files, event: FileEvent) -> Files:
    match event:
        case FileHeld():
            return files.model_copy(update={"held": event.file, "source": event.source, "confirmed": None})
        case FileConfirmed():
            return files.model_copy(update={"confirmed": event.file})
        case FileTaken():
            return Files(taken=event.file, as_of=event.as_of)
        case _:
            assert_never(event)


directory_files: Final = Decider(
    category="directory", retention="directory", initial=Files(), decide=decide, evolve=evolve
)
