"""The sink as its own process, spoken to as a relay and as a browser would."""

import smtplib
import time
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest

from deploy.local.stack import Stack

pytestmark = pytest.mark.connected

EVIL = "<script>document.title='x'</script>"


@pytest.fixture
def web(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.env_for("notifications")["MAIL_SINK_URL"]) as client:
        yield client
        client.post("/api/behaviour", json={"answer": "accept"})


def send(stack: Stack, message_id: str, to: str = "a@exemple.example") -> None:
    env = stack.env_for("notifications")
    message = EmailMessage()
    message["Message-ID"], message["From"], message["To"] = message_id, "compte@exemple.example", to
    message["Subject"] = f"Bonjour {EVIL}"
    message.set_content(f"Lien : http://127.0.0.1/lien {EVIL}\n")
    message.add_alternative(f'<p>Bonjour</p>{EVIL}<img src="x" onerror="alert(1)">', subtype="html")
    with smtplib.SMTP(env["SMTP_HOST"], int(env["SMTP_PORT"]), timeout=10) as smtp:
        smtp.send_message(message)


def accepted(web: httpx.Client, message_id: str) -> dict[str, object]:
    found: dict[str, object] = web.get("/accepted", params={"message_id": message_id}).json()
    return found


def behave(web: httpx.Client, answer: str, count: int = 1, seconds: float = 1.0, to: str | None = None) -> None:
    web.post("/api/behaviour", json={"answer": answer, "count": count, "seconds": seconds, "to": to}).raise_for_status()


def test_a_mail_is_accepted_counted_and_listed_by_recipient(stack: Stack, web: httpx.Client) -> None:
    assert accepted(web, "<listed@x>") == {"accepted": False, "count": 0}
    send(stack, "<listed@x>", "Liste@exemple.example")
    assert accepted(web, "<listed@x>") == {"accepted": True, "count": 1}
    found = web.get("/api/mails", params={"to": "liste@exemple.example"}).json()
    assert [one["message_id"] for one in found] == ["<listed@x>"]
    assert web.get(f"/api/mails/{found[0]['id']}").json()["links"] == ["http://127.0.0.1/lien"]
    assert web.get("/api/mails", params={"to": "nobody@exemple.example"}).json() == []
    assert web.get("/api/mails/nothing").status_code == 404


def test_the_pages_show_a_mail_and_run_nothing_of_it(stack: Stack, web: httpx.Client) -> None:
    send(stack, "<shown@x>", "page@exemple.example")
    name = web.get("/api/mails", params={"to": "page@exemple.example"}).json()[0]["id"]
    listed, shown = web.get("/"), web.get(f"/mails/{name}")
    assert f'href="/mails/{name}"' in listed.text
    for page in (listed, shown):
        assert EVIL not in page.text
        assert "<img" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
    assert '<a href="http://127.0.0.1/lien"' in shown.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown.text


def test_another_name_for_this_machine_reads_no_mail(stack: Stack, web: httpx.Client) -> None:
    assert web.get("/api/mails", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("answer", "code"), [("451", 451), ("550", 550)])
def test_told_to_refuse_it_refuses_and_keeps_nothing(stack: Stack, web: httpx.Client, answer: str, code: int) -> None:
    behave(web, answer)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(stack, f"<refused-{answer}@x>")
    assert refused.value.smtp_code == code
    assert accepted(web, f"<refused-{answer}@x>") == {"accepted": False, "count": 0}
    send(stack, f"<refused-{answer}@x>")
    assert accepted(web, f"<refused-{answer}@x>") == {"accepted": True, "count": 1}


def test_told_that_there_is_no_such_mailbox_it_refuses_that_recipient_alone(stack: Stack, web: httpx.Client) -> None:
    behave(web, "550-unknown", to="ann@x.example")
    send(stack, "<to-somebody-else@x>")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(stack, "<to-nobody@x>", to="ann@x.example")
    assert refused.value.recipients["ann@x.example"][0] == 550
    assert accepted(web, "<to-nobody@x>") == {"accepted": False, "count": 0}


@pytest.mark.parametrize(("answer", "kept"), [("drop", 0), ("accept-and-drop", 1)])
def test_told_to_drop_the_connection_it_answers_nothing(
    stack: Stack, web: httpx.Client, answer: str, kept: int
) -> None:
    behave(web, answer)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(stack, f"<{answer}@x>")
    assert accepted(web, f"<{answer}@x>") == {"accepted": kept > 0, "count": kept}
    send(stack, f"<after-{answer}@x>")
    assert web.get("/readyz").status_code == 200


def test_told_to_be_slow_it_accepts_later(stack: Stack, web: httpx.Client) -> None:
    behave(web, "delay", seconds=0.3)
    begun = time.monotonic()
    send(stack, "<slow@x>")
    assert time.monotonic() - begun >= 0.3
    assert accepted(web, "<slow@x>") == {"accepted": True, "count": 1}


def test_an_unknown_behaviour_is_refused(web: httpx.Client) -> None:
    assert web.post("/api/behaviour", json={"answer": "explode"}).status_code == 422


def test_what_was_accepted_survives_a_kill(stack: Stack, web: httpx.Client) -> None:
    send(stack, "<survivor@x>")
    stack.component("mail").kill()
    stack.component("mail").start()
    assert accepted(web, "<survivor@x>") == {"accepted": True, "count": 1}
