"""What the cards service is told by its environment."""

from typing import TYPE_CHECKING, Any, cast

from services.cards.domain.ceam_words import CeamRules
from shared.settings import BaseServiceSettings

if TYPE_CHECKING:
    from shared.service import Service

EUROPE = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"),
    *("MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    *("IS", "LI", "NO", "CH", "GB"),
)
"""The 26 other states of the Union, three of the European Economic Area, Switzerland, the United Kingdom."""


class Settings(BaseServiceSettings):
    """Where and when a European card is good."""

    ceam_countries: tuple[str, ...] = EUROPE
    ceam_nationals_only: tuple[str, ...] = ("DK", "IS", "LI", "NO", "CH")
    """There the card may not be accepted from somebody who is no national of a state of the Union."""
    institution: str = "08 835 0300"
    """Field 7 of a European card: the number of the fund."""
    ceam_days_before_departure: int = 15
    ceam_renewal_window_days: int = 90

    @property
    def ceam_rules(self) -> CeamRules:
        """For the rules of the card."""
        return CeamRules(
            countries=frozenset(self.ceam_countries),
            days_before_departure=self.ceam_days_before_departure,
            renewal_window_days=self.ceam_renewal_window_days,
        )

    def opposition_readers(self) -> dict[str, Any]:
        """The public keys of those who may read the list of oppositions: a key set, each `kid` `<reader>-<mark>`."""
        return self._json("opposition_readers.json")


def settings_of(service: "Service") -> Settings:
    """The settings that this service was made with."""
    return cast("Settings", service.settings)
