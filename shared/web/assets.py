"""A site's style sheet, scripts and fonts: read once, compressed once, named after what they hold."""

import gzip
import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

COMMON: Final = Path(__file__).with_name("static")
"""What every site has: the kit's scripts, fonts, emblem, licences."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_PACKED: Final = frozenset({".woff2"})


@dataclass(frozen=True)
class Asset:
    """One file, as it is sent."""

    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All files under some folders; the version in their address changes with any of them."""

    def __init__(self, *folders: Path) -> None:
        found = {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*")}
        self._files = {name: _read(path) for name, path in sorted(found.items()) if path.suffix in _TYPES}
        seen = hashlib.sha256()
        for name, asset in self._files.items():
            seen.update(name.encode() + b"\0" + asset.body)
        self.version = seen.hexdigest()[:12]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._files)

    def url(self, name: str) -> str:
        """The address of a file, for templates. A name that does not exist fails the page, in a test first."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    def router(self) -> APIRouter:
        """Serves them. A page of the release before may still ask under the old version: it gets today's file."""
        router = APIRouter(include_in_schema=False)

        @router.get("/static/{version}/{name:path}")
        async def asset(request: Request, version: str, name: str) -> Response:
            found = self._files.get(name)
            if found is None:
                return Response(status_code=HTTPStatus.NOT_FOUND)
            headers = {"Cache-Control": FOR_EVER if version == self.version else "no-cache", "Vary": "Accept-Encoding"}
            if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
                headers["Content-Encoding"] = "gzip"
                return Response(found.packed, headers=headers, media_type=found.media_type)
            return Response(found.body, headers=headers, media_type=found.media_type)

        return router


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    packed = None if path.suffix in _PACKED else gzip.compress(body, mtime=0)
    return Asset(body, packed, _TYPES[path.suffix])
