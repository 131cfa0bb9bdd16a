"""The colours keep the contrast that reading needs (WCAG AA), light and dark, as computed from the built sheet."""

import re

import pytest

from services.gateway.pages.site import STATIC

CSS = (STATIC / "site.css").read_text()
TEXT, CONTROL = 4.5, 3.0

PAIRS = [
    ("--govuk-text-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-text-colour", "--govuk-template-background-colour", TEXT),
    ("--govuk-text-colour", "--govuk-surface-background-colour", TEXT),
    ("--govuk-secondary-text-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-link-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-link-colour", "--govuk-template-background-colour", TEXT),
    ("--govuk-link-colour", "--govuk-surface-background-colour", TEXT),
    ("--govuk-link-visited-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-link-hover-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-link-active-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-error-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-success-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-brand-colour", "--govuk-body-background-colour", TEXT),
    ("--govuk-brand-colour", "--site-quiet", CONTROL),
    ("--govuk-focus-text-colour", "--govuk-focus-colour", TEXT),
    ("--govuk-input-border-colour", "--govuk-body-background-colour", CONTROL),
    ("--govuk-input-border-colour", "--site-quiet", CONTROL),
    ("--site-masthead-text", "--site-masthead", TEXT),
    ("--govuk-focus-colour", "--site-masthead", CONTROL),
    ("--site-action-text", "--site-action", TEXT),
    ("--site-action-text", "--site-action-hover", TEXT),
    ("--site-action", "--govuk-body-background-colour", CONTROL),
    ("--govuk-text-colour", "--site-quiet", TEXT),
    ("--govuk-text-colour", "--site-quiet-hover", TEXT),
    ("--site-danger-text", "--site-danger", TEXT),
    ("--site-danger-text", "--site-danger-hover", TEXT),
    ("--site-tag-text", "--site-tag", TEXT),
    ("--site-tag-good-text", "--site-tag-good", TEXT),
    ("--site-tag-bad-text", "--site-tag-bad", TEXT),
    ("--site-tag-busy-text", "--site-tag-busy", TEXT),
]


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"(--(?:govuk|site)-[\w-]+):\s*(#[0-9a-f]{3,6})", part))


def themes() -> dict[str, dict[str, str]]:
    dark_start = CSS.index("@media screen and (prefers-color-scheme: dark){:root{")
    dark = CSS[dark_start : CSS.index("}", dark_start)]
    light = colours(CSS[:dark_start])
    return {"light": light, "dark": {**light, **colours(dark)}}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    bright, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(theme: str, ink: str, ground: str, least: float) -> None:
    found = themes()[theme]
    assert contrast(found[ink], found[ground]) >= least


def test_the_two_themes_differ() -> None:
    assert themes()["light"]["--govuk-body-background-colour"] != themes()["dark"]["--govuk-body-background-colour"]


def test_the_formula_agrees_with_known_values() -> None:
    assert round(contrast("#fff", "#000000"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_motion_stops_where_it_is_not_wanted_and_paper_is_thought_of() -> None:
    assert "prefers-reduced-motion" in CSS
    assert CSS.count("@media print") > 3
