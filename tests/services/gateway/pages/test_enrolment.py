"""« Je crée mon compte », step by step, right and wrong."""

from typing import Any

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fakes import CODE, EMAIL, IBAN_END, NIR, SERIAL, Browser, World, world
from tests.web import Page

BASE = "/creer-mon-compte"
IDENTITY = {
    "surname": "Martin",
    "nir": "1 85 01 83 137 042 78",
    "birth_date__jour": "24",
    "birth_date__mois": "1",
    "birth_date__annee": "1985",
    "postcode": "83000",
}
STEPS: list[tuple[str, dict[str, str]]] = [
    ("identite", IDENTITY),
    ("preuves", {"iban_end": IBAN_END.lower(), "serial": SERIAL}),
    ("conditions", {"accepted": "oui"}),
    ("code", {"code": CODE, "code_again": CODE}),
    ("adresse-electronique", {"email": EMAIL, "email_again": EMAIL}),
]


async def until(browser: Browser, step: str) -> Page:
    """All steps before this one, and its page."""
    for name, fields in STEPS:
        if name == step:
            break
        page = await browser.fill(f"{BASE}/{name}", **fields)
        assert page.status == 200, page.text
    return await browser.get(f"{BASE}/{step}")


async def created(site: World) -> Page:
    browser = site.browser()
    page = await until(browser, "adresse-electronique")
    return await browser.send(page.form(), **STEPS[-1][1])


async def test_the_five_steps_lead_to_the_mailbox_and_hand_identity_what_it_needs() -> None:
    site = world()
    page = await created(site)
    assert page.path == f"{BASE}/messagerie"
    assert "Vérifiez votre messagerie" in page.text
    assert EMAIL in page.text
    proved = site.identity.last("enrol")
    assert proved["facts"].nir == NIR
    assert proved["iban_end"] == IBAN_END
    asked = site.identity.last("create_account")
    assert (asked["code"], asked["email"], asked["enrolment_id"]) == (CODE, EMAIL, "enrolment-1")
    assert asked["cgu"] == (site.site.terms.version, site.site.terms.digest)


async def test_each_step_names_its_place() -> None:
    browser = world().browser()
    for number, (name, _) in enumerate(STEPS, 1):
        page = await until(browser, name)
        assert f"Étape {number} sur 5" in page.text


@pytest.mark.parametrize("step", [name for name, _ in STEPS])
async def test_every_step_offers_the_other_way(step: str) -> None:
    page = await until(world().browser(), step)
    assert "recevez votre code provisoire sous 8 jours" in page.text
    assert "Toulon" in page.text


@pytest.mark.parametrize("step", [name for name, _ in STEPS if name != "identite"])
async def test_a_step_out_of_turn_leads_to_the_first(step: str) -> None:
    page = await world().browser().get(f"{BASE}/{step}")
    assert page.path == f"{BASE}/identite"
    assert "Par sécurité, ce que vous aviez saisi a été effacé" in page.text


async def test_the_mailbox_page_of_a_stranger_leads_to_sign_in() -> None:
    assert (await world().browser().get(f"{BASE}/messagerie")).path == "/connexion"


WRONG: list[tuple[str, dict[str, str], str, str]] = [
    ("identite", {"surname": ""}, "surname", "Saisissez votre nom de famille."),
    ("identite", {"surname": "x" * 101}, "surname", "Le nom est trop long"),
    ("identite", {"nir": ""}, "nir", "Saisissez votre numéro de sécurité sociale."),
    ("identite", {"nir": "18501831370427"}, "nir", "13 ou 15 caractères"),
    ("identite", {"nir": "18501X3137042"}, "nir", "ne contient que des chiffres"),
    ("identite", {"nir": "185018313704200"}, "nir", "contient une erreur"),
    ("identite", {"birth_date__jour": "", "birth_date__mois": "", "birth_date__annee": ""}, "birth_date", "Saisissez votre date de naissance."),
    ("identite", {"birth_date__jour": "31", "birth_date__mois": "2"}, "birth_date", "n'existe pas"),
    ("identite", {"birth_date__annee": "85"}, "birth_date", "quatre chiffres"),
    ("identite", {"birth_date__annee": "2027"}, "birth_date", "vérifiez l'année"),
    ("identite", {"postcode": "8300"}, "postcode", "5 chiffres"),
    ("preuves", {"iban_end": ""}, "iban_end", "Saisissez les 7 derniers caractères"),
    ("preuves", {"iban_end": "FR7630006000011234567890189"}, "iban_end", "exactement les 7 derniers"),
    ("preuves", {"serial": "1234567"}, "serial", "de 8 à 13 chiffres"),
    ("conditions", {"accepted": ""}, "accepted", "Cochez la case"),
    ("code", {"code": "Abc1!", "code_again": "Abc1!"}, "code", "8 caractères au moins"),
    ("code", {"code": "abcdefgh1"}, "code", "un caractère spécial"),
    ("code", {"code": "ABCDEFG!"}, "code", "un chiffre"),
    ("code", {"code": "12345678!"}, "code", "une lettre"),
    ("code", {"code": "a1!" * 17}, "code", "trop long"),
    ("code", {"code": ""}, "code", "Choisissez votre code personnel."),
    ("code", {"code_again": "Toulon-84"}, "code_again", "Les deux codes ne sont pas les mêmes."),
    ("adresse-electronique", {"email": "camille"}, "email", "pas la bonne forme"),
    ("adresse-electronique", {"email": f"{'a' * 250}@x.fr"}, "email", "pas la bonne forme"),
    ("adresse-electronique", {"email_again": "autre@exemple.fr"}, "email_again", "ne sont pas les mêmes"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "change", "field", "words"), WRONG)
async def test_what_is_wrong_is_said_in_the_summary_and_beside_the_field(
    step: str, change: dict[str, str], field: str, words: str
) -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, step)
    answer = await browser.send(page.form(), **{**dict(STEPS)[step], **change})
    assert answer.status == 422
    assert answer.html.count("<title>Erreur") == 1
    assert words in answer.text
    target = "birth_date-jour" if field == "birth_date" else field
    assert f'href="#{target}"' in answer.html
    assert f'id="{target}"' in answer.html
    assert f'id="{field}-error"' in answer.html
    assert "create_account" not in [name for name, _ in site.identity.calls]


@pytest.mark.parametrize(
    ("step", "field", "typed"),
    [
        ("identite", "surname", "O'Brien"),
        ("identite", "nir", "185018313704200"),
        ("identite", "birth_date-annee", "1985"),
        ("adresse-electronique", "email", EMAIL),
    ],
)
async def test_what_was_typed_stays(step: str, field: str, typed: str) -> None:
    browser = world().browser()
    page = await until(browser, step)
    spoilt = {"identite": {"postcode": ""}, "adresse-electronique": {"email_again": ""}}[step]
    fields = {**dict(STEPS)[step], field.replace("-", "__"): typed, **spoilt}
    answer = await browser.send(page.form(), **fields)
    assert answer.form().fields[field] == typed


@pytest.mark.parametrize(
    ("step", "secrets"),
    [("preuves", {"iban_end": IBAN_END, "serial": "x"}), ("code", {"code": "Secret-8", "code_again": "Secret-9"})],
)
async def test_secrets_are_never_shown_again(step: str, secrets: dict[str, str]) -> None:
    browser = world().browser()
    page = await until(browser, step)
    answer = await browser.send(page.form(), **secrets)
    assert answer.status == 422
    for secret in secrets.values():
        assert f'value="{secret}"' not in answer.html


async def test_one_message_covers_any_wrong_fact() -> None:
    texts = set()
    for fields in ({"iban_end": "0000000"}, {"serial": "99999999"}, {}):
        site = world()
        browser = site.browser()
        page = await until(browser, "preuves")
        if not fields:
            site.identity.refusal = Refused("facts-do-not-match", 422)
        answer = await browser.send(page.form(), **{**dict(STEPS)["preuves"], **fields})
        assert answer.status == 422
        texts.add(answer.text)
    assert len(texts) == 1
    assert "ne correspondent pas" in texts.pop()


@pytest.mark.parametrize(("code", "field"), [("postcode-unknown", "postcode"), ("nir-format", "nir")])
async def test_a_fact_whose_form_identity_refuses_leads_back_to_its_field(code: str, field: str) -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "preuves")
    site.identity.refusal = Refused(code, 422)
    answer = await browser.send(page.form(), **dict(STEPS)["preuves"])
    assert "Qui êtes-vous" in answer.text
    assert f'id="{field}-error"' in answer.html
    assert answer.form().fields["surname"] == "Martin"


async def test_too_many_proofs_say_when_to_come_back() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "preuves")
    site.identity.refusal = Refused("tries-exhausted", 429, 86_400)
    answer = await browser.send(page.form(), **dict(STEPS)["preuves"])
    assert answer.status == 429
    assert "Réessayez demain" in answer.text


async def test_going_back_shows_what_was_typed() -> None:
    browser = world().browser()
    await until(browser, "preuves")
    page = await browser.get(f"{BASE}/identite")
    assert page.form().fields["surname"] == "Martin"
    assert page.form().fields["birth_date-mois"] == "1"


async def test_a_code_that_identity_refuses_leads_back_to_the_code() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "adresse-electronique")
    site.identity.refusal = Refused("code-other-alphabet", 422)
    answer = await browser.send(page.form(), **STEPS[-1][1])
    assert "Je crée mon code personnel" in answer.text
    assert "lettre d'un autre alphabet" in answer.text


async def test_an_address_that_identity_refuses_stays_to_be_mended() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "adresse-electronique")
    site.identity.refusal = Refused("email-format", 422)
    answer = await browser.send(page.form(), **STEPS[-1][1])
    assert answer.form().fields["email"] == EMAIL
    assert "ne peut pas être utilisée" in answer.text


async def test_an_enrolment_that_took_too_long_starts_again_and_says_so() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "adresse-electronique")
    site.identity.refusal = Refused("enrolment-expired", 410)
    answer = await browser.send(page.form(), **STEPS[-1][1])
    assert answer.path == f"{BASE}/identite"
    assert "a été effacé" in answer.text


async def test_nothing_typed_outlives_half_an_hour() -> None:
    site = world()
    browser = site.browser()
    await until(browser, "code")
    site.clock.pass_(minutes=31)
    assert (await browser.get(f"{BASE}/code")).path == f"{BASE}/identite"


async def test_sending_the_last_form_twice_is_one_command() -> None:
    site = world()
    browser = site.browser()
    page = await until(browser, "adresse-electronique")
    twin = browser.twin()
    await browser.send(page.form(), **STEPS[-1][1])
    first = site.identity.last("create_account")["command_id"]
    again = await twin.send(page.form(), **STEPS[-1][1])
    assert again.path == f"{BASE}/identite"  # the draft is gone: nothing to send twice
    assert [arguments["command_id"] for name, arguments in site.identity.calls if name == "create_account"] == [first]


async def test_the_store_holds_nothing_that_the_database_alone_could_read() -> None:
    site = world()
    browser = site.browser()
    await until(browser, "adresse-electronique")
    (row,) = site.sessions.rows.values()
    stored = repr(row)
    for secret in (NIR, NIR[:13], "Martin", CODE, "83000"):
        assert secret not in stored
        assert secret.encode() not in row.sealed


async def test_the_code_is_forgotten_once_the_account_is_made() -> None:
    site = world()
    await created(site)
    browser = site.browser()
    session: Any = await site.site.sessions.open(browser.cookie)
    assert session.state.enrolment is None


async def test_a_member_who_is_signed_in_is_led_to_his_account() -> None:
    browser = world().browser()
    await browser.sign_in()
    assert (await browser.get(f"{BASE}/identite")).path == "/mon-compte"
