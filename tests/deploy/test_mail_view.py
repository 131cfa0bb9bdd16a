from email.message import EmailMessage
from pathlib import Path

import pytest

from deploy.local.mail import view
from deploy.local.mail.behaviour import Answer, Behaviour
from deploy.local.mail.mailbox import Mailbox

LINK = "https://compte.example/confirmer?jeton=a%2Bb"


def mail(message_id: str = "<1@compte.example>", **parts: str) -> bytes:
    message = EmailMessage()
    message["Message-ID"] = message_id
    message["From"] = "Mon compte <ne-pas-repondre@compte.example>"
    message["To"] = "Élodie <elodie@exemple.example>"
    message["Subject"] = "Confirmez votre adresse : étape 1"
    message.set_content(parts.get("text", f"Bonjour Élodie,\n{LINK}.\n"))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return bytes(message)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


def test_a_kept_mail_is_read_again(mailbox: Mailbox) -> None:
    name = mailbox.keep(mail(html="<p>Bonjour</p>"), "a@x.example", ["elodie@exemple.example"])
    found = mailbox.read(name)
    assert found is not None
    shown = view.full(name, found)
    assert shown["subject"] == "Confirmez votre adresse : étape 1"
    assert shown["to"] == ["elodie@exemple.example"]
    assert shown["text"].startswith("Bonjour Élodie,")
    assert shown["html"].strip() == "<p>Bonjour</p>"
    assert shown["links"] == [LINK]


def test_newest_come_first(mailbox: Mailbox) -> None:
    names = [mailbox.keep(mail(f"<{number}@x>"), "a@x.example", ["b@x.example"]) for number in range(3)]
    assert [name for name, _ in mailbox.newest_first()] == names[::-1]


def test_acceptance_is_counted_by_message_id_and_known_after_a_restart(mailbox: Mailbox, tmp_path: Path) -> None:
    for message_id in ("<1@x>", "<1@x>", "<2@x>"):
        mailbox.keep(mail(message_id), "a@x.example", ["b@x.example"])
    for box in (mailbox, Mailbox(tmp_path / "mail")):
        assert [box.accepted(message_id) for message_id in ("<1@x>", "1@x", "<2@x>", "<3@x>")] == [2, 2, 1, 0]


@pytest.mark.parametrize("name", ["../secret", "nothing", "", ".."])
def test_a_name_that_is_not_a_mail_finds_nothing(mailbox: Mailbox, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: x\n\nx")
    assert mailbox.read(name) is None


def test_a_half_written_mail_is_not_shown(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "mail" / ".1-x.eml.123").write_text("Subject: half")
    assert list(mailbox.newest_first()) == []


def test_a_mail_without_any_header_is_shown(mailbox: Mailbox) -> None:
    name = mailbox.keep(b"just words", "a@x.example", ["b@x.example"])
    found = mailbox.read(name)
    assert found is not None
    assert view.full(name, found)["subject"] == ""


def test_links_become_clickable_and_everything_else_is_escaped() -> None:
    shown = view.clickable(f"<script>alert(1)</script> {LINK}&x=<b>, javascript:alert(1)")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert f'<a href="{LINK}&amp;x=" rel="noreferrer">' in shown
    assert 'href="javascript' not in shown


def test_the_dot_after_a_link_is_not_part_of_it() -> None:
    assert view.clickable(f"Cliquez : {LINK}.").endswith("</a>.")


def test_a_behaviour_lasts_as_long_as_it_was_told_to() -> None:
    behaviour = Behaviour(answer=Answer.LATER, count=2)
    assert [behaviour.next([]) for _ in range(3)] == [Answer.LATER, Answer.LATER, Answer.ACCEPT]
    assert Behaviour().next([]) is Answer.ACCEPT


def test_a_behaviour_towards_one_address_leaves_the_others_alone() -> None:
    behaviour = Behaviour(answer=Answer.NEVER, to="ann@x.example")
    assert [behaviour.next([to]) for to in ("bob@x.example", "ann@x.example", "ann@x.example")] == [
        Answer.ACCEPT,
        Answer.NEVER,
        Answer.ACCEPT,
    ]
