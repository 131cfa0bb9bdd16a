"""What a report of a mail system says of a mail of ours, and what is none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.inbound.status_reports import LARGEST, StatusReport, read
from tests.services.notifications.bounced_mails import OURS, report
from tests.services.notifications.sample import SENDING

AS_POSTFIX_WRITES = f"""\
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ne-pas-repondre@mon-compte.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1C2.1764063060/relay.example"

This is a MIME-encapsulated message.

--4F1C2.1764063060/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<jeanne@example.org>: host mx.example.org said: 550 5.1.1 User unknown

--4F1C2.1764063060/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 4F1C2
Arrival-Date: Tue, 24 Nov 2026 09:31:00 +0000 (UTC)

Final-Recipient: rfc822; jeanne@example.org
Original-Recipient: rfc822;jeanne@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4F1C2.1764063060/relay.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <ne-pas-repondre@mon-compte.example>
Message-ID: {OURS}
Subject: =?utf-8?q?Votre_d=C3=A9claration?=

--4F1C2.1764063060/relay.example--
""".encode()


def test_a_report_as_postfix_writes_it() -> None:
    assert read(AS_POSTFIX_WRITES) == StatusReport(sending_id=SENDING, for_good=True)
    assert read(AS_POSTFIX_WRITES.replace(b"\n", b"\r\n")) == StatusReport(sending_id=SENDING, for_good=True)


@pytest.mark.parametrize("returned", ["whole", "headers"])
def test_the_mail_may_be_returned_whole_or_as_its_headers(returned: str) -> None:
    found = read(report(returned=returned))  # type: ignore[arg-type]
    assert found == StatusReport(sending_id=SENDING, for_good=True)


@pytest.mark.parametrize(("status", "action"), [("4.2.2", "delayed"), ("4.4.7", "failed"), ("2.0.0", "delivered")])
def test_what_is_late_or_delivered_is_not_for_good(status: str, action: str) -> None:
    assert read(report(status, action=action)) == StatusReport(sending_id=SENDING, for_good=False)


def test_for_good_is_for_every_recipient() -> None:
    found = read(report(more="Final-Recipient: rfc822; b@example.org|Action: delivered|Status: 2.0.0"))
    assert found == StatusReport(sending_id=SENDING, for_good=False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: I am on holiday\n\nBack on Monday.\n",
        report(returned="none"),
        report(message_id="<x@mon-compte.example>"),
        report("nonsense"),
        b"Subject: x\n\n" + b"x" * LARGEST,
        AS_POSTFIX_WRITES.replace(b"message/delivery-status", b"text/plain"),
        AS_POSTFIX_WRITES.replace(b"Content-Type: text/rfc822-headers", b"Content-Type: message/rfc822"),
    ],
)
def test_what_is_no_report_about_a_mail_of_ours_says_nothing(content: bytes) -> None:
    found = read(content)
    assert found is None or b"message/rfc822" in content


@given(st.integers(0, len(AS_POSTFIX_WRITES)), st.integers(0, 200), st.text(string.printable, max_size=40))
def test_whatever_is_wrong_with_it_nothing_breaks(start: int, length: int, put: str) -> None:
    read(AS_POSTFIX_WRITES[:start] + put.encode() + AS_POSTFIX_WRITES[start + length :])
