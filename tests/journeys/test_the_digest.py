"""« Information de paiement »: one mail for all that was paid, and no more than one in 15 days. The last journey: it
moves the clock of the whole stack by weeks."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page

from deploy.local.seed.care import settlement_lines
from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders
from tests.journeys import steps
from tests.journeys.conftest import Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]
NEWS = "Information de paiement"
STATEMENT = "Votre relevé du mois est disponible"


def lots(whole: Whole, person: Person, count: int) -> list[dict[str, Any]]:
    """So many payments to the member, as the fund's file tells of them; all are of today."""
    today = Senders(whole.stack).now().date()
    lines = [one for one in settlement_lines([person], 5, today) if one["kind"] == "lot" and "cancels" not in one]
    own = [one for one in lines if any(line["payee"] == "member" and float(line["base"]) > 20 for line in one["lines"])]
    return [{**lot, "number": number, "lot": f"digest{number}"} for number, lot in enumerate(own[:count], 1)]


def pay(whole: Whole, lot: dict[str, Any]) -> None:
    """The fund pays today."""
    senders = Senders(whole.stack)
    assert senders.send_all("settlements", [{**lot, "paid_on": senders.now().date().isoformat()}]) == 0


def test_payments_are_told_together_and_at_most_every_fifteen_days(whole: Whole, page: Page) -> None:
    person, email = whole.somebody(), "digeste.paiements@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    first, second, third = lots(whole, person, 3)

    def told() -> int:
        return steps.subjects(whole, email).count(NEWS)

    pay(whole, first)
    steps.until(lambda: told() == 1, 60)
    pay(whole, second)
    pay(whole, third)
    whole.later(days=14.9)
    time.sleep(5)
    assert told() == 1, "quiet for 15 days"
    whole.later(days=0.2)
    steps.until(lambda: told() == 2, 60)
    time.sleep(3)
    assert told() == 2, "one for both"
    [newest, *_] = [mail for mail in whole.mails(email) if mail["subject"] == NEWS]
    text = whole.mail(str(newest["id"]))["text"]
    assert "€" not in text
    assert not [word for word in text.split() if "," in word and word.replace(",", "").isdigit()], "no amount"

    whole.later(days=20)  # past the third of the month after: the statement is made, though nobody asked for it
    steps.until(lambda: STATEMENT in steps.subjects(whole, email), 60)
    steps.sign_in(page, person)
    page.goto("/mes-remboursements/releves")
    page.get_by_role("link", name=re.compile("^Relevé")).first.wait_for()
    assert steps.subjects(whole, email).count(STATEMENT) == 1
