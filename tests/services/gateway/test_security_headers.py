"""What every answer tells the browser."""

import re

import pytest

from tests.services.gateway.fakes import world

PATHS = ["/", "/connexion", "/creer-mon-compte/identite", "/rien", "/livez", "/confirmer/a.b.c", "/static/x/rien.css"]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_bears_the_policy_errors_included(path: str) -> None:
    headers = (await world().browser().client.get(path)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/static")])
async def test_pages_are_kept_nowhere(path: str) -> None:
    assert (await world().browser().client.get(path)).headers["Cache-Control"] == "no-store"


async def test_https_is_for_ever_where_there_is_https() -> None:
    secure = (await world().browser().client.get("/")).headers
    assert secure["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    plain = (await world("http://127.0.0.1:8000").browser().client.get("/")).headers
    assert "Strict-Transport-Security" not in plain


async def test_an_answer_too_large_to_read_is_protected_as_well() -> None:
    answer = await world().browser().client.post("/connexion", content=b"x" * (1 << 21))
    assert "Content-Security-Policy" in answer.headers


async def test_the_cookie_is_bound_to_this_host_unreadable_and_gone_with_the_browser() -> None:
    cookie = (await world().browser().client.get("/connexion")).headers["Set-Cookie"]
    value, *attributes = cookie.split("; ")
    assert re.fullmatch(r"__Host-sid=[\w-]{43}", value)
    assert {one.lower() for one in attributes} == {"httponly", "secure", "samesite=lax", "path=/"}


@pytest.mark.parametrize(
    "path", ["/", "/connexion", "/creer-mon-compte/code-provisoire", "/mon-compte", "/ma-carte-vitale"]
)
async def test_no_page_needs_what_the_policy_forbids(path: str) -> None:
    browser = world().browser()
    await browser.sign_in()
    html = (await browser.get(path)).html
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    for script in re.findall(r"<script[^>]*>([^<]*)</script>", html):
        assert script == ""
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', html):
        assert address.startswith(("/", "#")), address
        assert not address.startswith("//")
