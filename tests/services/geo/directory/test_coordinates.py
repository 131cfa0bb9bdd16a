"""Coordinates to a metre: the two golden points, one published point of each other projection, swaps and strays."""

import math

import pytest

from services.geo.directory.coordinates import AREAS, degrees, located, number, system_of
from services.geo.search.asked import haversine
from shared.kernel import Rejected

NEWER = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
OLDER = "1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;LAMBERT_93"


@pytest.mark.parametrize(
    ("x", "y", "system", "latitude", "longitude"),
    [
        (870262.2, 6571540.8, 2154, 46.222286, 5.209181),
        (657242.9, 1795384.4, 5490, 16.234004, -61.528737),
        (700000.0, 6600000.0, 2154, 46.5, 3.0),  # the origin of Lambert-93
    ],
)
def test_published_points_are_right_to_a_metre(
    x: float, y: float, system: int, latitude: float, longitude: float
) -> None:
    found = located(x, y, system)
    assert haversine(*found, latitude, longitude) < 1


def transverse_mercator(latitude: float, longitude: float, zone: int) -> tuple[float, float]:
    """UTM on GRS 80 by Krüger's series (as published by the IGN, NTG 76), written apart from the library."""
    a, f, k0 = 6_378_137.0, 1 / 298.257222101, 0.9996
    n = f / (2 - f)
    big_a = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alpha = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    phi, lam = math.radians(latitude), math.radians(longitude - (zone * 6 - 183))
    e = 2 * math.sqrt(n) / (1 + n)
    t = math.sinh(math.atanh(math.sin(phi)) - e * math.atanh(e * math.sin(phi)))
    xi, eta = math.atan2(t, math.cos(lam)), math.atanh(math.sin(lam) / math.sqrt(1 + t * t))
    x = eta + sum(one * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, one in enumerate(alpha, 1))
    y = xi + sum(one * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, one in enumerate(alpha, 1))
    return 500_000 + k0 * big_a * x, (10_000_000 if latitude < 0 else 0) + k0 * big_a * y


@pytest.mark.parametrize(
    ("system", "zone", "latitude", "longitude"),
    [
        (5490, 20, 16.2412, -61.5331),
        (5490, 20, 14.6037, -61.0731),
        (2972, 22, 4.9227, -52.3269),
        (2975, 40, -20.8823, 55.4504),
        (4471, 38, -12.7794, 45.2272),
        (4467, 21, 46.7791, -56.1773),
    ],
)
def test_each_overseas_projection_is_the_textbooks_own(
    system: int, zone: int, latitude: float, longitude: float
) -> None:
    found = located(*transverse_mercator(latitude, longitude, zone), system)
    assert haversine(*found, latitude, longitude) < 1


def test_every_system_known_is_tested() -> None:
    assert set(AREAS) == {2154, 5490, 2972, 2975, 4471, 4467}


def test_swapped_coordinates_are_turned_round() -> None:
    assert located(6571540.8, 870262.2, 2154) == located(870262.2, 6571540.8, 2154)
    assert degrees(5.928, 43.124) == degrees(43.124, 5.928) == (43.124, 5.928)


@pytest.mark.parametrize("point", [(0.0, 0.0), (1e9, 1e9), (870262.2, 657.0), (float("nan"), 1.0)])
def test_a_point_elsewhere_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(Rejected, match="coordinates-elsewhere"):
        located(*point, 2154)


def test_degrees_elsewhere_are_refused() -> None:
    with pytest.raises(Rejected, match="coordinates-elsewhere"):
        degrees(0, 0)


@pytest.mark.parametrize(
    ("source", "system"),
    [
        (NEWER, 2154),
        (OLDER, 2154),
        ("1,ATLASANTE,90,BAN,EPSG:5490 RGAF09 / UTM 20N (Antilles)", 5490),
        ("1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;UTM_N20", 5490),
        ("1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;UTM_N22", 2972),
        ("1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;utm_s40", 2975),
        ("x,EPSG:4471 RGM04", 4471),
        ("x,EPSG:4467", 4467),
    ],
)
def test_the_source_field_names_the_system(source: str, system: int) -> None:
    assert system_of(source) == system


@pytest.mark.parametrize("source", ["", "EPSG:27572", "LAMBERT_2", "EPSG:21540"])
def test_an_unknown_name_is_set_aside(source: str) -> None:
    with pytest.raises(Rejected, match="projection-unknown"):
        system_of(source)


def test_numbers_have_a_point_or_a_comma() -> None:
    assert number(" 870262,2 ") == 870262.2
    with pytest.raises(Rejected, match="coordinates-missing"):
        number("")
