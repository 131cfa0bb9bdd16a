"""Names that belong to one stream."""

from services.identity.access.claims import account_claims, link_claim, person_claims
from services.identity.domain import events as e
from services.identity.domain.account_state import Account
from services.identity.domain.nir import Nir
from services.identity.domain.person import Person, person
from shared.kernel import ERASED
from shared.personal_data import BlindIndex
from tests.services.identity.examples import AS_OF, CREATED, DAY, LINK, LINK_SENT, NOW, VALIDATED, facts, registered

INDEX = BlindIndex("nir", 1, bytes(32))
EMAILS = BlindIndex("email", 1, bytes(32))


def moved(**changes: object) -> e.PersonUpdated:
    return e.PersonUpdated(at=NOW, **facts(as_of=AS_OF + DAY, **changes))


def test_a_person_takes_his_number() -> None:
    taken = person_claims(INDEX)(Person(), [registered()])
    assert list(taken.take) == [INDEX.of("2850183137042")]


def test_a_new_number_is_taken_and_the_former_kept() -> None:
    claims = person_claims(INDEX)(person.fold([registered()]), [moved(nir=Nir("2850183137043"))])
    assert list(claims.take) == [INDEX.of("2850183137043")]
    assert not claims.release


def test_other_news_take_nothing() -> None:
    state = person.fold([registered()])
    assert not person_claims(INDEX)(state, [moved(surname="MARTIN")]).take
    assert not person_claims(INDEX)(state, [moved(nir=None)]).take
    assert not person_claims(INDEX)(Person(), [registered(nir=ERASED)]).take


def test_an_account_takes_its_address_and_its_links() -> None:
    claims = account_claims(EMAILS)(Account(), [CREATED, LINK_SENT, VALIDATED])
    assert list(claims.take) == [EMAILS.of("claire.lefevre@exemple.fr"), link_claim(LINK)]


def test_one_mailbox_is_one_name_in_upper_and_lower_case() -> None:
    shouted = CREATED.model_copy(update={"email": "Claire.Lefevre@exemple.fr"})
    assert account_claims(EMAILS)(Account(), [shouted]) == account_claims(EMAILS)(Account(), [CREATED])
