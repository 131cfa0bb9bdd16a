"""`directory` and `confirm`: how the published files come in. They are not signed: an operator hands them over."""

import asyncio
import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Final

import typer

from services.geo.directory.ameli import AmeliReader, CentresReader
from services.geo.directory.entries import Reader
from services.geo.directory.finess import FinessReader
from services.geo.directory.finess_plus import FinessPlusReader
from services.geo.directory.fund import FundReader
from services.geo.directory.locating import Locator
from services.geo.directory.rpps import RppsReader
from services.geo.directory.taking import Report, file_id
from services.geo.domain.facts import Precision, Source
from services.geo.domain.ids import FileId
from services.geo.gazetteer import load
from services.geo.main import importer
from services.geo.read_models.places import places
from services.geo.settings import Settings
from shared.kernel import Rejected
from shared.service import Service
from shared.service.cli import WithService

HELD: Final = 3
"""Exit code: the file waits for a confirmation."""
EVERY: Final = 100_000
_DATED: Final = re.compile(rb"finess;etalab;\d+;(\d{4}-\d\d-\d\d)")
_IN_NAME: Final = re.compile(r"(20\d{6})")


def add_directory_commands(app: typer.Typer, with_service: WithService) -> None:
    """The commands of the directory."""

    @app.command(help="Take a file: compare it with the last of its source, and record what differs.")
    def directory(
        source: Source,
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
        as_of: Annotated[str, typer.Option(help="The file's date (ISO); otherwise the one it bears.")] = "",
    ) -> None:
        with_service(lambda service: _take(service, source, file, as_of))

    @app.command(help="Let a held file pass when it is taken again; SHA256 is the one it was reported with.")
    def confirm(source: Source, sha256: str, by: Annotated[str, typer.Option(help="Who has looked.")]) -> None:
        with_service(lambda service: _confirm(service, source, FileId(sha256), by))


async def _take(service: Service, source: Source, file: Path, as_of: str) -> None:
    await service.prepare()
    try:
        report = await take_file(service, source, file, as_of)
    except Rejected as refusal:
        typer.echo(f"{source}: {refusal.code}", err=True)
        raise typer.Exit(1) from None
    finally:
        await service.close()
    typer.echo(f"{report.state} {report.file}")
    typer.echo(report.tally.model_dump_json(indent=2))
    for row in report.set_aside[:20]:
        typer.echo(f"row {row.row}: {row.reason}")
    if report.state == "held":
        raise typer.Exit(HELD)


async def take_file(service: Service, source: Source, file: Path, as_of: str = "") -> Report:
    """Take a file on a running service.

    Raises:
        Rejected: it is no file of this source, or older than the last.
    """
    reader = await reader_of(service, source, file)
    return await importer(service).take(reader, file_id(file), _date(file, as_of, service), Said())


async def reader_of(service: Service, source: Source, file: Path) -> Reader:
    """The reader for a file of this source.

    Raises:
        Rejected: `file-unknown`.
    """
    if source is Source.FINESS:
        kind = FinessPlusReader if file.suffix == ".json" else FinessReader
        return await asyncio.to_thread(kind, file, load())
    locator = await known_sites(service)
    match source:
        case Source.RPPS:
            assert isinstance(service.settings, Settings)
            return RppsReader(file, locator, list_military=service.settings.list_military)
        case Source.AMELI:
            return AmeliReader(file, locator)
        case Source.CENTRES:
            return CentresReader(file, locator)
        case Source.FUND:
            return FundReader(file, locator)


async def known_sites(service: Service) -> Locator:
    """What FINESS says by now of where its establishments are: about a hundred thousand points."""
    collection = service.database[await service.pointers.live(places)]
    wanted = {"source": Source.FINESS.value}
    fields = {"facts.site": 1, "facts.commune": 1, "where": 1, "precision": 1}
    sites = {}
    async for row in collection.find(wanted, fields):
        if row.get("precision") == Precision.ADDRESS.value:
            longitude, latitude = row["where"]["coordinates"]
            sites[row["facts"]["site"]] = ((latitude, longitude), row["facts"]["commune"])
    return Locator(load(), sites)


async def _confirm(service: Service, source: Source, file: FileId, by: str) -> None:
    try:
        await importer(service).confirm(source, file, by)
    except Rejected as refusal:
        typer.echo(f"{source}: {refusal.code}", err=True)
        raise typer.Exit(1) from None
    finally:
        await service.close()


def _date(file: Path, given: str, service: Service) -> dt.datetime:
    """The date given, or in the file's first line, or in its name, or today's."""
    with file.open("rb") as content:
        found = _DATED.match(content.readline(200))
    named = _IN_NAME.search(file.name)
    text = given or (found[1].decode() if found else "") or (named[1] if named else "")
    if not text:
        return service.clock.now()
    date = dt.datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


class Said:
    """Says how far a file is, each time another hundred thousand rows are done."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def __call__(self, step: str, rows: int) -> None:
        if rows // EVERY > self._last.get(step, 0):
            self._last[step] = rows // EVERY
            typer.echo(f"{step}: {rows:,}", err=True)
