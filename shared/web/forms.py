"""A form: what was typed, read field by field; what is wrong is said beside its field, in the order of the page."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

LONGEST: Final = 500
_SPACES: Final = re.compile(r"\s+")
_DATE: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII)


@dataclass(frozen=True)
class Refusal:
    """One thing to correct, and the field that it is about."""

    field: str
    text: str


@dataclass(frozen=True)
class Typed:
    """What a page shows of a form: what was typed, never a secret, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def refusal(self, name: str) -> str | None:
        """What is said beside a field."""
        return next((one.text for one in self.refusals if one.field == name), None)

    def refused(self, *refusals: Refusal) -> "Typed":
        """The same, with what a service said."""
        return Typed(self.values, (*self.refusals, *refusals))


class Form(BaseModel):
    """Each field reads one typed text, or three where it is a date."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    SECRET: ClassVar[frozenset[str]] = frozenset()
    DATES: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def read(cls, posted: Mapping[str, str], *, today: dt.date) -> tuple[Self | None, Typed]:
        """The form where all is well, and in any case what to show again."""
        texts = {name: posted.get(name, "")[:LONGEST] for name in cls._texts()}
        shown = {name: text for name, text in texts.items() if name not in cls.SECRET}
        given: dict[str, Any] = dict(texts)
        for name in cls.DATES:
            given[name] = "/".join(texts[part].strip() for part in date_parts(name))
        try:
            return cls.model_validate(given, context={"today": today}), Typed(shown)
        except ValidationError as error:
            return None, Typed(shown, tuple(_refusal(one) for one in error.errors()))

    @classmethod
    def _texts(cls) -> list[str]:
        plain = [name for name in cls.model_fields if name not in cls.DATES]
        return plain + [part for name in cls.DATES for part in date_parts(name)]


def date_parts(name: str) -> tuple[str, str, str]:
    """The names of the three inputs of a date."""
    return f"{name}-jour", f"{name}-mois", f"{name}-annee"


def wrong(text: str, field: str = "") -> PydanticCustomError:
    """What a reader raises: the sentence that the member will see. A rule over several fields names one of them."""
    return PydanticCustomError("wrong", cast("Any", text), {"field": field})


def _refusal(error: Any) -> Refusal:
    location = error["loc"]
    return Refusal(str(location[0]) if location else error["ctx"]["field"], error["msg"])


def asked(missing: str, read: Callable[[str], Any] = str, *, squeeze: bool = True) -> BeforeValidator:
    """A field that must be filled, and how it is then read."""

    def reader(text: str) -> Any:
        text = _SPACES.sub(" ", text).strip() if squeeze else text
        if not text:
            raise wrong(missing)
        return read(text)

    return BeforeValidator(reader)


def asked_date(missing: str, impossible: str, check: Callable[[dt.date, dt.date], None]) -> BeforeValidator:
    """A date in three inputs, the year with four digits; `check` is also given today's date."""

    def reader(text: str, info: ValidationInfo) -> dt.date:
        if text == "//":
            raise wrong(missing)
        if not _DATE.fullmatch(text):
            raise wrong(impossible)
        day, month, year = (int(part) for part in text.split("/"))
        try:
            date = dt.date(year, month, day)
        except ValueError:
            raise wrong(impossible) from None
        check(date, info.context["today"] if info.context else date)
        return date

    return BeforeValidator(reader)


def maybe_date(impossible: str, check: Callable[[dt.date, dt.date], None]) -> BeforeValidator:
    """A date in three inputs, or none."""
    read = asked_date("", impossible, check).func

    def reader(text: str, info: ValidationInfo) -> dt.date | None:
        return None if text == "//" else cast("Any", read)(text, info)

    return BeforeValidator(reader)
