"""E-mail addresses in normal form."""

import pytest

from services.identity.domain.email import email_key, masked_email, parse_email
from shared.kernel import Rejected


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("claire@exemple.fr", "claire@exemple.fr"),
        ("  claire@EXEMPLE.fr ", "claire@exemple.fr"),
        ("Claire.Martin+cnmss@Exemple.FR", "Claire.Martin+cnmss@exemple.fr"),
        ("o'neil_1@sub.domaine.exemple", "o'neil_1@sub.domaine.exemple"),
        ("claire@défense.fr", "claire@xn--dfense-bva.fr"),
    ],
)
def test_an_address_keeps_its_local_part(typed: str, normal: str) -> None:
    assert parse_email(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "", "claire", "@exemple.fr", "claire@", "claire@exemple", "claire@.fr", "claire@exemple..fr", "claire@-exemple.fr",
        "a@b@exemple.fr", ".claire@exemple.fr", "claire.@exemple.fr", "cl..aire@exemple.fr", "cl aire@exemple.fr",
        "claire@exemple.fr\nBcc: x@y.fr", "claire\r\n@exemple.fr", '"claire"@exemple.fr', "clairé@exemple.fr",
        "claire@127.0.0.1", f"{'a' * 65}@exemple.fr", f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.fr",
        "claire@é" + "x" * 70 + ".fr",
    ],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Rejected, match="email-format"):
        parse_email(typed)


def test_one_mailbox_has_one_key_and_tags_make_another() -> None:
    assert email_key(parse_email("Claire@exemple.fr")) == email_key(parse_email("claire@Exemple.fr"))
    assert email_key("claire+1@exemple.fr") != email_key("claire@exemple.fr")
    assert email_key("cl.aire@exemple.fr") != email_key("claire@exemple.fr")


def test_a_masked_address_shows_its_first_letter_and_domain() -> None:
    assert masked_email("claire@exemple.fr") == "c•••@exemple.fr"
