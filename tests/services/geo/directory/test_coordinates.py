"""Coordinates to a metre: published points of each projection, the textbook's formula, swaps and strays."""

import math

import pytest

from services.geo.directory.coordinates import AREAS, ZONES, degrees, located, number, system_of
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
        # the IGN's own software, Circé Antilles-Guyane 4.2 and Mayotte 3.2 (as the OrbisGIS CTS tests quote them)
        (715938.802, 1604155.162, 5490, 14.50166751, -60.99633191),
        (660086.365, 1769232.273, 5490, 15.99747584, -61.50391185),
        (521407.240, 1989784.123, 5490, 17.99626623, -62.79778742),
        (355849.323, 541869.306, 2972, 4.90107745, -52.30005723),
        (513036.279, 8585694.190, 4471, -12.79352658, 45.12011640),
        # hospitals of FINESS: their published coordinates, and what others have published of them to five decimals
        (353672.8, 544349.1, 2972, 4.92347, -52.31973),
        (323086.6, 7679599.8, 2975, -20.97571, 55.29821),
        (524819.9, 8587194.7, 4471, -12.77989, 45.22868),
        (563213.8, 5180306.8, 4467, 46.77332, -56.17201),
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
    assert set(AREAS) == {2154, 5490, 2972, 2975, 4471, 4467} == {*ZONES.values(), 2154}


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
        ("1,ATLASANTE,96,BAN,L93_METROPOLE", 2154),
        ("2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", 5490),
        ("2,ATLASANTE,100,BDADRESSE,EPSG:4471 RGM04/UTM zone 38S (Mayotte)", 4471),
        ("2,ATLASANTE,90,BAN,WGS84/UTM zone 21N (St-Pierre-et-Miquelon)", 4467),
    ],
)
def test_the_source_field_names_the_system(source: str, system: int) -> None:
    assert system_of(source) == system


@pytest.mark.parametrize(
    "source", ["", "EPSG:27572", "LAMBERT_2", "EPSG:21540", "UTM_N31", "UTM zone 201N", "x,EPSG:32631 WGS84 / UTM 20N"]
)
def test_an_unknown_name_is_set_aside(source: str) -> None:
    with pytest.raises(Rejected, match="projection-unknown"):
        system_of(source)


def test_numbers_have_a_point_or_a_comma() -> None:
    assert number(" 870262,2 ") == 870262.2
    with pytest.raises(Rejected, match="coordinates-missing"):
        number("")
