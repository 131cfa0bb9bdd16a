"""Uploaded pictures: looked at before they are opened, and written anew: nothing of the file itself is kept."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from services.cards.access import pdf_pages
from shared.kernel import Rejected, require

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of one upload."""
MOST_PIXELS: Final = 40_000_000
"""A few kilobytes can unfold to gigabytes: the size in the header is judged before anything is decoded."""
FORMATS: Final = ("JPEG", "PNG")

PHOTO_RATIO: Final = 35 / 45
TOLERANCE: Final = 0.04
"""So that a photo of 3:4, as telephones make them, passes; it is then cut to 35 by 45."""
PHOTO_SMALLEST: Final = (413, 531)
"""35 by 45 mm at 300 dots an inch."""
PHOTO_LARGEST: Final = (1240, 1594)
LEAST_COLOUR: Final = 6.0
"""Mean saturation (of 255) under which a photo is grey (R161-33-1: in colour)."""
DOCUMENT_SMALLEST: Final = 600
DOCUMENT_LARGEST: Final = (2480, 3508)
QUALITY: Final = 88


def photo(content: bytes) -> bytes:
    """An identity photo as a clean JPEG of 35 by 45, at most 1240 by 1594 pixels.

    Raises:
        Rejected: `upload-too-large`, `upload-not-a-picture`, `upload-too-many-pixels`, `photo-ratio`,
            `photo-too-small`, `photo-not-in-colour`.
    """
    picture = _opened(content)
    width, height = picture.size
    require(abs(width / height / PHOTO_RATIO - 1) <= TOLERANCE, otherwise="photo-ratio")
    require(width >= PHOTO_SMALLEST[0] * (1 - TOLERANCE), otherwise="photo-too-small")
    require(height >= PHOTO_SMALLEST[1] * (1 - TOLERANCE), otherwise="photo-too-small")
    saturation = ImageStat.Stat(picture.convert("HSV").getchannel("S")).mean[0]
    require(saturation >= LEAST_COLOUR, otherwise="photo-not-in-colour")
    target = (min(width, PHOTO_LARGEST[0]), round(min(width, PHOTO_LARGEST[0]) / PHOTO_RATIO))
    return _written(ImageOps.fit(picture, target))


def identity_document(content: bytes) -> bytes:
    """An identity document, a picture or a PDF of two pages, as a clean JPEG no larger than a page at 300 dots an inch.

    Raises:
        Rejected: `upload-too-large`, `upload-not-a-picture`, `upload-too-many-pixels`, `document-too-small`; of a PDF
            also those of `pdf_pages.picture_of`.
    """
    require(len(content) <= LARGEST, otherwise="upload-too-large")
    picture = _opened(pdf_pages.picture_of(content) if pdf_pages.is_pdf(content) else content)
    require(max(picture.size) >= DOCUMENT_SMALLEST, otherwise="document-too-small")
    picture.thumbnail(DOCUMENT_LARGEST if picture.height >= picture.width else DOCUMENT_LARGEST[::-1])
    return _written(picture)


def _opened(content: bytes) -> Image.Image:
    require(0 < len(content) <= LARGEST, otherwise="upload-too-large" if content else "upload-not-a-picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is judged below
            found = Image.open(io.BytesIO(content), formats=FORMATS)
            require(found.width * found.height <= MOST_PIXELS, otherwise="upload-too-many-pixels")
            found.load()
            return _flat(ImageOps.exif_transpose(found))
    except Image.DecompressionBombError:
        raise Rejected("upload-too-many-pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Rejected("upload-not-a-picture") from None


def _flat(picture: Image.Image) -> Image.Image:
    """Colours alone, what is transparent on white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")


def _written(picture: Image.Image) -> bytes:
    """Pixels alone: where and with what it was taken stays behind."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    target = io.BytesIO()
    clean.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
