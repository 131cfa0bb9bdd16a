"""Every account of the reference list, valid or not, and whose it is."""

import datetime as dt

import pytest

from services.identity.access.bank_accounts import Holder, LocalHolderCheck, read_iban
from services.identity.domain.bank_events import HolderVerdict
from services.identity.settings import SEPA
from shared.kernel import Rejected

VALID = {
    "FR7630006000011234567890189": "CREDIT AGRICOLE SA",
    "fr76 3000 6000 0112 3456 7890 189": "CREDIT AGRICOLE SA",
    "FR1420041010050500013M02606": "LA BANQUE POSTALE",
    "FR7630004000010000012345617": "BNP PARIBAS",
    "FR7640618802800004012345685": "BOURSOBANK",
    "MC5811222000010123456789030": None,
    "DE89370400440532013000": "Commerzbank",
    "LT353250012345678901": "Revolut Payments UAB",
    "BE68539007547034": None,
}
INVALID = {
    "FR7630006000011234567890188": "iban-key",
    "FR0630006000011234567890188": "iban-rib-key",
    "FR763000600001123456789018": "iban-length",
    "MA64011519000001205000534921": "iban-country",
    "US64SVBKUS6S3300958879": "iban-country",
    "FR76": "iban-format",
    "7630006000011234567890189": "iban-format",
    "FR76300060000112345678901é9": "iban-format",
    "": "iban-format",
    "DE893704004405320130AB": "iban-format",
}


def test_valid_accounts_with_the_bank_as_a_hint() -> None:
    read = {text: read_iban(text, SEPA) for text in VALID}
    assert {text: found.bank for text, found in read.items()} == {text: VALID[text] for text in read}
    assert all(found.iban == text.replace(" ", "").upper() for text, found in read.items())


def test_an_unknown_bank_is_no_reason_to_refuse() -> None:
    found = read_iban("FR7699999000426942255555673", SEPA)
    assert (found.bank, found.masked) == (None, "FR76 •••• •••• •••• •••• ••55 673")


@pytest.mark.parametrize(("text", "code"), INVALID.items())
def test_invalid_accounts(text: str, code: str) -> None:
    with pytest.raises(Rejected, match=f"^{code}$"):
        read_iban(text, SEPA)


def test_what_people_type_between_the_characters_does_not_matter() -> None:
    assert read_iban(" fr14-2004.1010\u00a00505\u202f0001 3M02606 ", SEPA).iban == "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    ("iban", "verdict"),
    [
        ("FR7630006000011234567890189", HolderVerdict.MATCH),
        ("FR7699997000010000000000196", HolderVerdict.DOUBT),
        ("FR7699998000010000000000107", HolderVerdict.MISMATCH),
    ],
)
async def test_the_stand_in_for_the_banks(iban: str, verdict: HolderVerdict) -> None:
    holder = Holder(surname="LEFÈVRE", given_names="Claire", birth_date=dt.date(1985, 1, 17))
    assert await LocalHolderCheck().check(iban, holder) is verdict
