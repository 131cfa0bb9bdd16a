"""/internal/audit/checkpoints and exports: how far the log is signed, and what an auditor takes away of it."""

import uuid
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from shared.admin.callers import auditing_caller, looking_caller
from shared.kernel import Value
from shared.problems import Refused
from shared.proofs.checkpoints import public_key
from shared.proofs.export import Exporter, NothingSigned, new_file
from shared.proofs.standing import Signatures, Standing
from shared.proofs.witness import FileWitness

if TYPE_CHECKING:
    from shared.service.running import Service

ZIP: Final = "application/zip"


class ExportAsked(Value):
    """Whose streams, or which ones."""

    person_id: uuid.UUID | None = None
    streams: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=100)] = ()


def proofs_router(service: "Service") -> APIRouter:
    """The routes; only tokens of the console open them."""
    router = APIRouter(prefix="/internal/audit")

    @router.get("/checkpoints", dependencies=[Depends(looking_caller)])
    async def checkpoints() -> Standing:
        settings = service.settings
        folder = settings.witness_dir
        witness = FileWitness(folder / f"{service.name}.checkpoints") if folder else None
        key = public_key(settings.proof_public_key(service.name))
        last = witness.last if witness else lambda: None
        return await Signatures(service.name, service.store, service.database, key, last).standing()

    @router.post("/exports", dependencies=[Depends(auditing_caller)], response_class=FileResponse)
    async def export(form: ExportAsked) -> FileResponse:
        """One file that `verify.py` checks without us: the commits of these streams, and the heads of all others."""
        found = await service.store.streams_of(str(form.person_id)) if form.person_id else []
        key = public_key(service.settings.proof_public_key(service.name))
        path = new_file()
        try:
            await Exporter(service.name, service.store, service.database, key).write({*found, *form.streams}, path)
        except BaseException as error:
            path.unlink()
            if isinstance(error, NothingSigned):
                raise Refused("log-not-signed") from None
            raise
        return FileResponse(path, media_type=ZIP, background=BackgroundTask(path.unlink))

    return router
