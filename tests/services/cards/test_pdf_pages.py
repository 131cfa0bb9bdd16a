"""An identity document as a PDF: what is refused, and that of the others the pages alone are kept."""

import io
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, StreamObject, TextStringObject

from services.cards.access import pdf_pages
from services.cards.access.pictures import identity_document
from shared.kernel import Rejected

RED, BLUE = (190, 40, 40), (40, 40, 190)


def scanned(*colours: tuple[int, int, int], size: tuple[int, int] = (900, 1270)) -> bytes:
    """As a telephone makes it: one picture a page."""
    pages = [Image.new("RGB", size, colour) for colour in colours]
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=110)
    return target.getvalue()


def written(change: Any, content: bytes = b"") -> bytes:
    """A PDF after a change by its writer."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content or scanned(RED))))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def action(**words: str) -> DictionaryObject:
    found = {NameObject(f"/{key}"): NameObject(f"/{word}") for key, word in words.items()}
    return DictionaryObject(found | {NameObject("/F"): TextStringObject("x")})


def opening(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = action(S="JavaScript")


def launching(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action(S="Launch")})


def deeply(writer: PdfWriter) -> None:
    """In an object of its own, that only an annotation names."""
    link = Link(rect=(0, 0, 9, 9), url="https://exemple.fr")
    link[NameObject("/A")] = writer._add_object(action(S="JavaScript"))
    writer.add_annotation(0, link)


def resources(inner: Any) -> DictionaryObject:
    return DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): inner})})


def form(content: bytes, inner: Any = None) -> StreamObject:
    """Something that is drawn, and draws another."""
    found = StreamObject()
    found.set_data(content)
    found.update({NameObject("/Subtype"): NameObject("/Form"), NameObject("/BBox"): RectangleObject((0, 0, 99, 99))})
    if inner is not None:
        found[NameObject("/Resources")] = resources(inner)
    return found


def code_of(content: bytes) -> str:
    with pytest.raises(Rejected) as refusal:
        pdf_pages.drawn(content)
    return refusal.value.code


def test_both_sides_become_one_picture_one_under_the_other() -> None:
    found = Image.open(io.BytesIO(pdf_pages.drawn(scanned(RED, BLUE))))
    assert (found.format, found.width) == ("JPEG", 1240)
    for part, colour in ((0.25, RED), (0.75, BLUE)):
        seen = found.getpixel((found.width // 2, int(found.height * part)))
        assert isinstance(seen, tuple)
        assert all(abs(one - other) < 8 for one, other in zip(seen, colour, strict=True))


def test_nothing_of_the_file_is_kept() -> None:
    def named(writer: PdfWriter) -> None:
        writer.add_metadata({"/Author": "somebody", "/GPS": "43.1"})

    made = pdf_pages.drawn(written(named))
    assert made.startswith(b"\xff\xd8")
    assert b"somebody" not in made


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (scanned(RED, RED, RED), "pdf-too-many-pages"),
        (scanned(RED, size=(2200, 1270)), "pdf-page-too-large"),
        (written(lambda writer: writer.encrypt("secret")), "pdf-encrypted"),
        (written(lambda writer: writer.encrypt("", "owner")), "pdf-encrypted"),
        (written(lambda writer: writer.add_attachment("x.exe", b"MZ")), "pdf-not-plain"),
        (written(opening), "pdf-not-plain"),
        (written(launching), "pdf-not-plain"),
        (written(deeply), "pdf-not-plain"),
    ],
)
def test_what_is_more_than_a_scan_of_two_pages_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_link_is_no_program() -> None:
    def linked(writer: PdfWriter) -> None:
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://exemple.fr"))

    assert pdf_pages.drawn(written(linked))


def packed(catalog: bytes) -> bytes:
    """A page of nothing whose objects lie compressed in one stream, as many programs write them."""
    objects = [catalog, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"]
    places = [sum(map(len, objects[:number])) for number in range(len(objects))]
    head = b" ".join(b"%d %d" % (number, place) for number, place in enumerate(places, 1)) + b" "
    body = zlib.compress(head + b"".join(objects))
    text = b"%PDF-1.7\n"
    stream = b"4 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
    start, text = len(text), text + stream % (len(head), len(body), body)
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, start, 0), (1, len(text), 0)]
    table = b"".join(struct.pack(">BHB", *row) for row in rows)
    index = b"5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length %d>>stream\n%b\nendstream\nendobj\n"
    return text + index % (len(table), table) + b"startxref\n%d\n%%%%EOF\n" % len(text)


def test_one_whose_objects_are_packed_is_looked_through_as_well() -> None:
    assert pdf_pages.drawn(packed(b"<</Type/Catalog/Pages 2 0 R>>"))
    program = packed(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>")
    assert b"JavaScript" not in program
    assert code_of(program) == "pdf-not-plain"


@pytest.mark.connected
class TestInAProcessOfItsOwn:
    """As an upload comes in."""

    def test_a_document_is_taken_and_cleaned_like_a_picture(self) -> None:
        found = Image.open(io.BytesIO(identity_document(scanned(RED, BLUE))))
        assert found.format == "JPEG"
        assert max(found.size) <= 3508

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"%PDF-1.7 a document", "pdf-unreadable"),
            (scanned(RED)[:800], "pdf-unreadable"),
            (b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 9, "pdf-unreadable"),
            (scanned(RED, RED, RED), "pdf-too-many-pages"),
            (written(opening), "pdf-not-plain"),
        ],
    )
    def test_a_refusal_comes_back_with_its_code(self, content: bytes, code: str) -> None:
        with pytest.raises(Rejected) as refusal:
            identity_document(content)
        assert refusal.value.code == code

    def test_one_that_would_be_drawn_for_ever_ends_with_its_process(self) -> None:
        def laughing(writer: PdfWriter) -> None:
            """A page of forty forms, of forty forms each, …"""
            inner = writer._add_object(form(b"0 0 m 9 9 l S"))
            for _ in range(6):
                inner = writer._add_object(form(b"/X Do " * 40, inner))
            page = writer.pages[0]
            page[NameObject("/Resources")] = resources(inner)
            page[NameObject("/Contents")] = writer._add_object(form(b"/X Do " * 40))

        started = time.monotonic()
        with pytest.raises(Rejected) as refusal:
            identity_document(written(laughing))
        assert refusal.value.code == "pdf-unreadable"
        assert time.monotonic() - started < 3 * pdf_pages.SECONDS
