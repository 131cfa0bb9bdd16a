"""Uploaded pictures: what is refused, and what is left of those that are taken."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from services.cards.access.pictures import LARGEST, PHOTO_LARGEST, identity_document, photo
from shared.kernel import Rejected

COLOUR = (170, 120, 90)


def picture(width: int, height: int, form: str = "JPEG", mode: str = "RGB", colour: Any = COLOUR, **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (width, height), colour).save(target, form, **more)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def refused(clean: Any, content: bytes) -> str:
    with pytest.raises(Rejected) as refusal:
        clean(content)
    return refusal.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_becomes_a_jpeg_of_35_by_45(form: str) -> None:
    made = opened(photo(picture(700, 900, form)))
    assert (made.format, made.mode) == ("JPEG", "RGB")
    assert made.width / made.height == pytest.approx(35 / 45, rel=0.01)


def test_a_photo_of_a_telephone_is_cut() -> None:
    made = opened(photo(picture(3000, 4000)))
    assert made.width / made.height == pytest.approx(35 / 45, rel=0.01)
    assert made.size <= PHOTO_LARGEST


def test_nothing_is_left_of_where_and_with_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a telephone of somebody"
    exif[0x8825] = {1: "N", 2: (43.0, 7.0, 0.0)}
    for clean, content in (
        (photo, picture(700, 900, exif=exif, comment=b"hidden words")),
        (identity_document, picture(1200, 800, exif=exif)),
    ):
        made = clean(content)
        assert not opened(made).getexif()
        for trace in (b"a telephone", b"hidden words", b"Exif"):
            assert trace in content or trace != b"a telephone"
            assert trace not in made


def test_a_picture_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(photo(picture(900, 700, exif=exif))).height > 700


def test_what_is_transparent_becomes_white() -> None:
    clear = picture(700, 900, "PNG", "RGBA", (200, 60, 60, 0))
    assert refused(photo, clear) == "photo-not-in-colour"
    assert opened(identity_document(clear)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (picture(700, 700), "photo-ratio"),
        (picture(900, 700), "photo-ratio"),
        (picture(350, 450), "photo-too-small"),
        (picture(700, 900, mode="L", colour=120), "photo-not-in-colour"),
        (picture(700, 900, colour=(120, 121, 119)), "photo-not-in-colour"),
    ],
)
def test_a_photo_that_cannot_be_printed_is_refused(content: bytes, code: str) -> None:
    assert refused(photo, content) == code


def test_a_photo_is_no_pdf() -> None:
    assert refused(photo, b"%PDF-1.7 a document") == "upload-not-a-picture"


@pytest.mark.parametrize("clean", [photo, identity_document])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload-not-a-picture"),
        (b"MZ an executable", "upload-not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload-not-a-picture"),
        (picture(700, 900)[:4000], "upload-not-a-picture"),
        (picture(700, 900, "GIF", "P", 1), "upload-not-a-picture"),
        (picture(700, 900, "TIFF"), "upload-not-a-picture"),
        (picture(700, 900, "WEBP"), "upload-not-a-picture"),
        (b"\xff\xd8\xff" + b"\x00" * LARGEST, "upload-too-large"),
    ],
)
def test_what_is_no_picture_or_too_much_is_refused(clean: Any, content: bytes, code: str) -> None:
    assert refused(clean, content) == code


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims, and unfolds to, hundreds of millions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(7000, 9000), (35_000, 45_000), (2_000_000_000, 1)])
def test_a_picture_that_would_unfold_to_gigabytes_is_refused_by_its_header(size: tuple[int, int]) -> None:
    content = bomb(*size)
    assert len(content) < 1000
    assert refused(photo, content) == "upload-too-many-pixels"


def test_a_document_is_kept_readable_and_not_larger_than_a_page() -> None:
    assert max(opened(identity_document(picture(6000, 4000))).size) <= 3508
    assert opened(identity_document(picture(1200, 800))).size == (1200, 800)
    assert refused(identity_document, picture(500, 400)) == "document-too-small"
