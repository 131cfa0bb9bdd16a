"""The words of every message: what they have, and what they never say."""

import re
from html.parser import HTMLParser
from typing import Any

import jinja2
import pytest

from services.notifications.domain.events import Template
from services.notifications.words import FOLDER, Renderer, Words

CONTEXT = {"reference": "7KQ2-M4XD-9VTA", "sender": "Mon compte en ligne", "link": None}
LINK = {"link": "https://compte.example/confirmer/a.1.b", "expires": "25 novembre 2026 à 10 h 30"}

CODE = {"code": "042617", "purpose": "step-up", "expires": "24 novembre 2026 à 10 h 40"}
WITH_LINK = {
    Template.EMAIL_VALIDATION: "Confirmer mon adresse",
    Template.EMAIL_CHANGE: "Confirmer ma nouvelle adresse",
    Template.CODE_RESET: "Choisir un nouveau code",
    Template.BANK_CHANGE_REQUESTED: "Annuler ce changement",
    Template.BANK_CHANGE_TOLD_BEFORE: "Annuler ce changement",
    Template.ERASURE_REQUESTED: "Annuler cette demande",
    Template.SIGN_INS_LOCKED: "Autoriser de nouveaux essais",
}
ON_PAPER = {"code": "7KQ2-M4XD-9VTB", "expires": "24 décembre 2026 à 10 h 40"}
OWN = {
    **dict.fromkeys(WITH_LINK, LINK),
    Template.ONE_TIME_CODE: CODE,
    Template.PROVISIONAL_CODE: ON_PAPER,
    Template.PROVISIONAL_CODE_DESK: ON_PAPER,
    Template.ACCOUNT_CREATED: ON_PAPER,
    Template.CLAIM_PENDING: {"until": "2027-02-01"},
    Template.CLAIM_REJECTED: {"until": ""},
}


def words(template: Template, **more: Any) -> Words:
    own = OWN.get(template, {})
    return Renderer().render(template, {**CONTEXT, **own, **more})


class Page(HTMLParser):
    """The tags of a page, that open and close as they should."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [str(found[name]) for name in ("href", "src") if name in found]
        if tag == "html":
            assert found["lang"] == "fr"
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


every = pytest.mark.parametrize("template", Template)


@every
def test_every_message_has_words_in_two_forms(template: Template) -> None:
    found = words(template)
    assert 10 < len(found.subject) < 70
    assert "\n" not in found.subject
    assert found.text.startswith(f"{found.subject}\n\nBonjour,\n\n")
    for form in (found.text, found.html):
        assert "7KQ2-M4XD-9VTA" in form
        assert "Mon compte en ligne" in form


def test_no_template_lies_about_unused() -> None:
    assert {path.stem for path in (FOLDER / "messages").iterdir()} == set(Template)


@every
def test_both_forms_say_the_same(template: Template) -> None:
    found = words(template)
    text = re.sub(r"\s+", " ", found.text)
    for paragraph in re.findall(r"<p>([^<]+)</p>", found.html.partition("<footer")[0]):
        assert re.sub(r"\s+", " ", paragraph) in text


@every
def test_a_page_is_well_formed_and_can_be_read_aloud(template: Template) -> None:
    page = Page(words(template).html)
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("title") == 1
    assert not {"img", "table", "script", "form", "iframe"} & set(page.tags)
    assert "charset" in words(template).html


@every
def test_only_the_confirmation_has_a_link(template: Template) -> None:
    found = words(template)
    if template in WITH_LINK:
        assert Page(found.html).links == [LINK["link"]]
        assert f"{WITH_LINK[template]} :\n{LINK['link']}\n" in found.text
        assert LINK["expires"] in found.text
    else:
        assert Page(found.html).links == []
        assert "http" not in found.text + found.html
        assert "www" not in found.text + found.html


@every
def test_no_message_holds_an_amount_a_reason_or_a_number(template: Template) -> None:
    found = words(template)
    body = (
        (found.subject + found.text)
        .replace(LINK["expires"], "")
        .replace(LINK["link"], "")
        .replace(CODE["expires"], "")
        .replace(CODE["code"], "")
        .replace(ON_PAPER["expires"], "")
        .replace(ON_PAPER["code"], "")
        .replace("7KQ2-M4XD-9VTA", "")
    )
    assert not re.search(r"\d", body.replace("1er", "").replace("2027", ""))
    for word in ("€", "euros", "perdu", "perte", "vol ", "volé", "détérior", "abîm", "IBAN", "Madame", "Monsieur"):
        assert word not in body


@every
def test_lines_of_a_text_are_short(template: Template) -> None:
    lines = words(template).text.splitlines()
    assert max(len(line) for line in lines if "https:" not in line) <= 72


def test_what_comes_from_outside_is_escaped() -> None:
    found = words(Template.EMAIL_VALIDATION, expires="<b>demain</b> & après", sender='"><script>')
    assert "<b>demain</b> & après" in found.text
    assert "&lt;b&gt;demain&lt;/b&gt; &amp; après" in found.html
    assert "<script>" not in found.html


def test_a_word_that_is_missing_stops_the_mail() -> None:
    with pytest.raises(jinja2.UndefinedError):
        Renderer().render(Template.EMAIL_VALIDATION, CONTEXT)


@pytest.mark.parametrize("template", [Template.CLAIM_PENDING, Template.CLAIM_REJECTED])
def test_the_last_day_to_answer_is_said_where_there_is_one(template: Template) -> None:
    assert "1er février 2027" in " ".join(words(template, until="2027-02-01").text.split())
    assert "février" not in words(template, until="").text
