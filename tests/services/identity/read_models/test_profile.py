"""« Mon profil »"""

from services.identity.domain import events as e
from services.identity.read_models.profile import Profile, evolve, profile
from shared.kernel import ERASED
from shared.personal_data import personal_fields
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, facts, registered


def test_it_shows_what_the_register_says_last() -> None:
    moved = e.PersonUpdated(at=NOW, **facts(as_of=AS_OF + DAY, surname="MARTIN"))
    shown = evolve(evolve(None, registered()), moved)
    assert shown.surname == "MARTIN"
    assert shown.as_of == AS_OF + DAY
    assert shown.doctor == registered().doctor


def test_everything_personal_in_it_is_sealed() -> None:
    assert set(personal_fields(Profile)) == set(Profile.model_fields) - {"person_id", "as_of", "post_from"}


def test_the_bank_account_is_not_copied_here() -> None:
    assert "iban" not in Profile.model_fields


def test_an_erased_person_shows_as_erased() -> None:
    erased = registered(**dict.fromkeys(set(facts()) - {"person_id", "as_of"}, ERASED))
    assert evolve(None, erased).surname is ERASED


def test_it_is_found_by_its_person() -> None:
    assert profile.key(registered()) == CLAIRE
