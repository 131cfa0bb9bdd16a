"""The accounts of the demo: what is printed of them would pass the rules, and some people have no number for life yet."""

import datetime as dt
import re

from deploy.local.seed.accounts import CODE, address
from deploy.local.seed.people import Families
from services.identity.access.personal_words import is_known
from services.identity.domain.nir import parse_nir
from services.identity.domain.personal_code import broken_rules

TODAY = dt.date(2026, 11, 24)


def test_the_printed_code_passes() -> None:
    assert broken_rules(CODE) == []
    assert not is_known(CODE)


def test_every_address_is_one() -> None:
    for person in Families(1, TODAY).people(40):
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d\d@exemple\.fr", address(person)), address(person)


def test_every_number_is_one_and_some_wait() -> None:
    insured = [one for one in Families(7, TODAY).people(40) if one.rank == 1]
    assert all(parse_nir(one.nir) for one in insured)
    assert {one.nir[0] for one in insured} >= {"1", "2"}
    assert sum(one.nir[0] in "34" for one in insured) == 1
    assert sum(one.nir[0] in "78" for one in insured) == 1
