"""`desk …` and `accounts …` from a shell: a loss by telephone, a supervisor's account where none is left."""

import asyncio

import pytest

from services.console.domain.words import Role
from shared.event_store import ClaimTaken
from tests.services.console.services import ANSWERS, CLAIRE, NIR
from tests.services.console.terminal import Terminal
from tests.services.console.world import World

SAID = "\n".join(ANSWERS.values()) + "\n"
LOSS = ("desk", "loss", CLAIRE, "--place", "gare", "--day", "2026-11-28", "--reason", "appel")


@pytest.fixture
def agent(terminal: Terminal) -> Terminal:
    return terminal.other(Role.AGENT)


def test_a_loss_is_taken_by_telephone(console: World, agent: Terminal) -> None:
    code, text = agent.run(*LOSS, "--on-honour", "--stolen", "--json", typed=SAID)
    assert code == 0, text
    [sent] = console.services.of("/vitale-reports")
    assert (sent["reason"], sent["place"], sent["happened_on"]) == ("stolen", "gare", "2026-11-28")
    assert "LossTakenByPhone" in console.service.types()
    assert "Durand" not in text


def test_a_loss_is_refused_where_an_answer_is_wrong_or_nothing_was_certified(console: World, agent: Terminal) -> None:
    wrong = SAID.replace("83000", "83001")
    assert agent.run(*LOSS, "--on-honour", typed=wrong) == (1, "refused: caller-not-proved\n")
    assert agent.run(*LOSS, typed=SAID)[0] == 2
    assert agent.run(*LOSS[:5], "--day", "hier", "--reason", "appel", "--on-honour", typed=SAID)[0] == 2
    assert console.services.of("/vitale-reports") == []
    assert "LossTakenByPhone" not in console.service.types()


def test_a_look_up_without_a_date_is_wrong_usage_and_says_nothing_of_what_was_typed(agent: Terminal) -> None:
    look_up = ("desk", "look-up", "--reason", "visite", "--purpose", "visit")
    code, text = agent.run(*look_up, typed=f"{NIR}\nle premier juillet\n")
    assert (code, "juillet" in text, NIR in text) == (2, False, False)
    code, found = agent.run(*look_up, "--json", typed=f"{NIR}\n1985-07-01\n")
    assert (code, CLAIRE in found) == (0, True)


def test_a_file_is_found_by_the_number_of_a_request(console: World, agent: Terminal) -> None:
    console.services.numbers["cards", "7KQ2-M4XD-9VTA"] = CLAIRE
    look_up = ("desk", "look-up-request", "--reason", "appel", "--purpose", "call")
    code, found = agent.run(*look_up, "--json", typed="7KQ2-M4XD-9VTA\n")
    assert (code, CLAIRE in found) == (0, True)
    assert agent.run(*look_up, typed="7KQ2-M4XD-9VTB\n") == (1, "refused: request-unknown\n")
    assert agent.run(*look_up, typed="7KQ\n")[0] == 2
    console.services.down.add("notifications")
    assert agent.run(*look_up, typed="7KQ2-M4XD-9VTB\n")[0] == 3
    assert console.service.types().count("MemberFileRead") == 1


def test_whoever_holds_the_machine_has_a_supervisor_where_only_one_is_left(console: World, terminal: Terminal) -> None:
    chief = terminal.other(Role.SUPERVISOR)
    recover = ("accounts", "recover", "nouveau", "--reason", "téléphone perdu")
    second = terminal.other(Role.AGENT)
    code, invited = terminal.json(*recover)
    assert (code, bool(invited["token"])) == (0, True)
    assert chief.json("accounts", "list") == (1, {"error": "sign-in-needed"}), "the lost account is locked"
    assert second.json("approvals", "list")[0] == 0
    with pytest.raises(ClaimTaken):
        asyncio.run(console.first("encore"))
    assert console.service.types().count("StaffLocked") == 1


def test_where_two_supervisors_are_there_the_machine_makes_none(console: World, terminal: Terminal) -> None:
    terminal.hire(Role.SUPERVISOR)
    recover = ("accounts", "recover", "nouveau", "--reason", "téléphone perdu")
    assert terminal.json(*recover) == (1, {"error": "supervisors-remain"})
    assert "StaffLocked" not in console.service.types()
