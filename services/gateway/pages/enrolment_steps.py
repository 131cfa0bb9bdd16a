"""What the steps of « Je crée mon compte » have in common."""

from http import HTTPStatus
from typing import Final

from shared.web.channel import Refused

BASE: Final = "/creer-mon-compte"
LOST: Final = f"{BASE}/identite?session=expiree"

_ELSEWHERE: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def unless_about_the_form(refused: Refused) -> None:
    """Let pass to the pages of errors what says nothing about what was typed.

    Raises:
        Refused: this one.
    """
    if refused.status in _ELSEWHERE:
        raise refused
