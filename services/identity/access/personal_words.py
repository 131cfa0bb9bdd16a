"""What a personal code must not be: one of the common ones, or made of the person's own data."""

import datetime as dt
import functools
from pathlib import Path
from typing import Final

from services.identity.access.desk import Desk
from services.identity.domain.account_state import Account
from services.identity.domain.common_codes import dates_of, is_common, is_personal
from services.identity.domain.nir import Nir
from services.identity.domain.register import Address, RegisterFacts
from shared.kernel import require

LIST: Final = Path(__file__).with_name("common_codes.txt")
"""Our own compilation: words, names, walks over the keyboard; all that they are when digits and signs are added."""


@functools.cache
def common_codes() -> frozenset[str]:
    """The list, read once."""
    return frozenset(LIST.read_text(encoding="ascii").split())


async def refuse_own_words(desk: Desk, person_id: str, code: str, email: str = "") -> None:
    """Refuse a code that is guessed first.

    Raises:
        Rejected: `code-known` or `code-personal`.
    """
    require(not is_known(code), otherwise="code-known")
    require(not await holds_own_words(desk, person_id, code, email), otherwise="code-personal")


def is_known(code: str) -> bool:
    """Whether it is one of the codes that everybody tries."""
    return is_common(code, common_codes())


async def holds_own_words(desk: Desk, person_id: str, code: str, email: str = "") -> bool:
    """Whether the code is made of what the register knows of a person, or of his address."""
    facts: RegisterFacts | None = (await desk.service.state(f"person:{person_id}"))[0].facts
    standing: Account = (await desk.service.state(f"account:{person_id}"))[0]
    return is_personal(code, [*_words(facts), *_local_part(email or standing.email)])


def _words(facts: RegisterFacts | None) -> list[str]:
    if facts is None or facts.erased:
        return []
    names = f"{facts.surname} {facts.given_names}".replace("-", " ").replace("'", " ").split()
    dates = dates_of(facts.birth_date) if isinstance(facts.birth_date, dt.date) else ()
    postcode = [facts.address.postcode] if isinstance(facts.address, Address) else []
    number: list[Nir] = [facts.nir] if isinstance(facts.nir, str) else []
    return [*names, str(facts.surname), *dates, *postcode, *number]


def _local_part(email: object) -> list[str]:
    return [email.rpartition("@")[0]] if isinstance(email, str) and email else []
