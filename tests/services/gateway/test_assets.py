"""Style sheet, scripts and fonts: ours, compressed, kept for ever under a name that changes with them."""

import gzip
import re
from pathlib import Path

import httpx
import pytest

from services.gateway.pages.site import STATIC, assets_of_site
from shared.web.assets import COMMON, Assets
from tests.services.gateway.fakes import world


def client() -> httpx.AsyncClient:
    return world().browser().client


FILES = {
    path.relative_to(folder).as_posix(): path
    for folder in (COMMON, STATIC)
    for path in folder.rglob("*")
    if path.is_file()
}


@pytest.mark.parametrize("name", FILES)
async def test_each_file_is_served_for_ever_under_its_version(name: str) -> None:
    answer = await client().get(assets_of_site().url(name), headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.content == FILES[name].read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


async def test_text_is_sent_compressed_and_fonts_are_not_compressed_twice() -> None:
    css = await client().get(assets_of_site().url("site.css"), headers={"Accept-Encoding": "gzip"})
    assert css.headers["Content-Encoding"] == "gzip"
    font = await client().get(assets_of_site().url("fonts/atkinson-400.woff2"), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers


async def test_a_page_of_the_release_before_gets_today_s_file_and_asks_again() -> None:
    answer = await client().get("/static/000000000000/site.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["rien.css", "../settings.py", "%2e%2e/settings.py", "licences"])
async def test_nothing_else_of_the_disk_is_served(name: str) -> None:
    assert (await client().get(f"/static/x/{name}")).status_code == 404


def test_a_template_that_names_a_missing_file_fails() -> None:
    with pytest.raises(KeyError):
        assets_of_site().url("rien.css")


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    before = Assets(tmp_path).version
    (tmp_path / "a.css").write_text("b")
    assert Assets(tmp_path).version != before


def test_a_first_visit_stays_under_100_kb() -> None:
    """Style sheet, scripts, fonts and emblem as they travel; a page itself is about 3 kB."""
    sent = ["site.css", "site.js", "govuk-frontend.js", "code-rules.js", "pending.js", "emblem.svg"]
    packed = sum(len(gzip.compress(FILES[name].read_bytes())) for name in sent)
    fonts = sum(path.stat().st_size for path in (COMMON / "fonts").iterdir())
    assert packed + fonts < 60_000


def test_nothing_vendored_is_reserved_to_others() -> None:
    text = "".join(path.read_text() for path in FILES.values() if path.suffix in {".css", ".js", ".svg"})
    for reserved in ("GDS Transport", "crown", "Marianne", "dsfr", "//# sourceMappingURL"):
        assert reserved.lower() not in text.lower(), reserved
    assert set(re.findall(r"https?://[\w.]+", text)) <= {
        "http://www.w3.org",  # the namespace of SVG
        "https://leafletjs.com",  # the map's notice
        "https://data.geopf.fr",  # the IGN's tiles, fetched where the policy of a page lets them
    }


def test_each_vendored_work_has_its_licence() -> None:
    assert "MIT License" in (COMMON / "licences" / "govuk-frontend.txt").read_text()
    assert "SIL Open Font License" in (COMMON / "licences" / "atkinson-hyperlegible-next.txt").read_text()
