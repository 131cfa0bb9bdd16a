"""A form with files. What is too large is refused beside its field, and what is no file was not chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from services.gateway.pages.asking import Visiting
from shared.web import csrf
from shared.web.visits import Posted

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of one file."""
FILES: Final = 2
LIMIT: Final = FILES * LARGEST + 4 * 1024 * 1024
"""Of a whole form: somewhat too large a file still gets its message."""


@dataclass(frozen=True)
class Uploading(Posted):
    """A form that came from one of our own pages, with the files that were chosen (None: too large)."""

    files: Mapping[str, bytes | None] = field(default_factory=dict)


async def uploading(request: Request, visit: Visiting) -> Uploading:
    """The form of this request, files included.

    Raises:
        CrossSite, FormExpired: it is not one of ours, or of another session.
    """
    fields: dict[str, str] = {}
    files: dict[str, bytes | None] = {}
    async with request.form(max_files=FILES, max_fields=20) as form:
        for name, value in form.items():
            if isinstance(value, str):
                fields[name] = value
            elif isinstance(value, UploadFile) and value.size:
                files[name] = await value.read() if value.size <= LARGEST else None
    secret = visit.session.secret if visit.session.known else None
    visit.site.csrf.check(request.headers, secret, fields.get(csrf.FIELD, ""))
    return Uploading(fields, files)


Uploads = Annotated[Uploading, Depends(uploading)]
