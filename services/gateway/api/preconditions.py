"""Whoever has a thing is not sent it again, and whoever replaces it has seen it as it is (RFC 9110 13)."""

import hashlib
from typing import Annotated, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel

from services.gateway.api.calls import Call
from shared.problems import Refused
from shared.web.channel import Fresh

M = TypeVar("M", bound=BaseModel)


class NotModified(Exception):  # noqa: N818 - an answer: 304
    """The program has what it asks for."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def tagged(call: Call, response: Response, found: Fresh[M], if_none_match: str | None) -> M:
    """What can be replaced, with its ETag.

    Raises:
        NotModified: the caller has named it.
    """
    value = call.shown(response, found)
    response.headers["ETag"] = tag = etag(value)
    if if_none_match is not None and _names(if_none_match.replace("W/", ""), tag):
        raise NotModified(tag)
    return value


def etag(value: BaseModel) -> str:
    """Names what a resource says now."""
    return f'"{hashlib.sha256(value.model_dump_json().encode()).hexdigest()[:32]}"'


def matched(value: BaseModel, if_match: str | None) -> None:
    """Whoever changes something has seen how it is now (RFC 6585).

    Raises:
        Refused: `precondition-required`, `precondition-failed`.
    """
    if if_match is None:
        raise Refused("precondition-required")
    if not _names(if_match, etag(value)):
        raise Refused("precondition-failed")


def _names(tags: str, tag: str) -> bool:
    return tag in {one.strip() for one in tags.split(",")}


IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of what is to be changed, as it was last read.")
]

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The ETag of what the caller has: `304` where it still holds."),
]
