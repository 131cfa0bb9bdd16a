"""Answers that are documents."""

from typing import Any, Final

from fastapi import Response

PDF: Final = "application/pdf"


def pdf(content: bytes) -> Response:
    """A PDF as an answer."""
    return Response(content, media_type=PDF)


def described(media_type: str = PDF) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of such an answer."""
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}
