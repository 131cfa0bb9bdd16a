"""How files of feeds come in: `POST /internal/feeds/<name>`, and `python -m services.<service> feed <name> FILE`."""

import json
import mmap
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from fastapi import APIRouter, Depends, Header, Request

from shared.feeds.format import Content, Report
from shared.feeds.importer import FeedImporter
from shared.feeds.running import Told, silent
from shared.kernel import Rejected
from shared.security import console_caller
from shared.service import Service
from shared.service.cli import WithService

STATUSES: Final[Mapping[str, int]] = {
    "feed-unknown": 404,
    "feed-signature-invalid": 403,
    "feed-header-invalid": 422,
    "feed-lines-missing": 422,
    "feed-from-the-future": 422,
}
"""For a service's catalogue of problems; the others (repeated, older, overtaken) are conflicts."""
TITLES: Final[Mapping[str, str]] = {
    "feed-unknown": "Ce flux n'existe pas ici",
    "feed-signature-invalid": "La signature du fichier n'est pas celle de son expéditeur",
    "feed-header-invalid": "La première ligne du fichier est incorrecte",
    "feed-lines-missing": "Le fichier n'a pas le nombre de lignes annoncé",
    "feed-from-the-future": "La date du fichier est dans le futur",
    "feed-repeated": "Ce fichier a déjà été pris en compte",
    "feed-older": "Un fichier plus récent a déjà été pris en compte",
    "feed-overtaken": "Un fichier plus récent a été pris en compte entre-temps",
}


class SenderUnknown(Exception):  # noqa: N818 - said as it is
    """The public key of a feed's sender is absent or no Ed25519 key."""


def sender_key(secrets: Path, sender: str) -> Ed25519PublicKey:
    """The public key of a feed's sender: `feeds/<sender>.pub` among the secrets.

    Raises:
        SenderUnknown: there is none.
    """
    try:
        key = load_pem_public_key((secrets / "feeds" / f"{sender}.pub").read_bytes())
    except (OSError, ValueError) as error:
        raise SenderUnknown(f"{sender}: {type(error).__name__}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SenderUnknown(f"{sender}: no Ed25519 key")
    return key


def feed_router(importer: FeedImporter) -> APIRouter:
    """The endpoint, for files up to the app's limit of a body; larger ones come by the command line."""
    router = APIRouter()

    @router.post("/internal/feeds/{name}", dependencies=[Depends(console_caller)])
    async def take(name: str, request: Request, x_feed_signature: Annotated[str, Header()]) -> Report:
        return await importer.take(name, await request.body(), x_feed_signature)

    return router


def add_feed_command(
    app: typer.Typer, with_service: WithService, importer_of: Callable[[Service], FeedImporter]
) -> None:
    """The command `feed`: takes a file with the signature that lies beside it in `<file>.sig`."""

    @app.command(help="Take a file of a feed; its signature lies beside it in FILE.sig. Exit code 1: refused.")
    def feed(name: str, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
        with_service(lambda service: _take(service, importer_of(service), name, file))


async def _take(service: Service, importer: FeedImporter, name: str, file: Path) -> None:
    await service.prepare()
    try:
        report = await take_file(importer, name, file, showing())
    except Rejected as refusal:
        typer.echo(f"{name}: {refusal.code}", err=True)
        raise typer.Exit(1) from None
    finally:
        await service.close()
    typer.echo(report.model_dump_json(indent=2))


def showing(every: float = 5.0) -> Told:
    """How far a file is, on standard error: on a terminal a line that is written over, else JSON now and then."""
    started = last = time.monotonic()

    def told(read: int, lines: int, set_aside: int) -> None:
        nonlocal last
        now = time.monotonic()
        terminal = sys.stderr.isatty()
        if read < lines and now - last < (0.2 if terminal else every):
            return
        last = now
        rate = read / max(now - started, 0.001)
        if terminal:
            text = f"\r{read:,} of {lines:,} lines, {set_aside:,} set aside, {rate:,.0f}/s "
            typer.echo(text, nl=read >= lines, err=True)
        else:
            typer.echo(
                json.dumps({"read": read, "lines": lines, "set_aside": set_aside, "rate": round(rate)}), err=True
            )

    return told


async def take_file(importer: FeedImporter, name: str, file: Path, told: Told = silent) -> Report:
    """Take a file from the disk, mapped rather than read; `told` hears how far it is.

    Raises:
        Rejected: as FeedImporter.take; also where the signature is missing.
    """
    try:
        signature = file.with_name(f"{file.name}.sig").read_text(encoding="ascii")
    except (OSError, ValueError):
        raise Rejected("feed-signature-invalid") from None
    with file.open("rb") as opened:
        if not file.stat().st_size:  # noqa: ASYNC240 - nothing can be mapped of an empty file
            return await importer.take(name, b"", signature, told)
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            mapped: Content = content
            return await importer.take(name, mapped, signature, told)
