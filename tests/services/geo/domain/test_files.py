"""Which files may change the directory."""

import datetime as dt

from services.geo.domain import files as f
from services.geo.domain.facts import Source
from services.geo.domain.files import directory_files
from services.geo.domain.ids import FileId
from shared.testing.spec import Spec
from tests.services.geo.sample import AS_OF, AT

files = Spec(directory_files)
ONE, TWO = FileId("1" * 64), FileId("2" * 64)
TALLY = f.Tally(rows=10, listed=1, set_aside={"no-address": 2})


def take(file: FileId = ONE, as_of: dt.datetime = AS_OF) -> f.TakeFile:
    return f.TakeFile(at=AT, source=Source.RPPS, file=file, as_of=as_of, tally=TALLY, listed=())


def hold(file: FileId = ONE, as_of: dt.datetime = AS_OF) -> f.HoldFile:
    return f.HoldFile(at=AT, source=Source.RPPS, file=file, as_of=as_of, tally=TALLY)


TAKEN = f.FileTaken(**take().model_dump())
HELD = f.FileHeld(**hold().model_dump())
CONFIRMED = f.FileConfirmed(at=AT, source=Source.RPPS, file=ONE)


def test_a_file_is_taken_once() -> None:
    files.given().when(take()).then(TAKEN)
    files.given(TAKEN).when(take()).then()
    files.given(TAKEN).when(take(TWO)).then(TAKEN.model_copy(update={"file": TWO}))


def test_an_older_one_is_refused() -> None:
    before = AS_OF - dt.timedelta(days=1)
    files.given(TAKEN).when(take(TWO, before)).rejected("file-older")
    files.given(TAKEN).when(hold(TWO, before)).rejected("file-older")


def test_what_is_held_waits_for_one_confirmation() -> None:
    confirm = f.ConfirmFile(at=AT, file=ONE)
    files.given().when(hold()).then(HELD)
    files.given(HELD).when(hold()).then()
    files.given(HELD).when(confirm).then(CONFIRMED)
    files.given(HELD, CONFIRMED).when(confirm).then()
    files.given(HELD, CONFIRMED).when(take()).then(TAKEN)


def test_nothing_else_is_confirmed() -> None:
    files.given().when(f.ConfirmFile(at=AT, file=ONE)).rejected("file-not-held")
    files.given(HELD).when(f.ConfirmFile(at=AT, file=TWO)).rejected("file-not-held")
    files.given(HELD, TAKEN).when(f.ConfirmFile(at=AT, file=ONE)).rejected("file-not-held")
