"""What an attestation may say, and how long it holds."""

import datetime as dt
from typing import Any

import pytest

from services.identity.domain import attestation_commands as c
from services.identity.domain import attestation_events as e
from services.identity.domain.attestation import Attestation, attestation, named, still_holds
from services.identity.domain.ids import AttestationId
from services.identity.domain.register import Part, RegisterFacts
from services.identity.domain.rights import Exemption, ExemptionKind, RightsPeriod
from services.identity.processes.attestation_review import attestation_review
from services.identity.read_models.attestations import evolve
from shared.kernel import ERASED, Issued, Rejected
from shared.personal_data import personal_fields
from shared.testing.spec import Spec
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, MEMBER, NOW, PAUL, after, facts, updated

ID = AttestationId("66666666-6666-4666-8666-666666666666")
TODAY = NOW.date()
END = dt.date(2027, 12, 31)
YEARS = (
    RightsPeriod(starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 12, 31), rate=70),
    RightsPeriod(starts_on=dt.date(2026, 1, 1), ends_on=END, rate=100),
)
ALD = Exemption(kind=ExemptionKind.LONG_ILLNESS, starts_on=dt.date(2025, 2, 1))


def person(**changes: Any) -> RegisterFacts:
    return RegisterFacts.model_validate(facts(rights=YEARS, exemptions=(ALD,), **changes))


OF_CLAIRE = named(person(), TODAY, with_exemptions=True)
OF_LEA = OF_CLAIRE.model_copy(update={"person_id": PAUL, "ends_on": dt.date(2027, 1, 1)})


def issue(*people: e.Named, past: bool = False) -> c.IssueAttestation:
    return c.IssueAttestation(
        at=NOW,
        attestation_id=ID,
        person_id=CLAIRE,
        member_id=MEMBER,
        number="AD-7KQ2-M4XD-9VTA",
        scope=e.Scope.FAMILY,
        day=TODAY,
        past=past,
        with_exemptions=True,
        named=people,
        salt="0" * 16,
        code="https://compte.exemple.fr/verifier#a.b.c",
        fund=("247 avenue Jacques Cartier",),
        organism="08 835 0300",
        template="attestation.v1",
        renderer="typst",
        sha256="f" * 64,
    )


def issued(until: dt.date | None, *people: e.Named, past: bool = False) -> e.AttestationIssued:
    return e.AttestationIssued(**issue(*people, past=past).model_dump(exclude={"subject"}), until=until)


def names(one: e.Named) -> e.AttestationNames:
    return e.AttestationNames(at=NOW, attestation_id=ID, person_id=one.person_id, until=one.ends_on)


def revoke(reason: e.RevokedFor = e.RevokedFor.REQUEST, person_id: Any = CLAIRE) -> c.RevokeAttestation:
    return c.RevokeAttestation(at=after(days=1), attestation_id=ID, person_id=person_id, reason=reason)


REVOKED = e.AttestationRevoked(**revoke().model_dump(), member_id=MEMBER)
nothing: Spec[Attestation, c.AttestationCommand, e.AttestationEvent] = Spec(attestation)
GIVEN = nothing.given(issued(END, OF_CLAIRE), names(OF_CLAIRE))


def test_it_is_given_and_says_whom_it_names() -> None:
    nothing.when(issue(OF_CLAIRE, OF_LEA)).then(
        issued(dt.date(2027, 1, 1), OF_CLAIRE, OF_LEA), names(OF_CLAIRE), names(OF_LEA)
    )


def test_given_once() -> None:
    GIVEN.when(issue(OF_CLAIRE)).nothing()


def test_of_the_past_it_has_no_end_and_is_reviewed_by_nothing() -> None:
    nothing.when(issue(OF_CLAIRE, past=True)).then(issued(None, OF_CLAIRE, past=True))


def test_naming_nobody_is_nothing_to_give() -> None:
    nothing.when(issue()).rejected("rights-none")


def test_revoked_once_by_who_asked_for_it() -> None:
    GIVEN.when(revoke()).then(REVOKED)
    GIVEN.given(REVOKED).when(revoke()).nothing()
    GIVEN.when(revoke(person_id=PAUL)).rejected("attestation-unknown")
    nothing.when(revoke()).rejected("attestation-unknown")


def test_revoked_when_the_rights_of_anybody_named_end() -> None:
    ended = revoke(e.RevokedFor.RIGHTS_ENDED, PAUL)
    GIVEN.when(ended).then(e.AttestationRevoked(**ended.model_dump(), member_id=MEMBER))  # who had it made is told


def test_what_is_printed_of_a_person() -> None:
    assert OF_CLAIRE.model_dump(exclude={"person_id", "exemptions"}) == {
        "surname": "LEFÈVRE-D'ARC",
        "given_names": "Claire Anne",
        "birth_date": dt.date(1985, 1, 17),
        "nir": "285018313704228",
        "rank": 1,
        "doctor": True,
        "starts_on": dt.date(2026, 1, 1),
        "ends_on": END,
        "rate": 100,
    }
    assert [one.kind for one in OF_CLAIRE.exemptions] == [ExemptionKind.LONG_ILLNESS]


def test_the_exemption_only_on_request() -> None:
    assert named(person(), TODAY, with_exemptions=False).exemptions == ()


def test_rights_of_a_past_day() -> None:
    then = named(person(), dt.date(2025, 1, 31), with_exemptions=True)
    assert (then.rate, then.ends_on, then.exemptions) == (70, dt.date(2025, 12, 31), ())


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({}, dt.date(2023, 12, 31)),
        ({"died_on": TODAY - DAY}, TODAY),
        ({"rights": (), "rights_from": None}, TODAY),
    ],
)
def test_without_rights_there_is_nothing_to_attest(changes: dict[str, Any], day: dt.date) -> None:
    known = person().model_copy(update=changes)
    with pytest.raises(Rejected, match="rights-none"):
        named(known, day, with_exemptions=False)


def test_a_register_that_names_one_period_and_no_number() -> None:
    known = person(nir=None).model_copy(update={"rights": ()})
    found = named(known, TODAY, with_exemptions=False)
    assert (found.starts_on, found.ends_on, found.rate, found.nir) == (dt.date(2020, 1, 1), None, None, None)
    provisional = named(person(nir="7112345678901"), TODAY, with_exemptions=False)
    assert provisional.nir == "7112345678901"


def test_what_is_hidden_from_who_asks_is_not_printed() -> None:
    found = named(person(), TODAY, with_exemptions=True, hidden=(Part.DOCTOR, Part.EXEMPTIONS))
    assert (found.doctor, found.exemptions) == (None, ())
    with pytest.raises(Rejected, match="rights-none"):
        named(person(), TODAY, with_exemptions=True, hidden=(Part.RIGHTS,))


def test_of_an_erased_person_nothing_is_attested() -> None:
    with pytest.raises(Rejected, match="person-erased"):
        named(person().model_copy(update={"surname": ERASED}), TODAY, with_exemptions=False)


@pytest.mark.parametrize(
    ("changes", "until", "holds"),
    [
        ({}, END, True),
        ({"rights": (YEARS[1].model_copy(update={"ends_on": END + DAY}),)}, END, True),
        ({"rights": (YEARS[1].model_copy(update={"ends_on": None}),)}, END, True),
        ({"rights": (YEARS[1].model_copy(update={"ends_on": END - DAY}),)}, END, False),
        ({"rights": (YEARS[1].model_copy(update={"ends_on": END}),)}, None, False),
        ({"rights": YEARS[:1]}, END, False),
        ({"rights": YEARS[:1]}, TODAY - DAY, True),
        ({"died_on": TODAY}, END, False),
        ({"surname": ERASED}, END, False),
    ],
)
def test_it_holds_as_long_as_the_register_says_the_same(
    changes: dict[str, Any], until: dt.date | None, *, holds: bool
) -> None:
    assert still_holds(person().model_copy(update=changes), until, TODAY) is holds


class TestReview:
    def test_rights_that_end_revoke_what_names_them_once(self) -> None:
        review = attestation_review.evolve(attestation_review.initial, names(OF_CLAIRE))
        same = updated(rights=YEARS, surname="MARTIN", as_of=AS_OF + DAY)
        assert attestation_review.decide(review, same) == []
        assert attestation_review.evolve(review, same) == review
        ended = updated(rights=YEARS[:1], as_of=AS_OF + DAY)
        command = c.RevokeAttestation(
            at=ended.at, attestation_id=ID, person_id=CLAIRE, reason=e.RevokedFor.RIGHTS_ENDED
        )
        assert attestation_review.decide(review, ended) == [Issued(f"attestation:{ID}", command)]
        assert attestation_review.evolve(review, ended) == attestation_review.initial

    def test_what_was_revoked_is_not_reviewed(self) -> None:
        review = attestation_review.evolve(attestation_review.initial, names(OF_CLAIRE))
        assert attestation_review.decide(review, REVOKED) == []
        assert attestation_review.decide(review, names(OF_LEA)) == []
        assert attestation_review.evolve(review, REVOKED) == attestation_review.initial
        assert attestation_review.key(names(OF_LEA)) == PAUL


def test_the_screen() -> None:
    shown = evolve(None, issued(END, OF_CLAIRE))
    assert (shown.names, shown.until, shown.revoked_at) == (("Claire Anne",), END, None)
    assert set(personal_fields(type(shown))) == {"names"}
    gone = evolve(shown, REVOKED)
    assert (gone.revoked_at, gone.reason) == (REVOKED.at, e.RevokedFor.REQUEST)
    assert evolve(None, issued(END).model_copy(update={"named": ERASED})).names is ERASED
