"""Forms: whatever is typed, they read it or say what is wrong, beside a field of theirs, and never hand a secret on."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.pages.enrolment_forms import CodeForm, EmailForm, IdentityForm, ProofsForm, TermsForm, read_nir
from services.gateway.pages.report_forms import FactsForm, HonourForm, ReasonForm
from services.gateway.pages.sign_in import SignInForm
from shared.web.forms import LONGEST, Form
from tests.services.gateway.fakes import NIR

FORMS: list[type[Form]] = [
    CodeForm, EmailForm, FactsForm, HonourForm, IdentityForm, ProofsForm, ReasonForm, SignInForm, TermsForm,
]  # fmt: skip
TODAY = dt.date(2026, 11, 24)
NIRS = [
    NIR, "290127511230580", "190072A00401152", "275052B03311846", "288039710502329", "179099881807797",
    "295119873500415", "182069910915617", "270019935241012", "155049200301763", "184209910903372", "284319932400185",
    "184639935200297", "185018313702397", "185018313702201", "1850183137042", "1 85 01 83 137 042 78", "190072a004011",
]  # fmt: skip


def names(form: type[Form]) -> list[str]:
    parts = [f"{date}-{part}" for date in form.DATES for part in ("jour", "mois", "annee")]
    return [*(name for name in form.model_fields if name not in form.DATES), *parts]


@given(data=st.data())
@pytest.mark.parametrize("form", FORMS)
def test_anything_typed_is_read_or_refused_in_words(form: type[Form], data: st.DataObject) -> None:
    posted = data.draw(st.fixed_dictionaries({}, optional={name: st.text(max_size=60) for name in names(form)}))
    found, typed = form.read(posted, today=TODAY)
    assert (found is None) == bool(typed.refusals)
    for refusal in typed.refusals:
        assert refusal.field in form.model_fields
        assert refusal.text.endswith(".")
        assert typed.refusal(refusal.field)
    assert not form.SECRET & typed.values.keys()
    assert typed.values.items() <= {name: posted.get(name, "") for name in names(form)}.items()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_typed_is_refused_field_by_field_in_the_order_of_the_page(form: type[Form]) -> None:
    found, typed = form.read({}, today=TODAY)
    assert found is None
    assert [refusal.field for refusal in typed.refusals] == list(form.model_fields)


@pytest.mark.parametrize(
    ("form", "secrets"),
    [(ProofsForm, {"iban_end", "serial"}), (CodeForm, {"code", "code_again"}), (SignInForm, {"code"})],
)
def test_what_is_secret_is_never_among_what_is_shown(form: type[Form], secrets: set[str]) -> None:
    _, typed = form.read(dict.fromkeys(names(form), "x"), today=TODAY)
    assert secrets == form.SECRET
    assert not secrets & typed.values.keys()


def test_what_is_too_long_is_cut_before_anything_looks_at_it() -> None:
    _, typed = EmailForm.read({"email": "x" * 10_000}, today=TODAY)
    assert len(typed.value("email")) == LONGEST


@pytest.mark.parametrize("nir", NIRS)
def test_numbers_that_exist_pass(nir: str) -> None:
    assert read_nir(nir) == nir.replace(" ", "").upper()


@given(place=st.integers(0, 12), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_found_by_the_key(place: int, digit: str) -> None:
    spoilt = NIR[:place] + digit + NIR[place + 1 :]
    if spoilt == NIR:
        assert read_nir(spoilt) == NIR
    else:
        with pytest.raises(ValueError, match="contient une erreur"):
            read_nir(spoilt)
