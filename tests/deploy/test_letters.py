"""The printer's side of a letter: he alone can read it, and prints it once."""

from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from joserfc.jwk import OKPKey

from deploy.local.mail.app import create_app
from deploy.local.mail.letters import Letters
from deploy.local.mail.mailbox import Mailbox
from services.notifications.worker.spool import Spool

ID = "7a53554b-a7ff-5c9e-a093-9911b33b0e21"
OLDER = "0d6f5f5a-7a55-4c86-8d1b-1f6d2f3a4b5c"
PDF = b"%PDF-1.7 Kanarienvogel"


def manifest(letter_id: str, made_at: str = "2026-11-24T09:30:00.000Z") -> dict[str, str]:
    return {"id": letter_id, "made_at": made_at, "reference": "7KQ2-M4XD-9VTA"}


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    key = OKPKey.generate_key("X25519")
    (tmp_path / "printer.pem").write_bytes(key.as_pem(private=True))
    spool = Spool(tmp_path / "spool", OKPKey.import_key(key.as_dict(private=False)))
    spool.put(ID, PDF, manifest(ID))
    spool.put(OLDER, b"%PDF-1.7 older", manifest(OLDER, "2026-11-23T09:30:00.000Z"))
    return Letters(tmp_path / "spool", tmp_path / "printed", tmp_path / "printer.pem")


@pytest.fixture
def web(letters: Letters, tmp_path: Path) -> AsyncClient:
    app = create_app(Mailbox(tmp_path / "mail"), letters, smtp_host="127.0.0.1", smtp_port=0, host_names=["testserver"])
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")


async def test_letters_of_the_spool_can_be_looked_at(web: AsyncClient) -> None:
    page = (await web.get("/")).text
    assert page.count("à imprimer") == 2
    assert page.index(ID) < page.index(OLDER)
    answer = await web.get(f"/letters/{ID}.pdf")
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")


async def test_a_printed_letter_stays_on_the_pile(letters: Letters, web: AsyncClient, tmp_path: Path) -> None:
    assert letters.print() == sorted([ID, OLDER])
    assert letters.print() == sorted([ID, OLDER])  # the spool is emptied by whoever reads the receipt
    Spool(tmp_path / "spool", OKPKey.generate_key("X25519")).remove(ID)
    assert (await web.get(f"/letters/{ID}.pdf")).content == PDF
    assert [one["id"] for one in (await web.get("/api/letters")).json() if one["printed"]] == [ID, OLDER]


@pytest.mark.parametrize("name", ["nothing", "..%2Fmanifest", "%2e%2e"])
async def test_another_name_finds_nothing(web: AsyncClient, name: str) -> None:
    assert (await web.get(f"/letters/{name}.pdf")).status_code == 404


def test_without_the_key_nothing_can_be_read(letters: Letters) -> None:
    letters.key_file.unlink()
    with pytest.raises(FileNotFoundError):
        letters.pdf(ID)
