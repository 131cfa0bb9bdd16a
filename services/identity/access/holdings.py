"""What identity holds of a person outside the log, and drops when he is forgotten: the keys first."""

from shared.documents import Archive
from shared.erasure import Erasure, claims, files, keys, rows
from shared.service import Service

OF_MEMBER = ("challenges", "credentials", "devices", "totp")


def forgetting(service: Service) -> Erasure:
    """Identity decides, so it destroys the keys; then it drops what it holds like every other service."""
    database = service.database
    of_member = [rows(database[name], name, "account", _of_member) for name in OF_MEMBER]
    return Erasure(
        "identity",
        [
            keys(service.vault),
            *of_member,
            rows(database["enrolments"], "enrolments", "account", _of_person),
            claims(database, "account", "account"),
            claims(database, "care", "person", "bank"),
            files(Archive(database, service.vault), "account"),
        ],
    )


def _of_member(person_id: str) -> dict[str, str]:
    return {"member_id": person_id}


def _of_person(person_id: str) -> dict[str, str]:
    return {"person_id": person_id}
