"""Whether an account may have changed hands."""

from services.identity.domain.security import Security, security_of
from tests.services.identity.examples import CREATED, EMAIL, LINK_SENT, VALIDATED, after

OTHER = VALIDATED.model_copy(update={"email": "autre@exemple.fr", "at": after(days=9)})


def test_the_first_address_is_no_change() -> None:
    assert security_of([]) == Security()
    assert security_of([CREATED, LINK_SENT, VALIDATED]) == Security()
    assert security_of([VALIDATED, VALIDATED.model_copy(update={"at": after(days=1)})]) == Security()


def test_another_address_is_one_and_the_one_before_is_known() -> None:
    for history in ([CREATED, VALIDATED, OTHER], [OTHER, VALIDATED, CREATED]):
        assert security_of(history) == Security(changed_at=after(days=9), previous_email=EMAIL)
