"""The fund's own offices: a small JSON file that the fund writes, Vitale terminals included."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from services.geo.directory import coordinates
from services.geo.directory.entries import Entry, Raw, phone
from services.geo.directory.locating import Locator, position
from services.geo.domain.facts import Kind, Precision, Source
from shared.kernel import Rejected


class Office(BaseModel):
    """One desk. Coordinates in degrees."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: str
    name: str
    street: str
    postcode: str
    city: str
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    terminal: bool = False


_OFFICES: TypeAdapter[list[Office]] = TypeAdapter(list[Office])


class FundReader:
    """One file."""

    source = Source.FUND

    def __init__(self, file: Path, locator: Locator) -> None:
        try:
            self._offices = _OFFICES.validate_json(file.read_bytes())
        except ValidationError:
            raise Rejected("file-unknown") from None
        self._locator = locator

    def rows(self) -> Iterator[tuple[int, Raw]]:
        yield from enumerate(self._offices, start=1)

    def entry(self, raw: Office) -> Entry:
        known = self._locator.gazetteer.named(raw.city, raw.postcode)
        commune = known.code if known else ""
        facts = {
            "kind": Kind.FUND_OFFICE,
            "activity": "Accueil de la caisse",
            "label": raw.name,
            "street": raw.street,
            "phone": phone(raw.phone),
            "postcode": raw.postcode,
            "city": raw.city,
            "commune": commune,
            "terminal": raw.terminal,
        }
        if raw.latitude is not None and raw.longitude is not None:
            place = position(coordinates.degrees(raw.latitude, raw.longitude), Precision.ADDRESS)
        else:
            found = self._locator.around(commune, raw.postcode)
            if found is None:
                raise Rejected("coordinates-missing")
            place = found
        return Entry(f"fund|{raw.id}", facts, None, place)
