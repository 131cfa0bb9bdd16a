"""PDFs: the same bytes from the same data, readable by a program, and nothing taken from the machine."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from shared.documents import Renderer, RenderingFailed

FOLDER = Path(__file__).parent / "templates"
MM = 72 / 25.4
A4_HEIGHT = 297
DATA: dict[str, Any] = json.loads((FOLDER / "sample.v1.example.json").read_text())


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(FOLDER)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def test_the_same_data_give_the_same_bytes_whatever_was_made_between(renderer: Renderer) -> None:
    first = renderer.render("sample", 1, DATA)
    renderer.render("sample", 1, DATA | {"name": "Paul"})
    assert renderer.render("sample", 1, DATA) == first
    assert Renderer(FOLDER).render("sample", 1, dict(reversed(DATA.items()))) == first


def test_other_data_give_another_document(renderer: Renderer) -> None:
    assert "Paul" in text(renderer.render("sample", 1, DATA | {"name": "Paul"}))


def test_it_shows_what_it_is_given_in_french(renderer: Renderer) -> None:
    shown = text(renderer.render("sample", 1, DATA))
    assert "1er novembre 2026" in shown
    assert "1 234 567,05 €" in shown
    assert "\N{MINUS SIGN}0,50" in shown
    assert "Référence : 7KQ2-M4XD-9VTA" in shown


def test_it_has_title_language_and_date_from_the_data_alone(renderer: Renderer) -> None:
    made = read(renderer.render("sample", 1, DATA))
    assert made.metadata is not None
    assert made.metadata.title == "Attestation d\N{RIGHT SINGLE QUOTATION MARK}essai"
    assert made.metadata["/CreationDate"] == "D:20261125093000Z"
    assert made.trailer["/Root"]["/Lang"] == "fr-FR"


def test_a_date_is_kept_to_the_second_in_utc(renderer: Renderer) -> None:
    made = read(renderer.render("sample", 1, DATA | {"created_at": "2026-11-25T10:30:00.123+01:00"}))
    assert made.metadata is not None
    assert made.metadata["/CreationDate"] == "D:20261125093000Z"


def test_every_letter_of_a_name_is_there_whichever_font_has_it(renderer: Renderer) -> None:
    name = "Zoé Čapek-L'HAŸ Ιωάννης œ"
    pdf = renderer.render("sample", 1, DATA | {"name": name})
    assert name in text(pdf)
    [page] = read(pdf).pages
    used = {
        font.get_object()["/BaseFont"][8:].removesuffix("-Identity-H") for font in page["/Resources"]["/Font"].values()
    }
    assert used == {"AtkinsonHyperlegibleNext-Regular", "AtkinsonHyperlegibleNext-Bold", "LibertinusSerif-Bold"}


def test_a_failure_shows_nothing_of_the_data(renderer: Renderer) -> None:
    with pytest.raises(RenderingFailed) as failure:
        renderer.render("sample", 1, DATA | {"name": "山田"})
    assert str(failure.value) == "sample.v1"
    assert "山" in failure.value.diagnostic
    assert failure.value.__cause__ is None


def test_a_template_that_does_not_exist_and_data_that_lack_something_fail(renderer: Renderer) -> None:
    with pytest.raises(RenderingFailed):
        renderer.render("sample", 9, DATA)
    with pytest.raises(RenderingFailed):
        renderer.render("sample", 1, {"created_at": DATA["created_at"]})


def test_the_address_stands_where_the_window_of_the_envelope_is(renderer: Renderer) -> None:
    data = json.loads((FOLDER / "letter.v1.example.json").read_text())
    [page] = read(renderer.render("letter", 1, data)).pages
    found: dict[str, tuple[float, float]] = {}

    def visit(said: str, place: Any, *_: Any) -> None:
        found[said.strip()] = (place[4] / MM, A4_HEIGHT - place[5] / MM)

    page.extract_text(visitor_text=visit)
    for line in data["to"]:
        left, top = found[line]
        assert left >= 105
        assert 45 < top < 80
