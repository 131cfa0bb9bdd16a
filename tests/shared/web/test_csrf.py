"""Forms are taken from our own pages only: Fetch-Metadata, else Origin, and a token of the session."""

import pytest

from shared.web.csrf import CrossSite, Csrf, FormExpired

ORIGIN = "https://compte.exemple.fr"
SECRET = b"s" * 32


def csrf() -> Csrf:
    return Csrf(b"k" * 32, ORIGIN)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": ORIGIN}])
def test_our_own_forms_pass(headers: dict[str, str]) -> None:
    csrf().check(headers, SECRET, csrf().token(SECRET))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": ORIGIN},
        {"origin": "https://mal.exemple"},
        {"origin": "null"},
        {"referer": f"{ORIGIN}/connexion"},
        {},
    ],
)
def test_another_site_s_form_is_refused_whatever_token_it_bears(headers: dict[str, str]) -> None:
    with pytest.raises(CrossSite):
        csrf().check(headers, SECRET, csrf().token(SECRET))


@pytest.mark.parametrize(
    "token", ["", "é", Csrf(b"x" * 32, ORIGIN).token(SECRET), Csrf(b"k" * 32, ORIGIN).token(b"t" * 32)]
)
def test_a_token_of_another_session_or_key_is_refused(token: str) -> None:
    with pytest.raises(FormExpired):
        csrf().check({"origin": ORIGIN}, SECRET, token)


def test_a_form_without_a_session_is_refused() -> None:
    with pytest.raises(FormExpired):
        csrf().check({"origin": ORIGIN}, None, csrf().token(SECRET))
