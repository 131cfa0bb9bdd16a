"""Codes of an app: the RFC's own values, the steps around, and a seal for one owner."""

import datetime as dt

import pytest

from shared.sign_in.totp import app_uri, bare, new_secret, opened, sealed, step_of

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""RFC 6238, appendix B: the ASCII text 12345678901234567890; its codes have eight digits, ours are the last six."""


def at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_the_values_of_the_rfc(seconds: int, code: str) -> None:
    assert step_of(RFC_SECRET, code, at(seconds)) == seconds // 30


@pytest.mark.parametrize(("late", "step"), [(-30, 37037036), (0, 37037036), (30, 37037036), (61, None), (-61, None)])
def test_a_code_is_good_a_step_before_and_after(late: int, step: int | None) -> None:
    assert step_of(RFC_SECRET, "081804", at(1111111109 + late)) == step


@pytest.mark.parametrize("typed", ["", "000000", "0818041", "é81804", "081 805"])
def test_nothing_else_is_a_code(typed: str) -> None:
    assert step_of(RFC_SECRET, typed, at(1111111109)) is None


def test_spaces_do_not_matter() -> None:
    assert step_of(RFC_SECRET, "081 804", at(1111111109)) is not None
    assert bare(" AB-CD ef ") == "ABCDef"


def test_secrets_are_long_and_differ() -> None:
    assert len({new_secret() for _ in range(10)}) == 10
    assert len(new_secret()) == 32
    assert app_uri(RFC_SECRET, "compte", "Nous").startswith(f"otpauth://totp/Nous:compte?secret={RFC_SECRET}")


def test_a_secret_opens_for_its_owner_and_key_alone() -> None:
    key = b"k" * 32
    kept = sealed(key, "owner", "ABC")
    assert opened(key, "owner", kept) == "ABC"
    assert opened(key, "other", kept) is None
    assert opened(b"x" * 32, "owner", kept) is None
