"""The bodies and addresses of searches."""

from typing import Annotated, Final

from pydantic import Field

from services.geo.domain.facts import Kind, Sector, Sex
from services.geo.domain.specialities import Speciality
from services.geo.search.asked import WIDEST
from shared.kernel import Value

NEAR: Final = 10_000
PAGE: Final = 20


class Position(Value):
    """Where somebody is, as he chose to say: rounded to about 100 m, kept nowhere."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]

    def rounded(self) -> tuple[float, float]:
        """Again, should a client not have done it."""
        return round(self.latitude, 3), round(self.longitude, 3)


class Filters(Value):
    """What is looked for, and how far."""

    kind: tuple[Kind, ...] = ()
    speciality: Speciality | None = None
    name: Annotated[str, Field(max_length=100)] = ""
    sex: Sex | None = None
    sector: Sector | None = None
    optam: bool = False
    vitale: bool = False
    app_vitale: bool = False
    terminal: bool = False
    radius: Annotated[int, Field(ge=100, le=WIDEST)] = NEAR
    after: Annotated[str, Field(max_length=40)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Search(Filters):
    """By position, which stands in the body and nowhere else."""

    position: Position


class ByCommune(Filters):
    """By INSEE code or postcode."""

    commune: Annotated[str, Field(max_length=5)] | None = None
    postcode: Annotated[str, Field(max_length=5)] | None = None
