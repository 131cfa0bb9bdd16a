"""One trace from the click to the mail: through command, commit, relay, Kafka, read models and reactions."""

import pytest
from playwright.sync_api import Page

from deploy.local.spans import Span, read
from tests.journeys import steps
from tests.journeys.conftest import Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]

WAY = {
    ("gateway", "POST /creer-mon-compte/adresse-electronique"),
    ("identity", "POST /enrolments/{enrolment_id}/account"),
    ("identity", "decide CreateAccount"),
    ("identity", "send identity.events.v1"),
    ("identity", "process identity.events.v1"),
    ("notifications", "react notifications.identity"),
    ("notifications", "decide RequestMessage"),
    ("notifications", "send notifications.events.v1"),
    ("notifications", "process notifications.events.v1"),
    ("notifications", "react effect.mail"),
    ("notifications", "decide RecordMessageSent"),
}


def test_the_click_that_creates_an_account_and_the_mail_it_leads_to_are_one_trace(whole: Whole, page: Page) -> None:
    person = whole.somebody()
    steps.create_account(page, person, "une.trace@exemple.fr")
    steps.confirmation_link(whole, "une.trace@exemple.fr")

    def complete() -> list[Span]:
        spans = list(read(whole.stack.folder))
        clicks = [one for one in spans if one.name == "POST /creer-mon-compte/adresse-electronique"]
        newest = max(clicks, key=lambda one: one.start).trace_id
        trace = [one for one in spans if one.trace_id == newest]
        return trace if {(one.service, one.name) for one in trace} >= WAY else []

    trace = steps.until(complete)
    known = {one.span_id for one in trace}
    roots = [one for one in trace if one.parent_id not in known]
    assert [one.service for one in roots] == ["gateway"]
