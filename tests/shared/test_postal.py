"""What stands on an envelope."""

import pytest

from shared.postal import envelope


@pytest.mark.parametrize("home", ["FR", "FRANCE", "France"])
def test_at_home_no_country_is_written(home: str) -> None:
    assert envelope(["12 rue du Four"], "83000", "TOULON", home) == ("12 rue du Four", "83000 TOULON")


def test_abroad_it_stands_last_in_capitals() -> None:
    assert envelope(["Hauptstr. 1"], "77694", "KEHL", "Allemagne")[-2:] == ("77694 KEHL", "ALLEMAGNE")
