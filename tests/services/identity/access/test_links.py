"""Tokens of links."""

import datetime as dt

import pytest

from services.identity.access.links import VALIDATION, LinkTokens
from shared.kernel import Rejected
from tests.services.identity.examples import LINK, NOW, after

TOKENS = LinkTokens(bytes(32))
EXPIRES = after(hours=24)
TOKEN = TOKENS.token(VALIDATION, LINK, EXPIRES)


def test_a_token_of_ours_is_read() -> None:
    assert TOKENS.read(VALIDATION, TOKEN, NOW) == LINK


def test_its_form_is_agreed_with_those_who_send_it() -> None:
    link_id, expiry, code = TOKEN.split(".")
    assert (link_id, expiry) == (LINK, str(int(EXPIRES.timestamp())))
    assert code == "d-gtmYdYGCvsZ6LEy3vbS-QZQKk09Emw4PtWlxtGqoQ"


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", LINK, f"{LINK}.1", TOKEN[:-1], TOKEN + "A", TOKEN.replace("2", "3", 1),
        TOKEN.replace(str(int(EXPIRES.timestamp())), str(int(EXPIRES.timestamp()) + 1)), f"{TOKEN}.x", "é.1.2",
    ],
)  # fmt: skip
def test_a_token_that_was_tampered_with_is_not(token: str) -> None:
    with pytest.raises(Rejected, match="link-invalid"):
        TOKENS.read(VALIDATION, token, NOW)


def test_a_token_is_for_one_purpose_and_one_key() -> None:
    for tokens, purpose in ((TOKENS, "code-reset"), (LinkTokens(b"1" * 32), VALIDATION)):
        with pytest.raises(Rejected, match="link-invalid"):
            tokens.read(purpose, TOKEN, NOW)


def test_a_token_ends() -> None:
    with pytest.raises(Rejected, match="link-expired"):
        TOKENS.read(VALIDATION, TOKEN, EXPIRES)
    assert TOKENS.read(VALIDATION, TOKEN, EXPIRES - dt.timedelta(seconds=1)) == LINK
