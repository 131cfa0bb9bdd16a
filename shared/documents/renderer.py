"""PDF/UA-1 from typst templates: tagged, own fonts only, no clock; the same input gives the same bytes."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from shared.canonical import canonical

RENDERER: Final = "typst-0.15.2"
"""What made the bytes, for the event that remembers their hash: another renderer or other fonts may give others."""

HERE: Final = Path(__file__).parent


class RenderingFailed(Exception):  # noqa: N818 - said as it is
    """No document came of it. `diagnostic` is for a developer alone: it may repeat what the document says."""

    def __init__(self, template: str, diagnostic: str) -> None:
        super().__init__(template)
        self.diagnostic = diagnostic


class Renderer:
    """Renders `<folder>/<template>.v<version>.typ`; a version that was ever used stays for life.

    A template reads `json(bytes(sys.inputs.data))` and stands on `@local/page:1.0.0` (packages/local/page).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The fonts that typst brings along stand in for letters ours does not have: those of a name, say.
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"])
        self._compiler = typst.Compiler(root=folder, font_paths=fonts, package_path=HERE / "packages")
        self._one_at_a_time = Lock()

    def render(self, template: str, version: int, data: Mapping[str, Any]) -> bytes:
        """A PDF/UA-1 file; about 2 ms a page, longer tables belong in a thread.

        `data` is what the template shows, as JSON without floats; `data["created_at"]`, RFC 3339 with its zone, is
        the file's creation date.

        Raises:
            RenderingFailed: no such template, something is missing in the data, or a letter is in none of the fonts.
        """
        name = f"{template}.v{version}"
        created = dt.datetime.fromisoformat(data["created_at"]).astimezone(dt.UTC).replace(microsecond=0)
        try:
            with self._one_at_a_time:
                made = self._compiler.compile(
                    self._folder / f"{name}.typ",
                    format="pdf",
                    sys_inputs={"data": canonical(data).decode()},
                    pdf_standards=["ua-1"],
                    timestamp=created,
                )
        except RuntimeError as error:
            raise RenderingFailed(name, getattr(error, "diagnostic", str(error))) from None
        assert isinstance(made, bytes)
        return made
