"""`ops …` from a shell: what is printed for people and for programs, what is recorded, and the codes that scripts read."""

import asyncio
from typing import Any

import pytest

from services.console.domain.words import Role
from tests.services.console.ops_book import RESULTS, ROW
from tests.services.console.services import CLAIRE
from tests.services.console.terminal import Terminal
from tests.services.console.world import World

WHY = ("--reason", "incident du matin", "--ticket", "INC-7")


def ordered(console: World) -> list[Any]:
    events = asyncio.run(console.service.events())
    return [(one.act, one.target, one.facts) for one in events if type(one).__name__ == "OperationOrdered"]


def test_the_map_is_printed_for_people_and_for_programs(console: World, operator: Terminal) -> None:
    code, text = operator.run("ops", "map", "--service", "cards")
    assert code == 0
    for said in ("toy.summary", "catching up", "130.0", "2 (readers: 1)", "1 KeyError", "1 of 12 content"):
        assert said in text, text
    assert "2 assurés voient « Ma boîte » dans un état de plus de 2 min" in text
    code, found = operator.json("ops", "map")
    assert code == 0
    assert {one["name"] for one in found} == set(console.site.lines.channels)
    assert found[0]["models"][0]["lag_persons"] == 2
    code, found = operator.json("ops", "routes", "cards")
    assert found[0]["projections"] == ["toy.summary"]
    assert "cards: toy.answer" in found[0]["followed_by"]


def test_a_service_that_does_not_answer_is_said_and_makes_the_code_one(console: World, operator: Terminal) -> None:
    console.services.down.add("geo")
    code, text = operator.run("ops", "map")
    assert (code, "geo: does not answer" in text) == (1, True)
    assert operator.json("ops", "events", "geo", "after", "0") == (3, {"error": "unavailable"})


def test_a_replay_is_counted_filled_compared_flipped_and_taken_back(console: World, operator: Terminal) -> None:
    code, found = operator.json("ops", "replay", "plan", "cards", *WHY)
    assert (code, found["result"]) == (0, RESULTS["plan"])
    code, found = operator.json("ops", "replay", "start", "cards", "--limit", "50", "--again", *WHY)
    assert (code, found["ask"]["kind"], found["ask"]["limit"], found["ask"]["again"]) == (0, "fill", 50, True)
    assert operator.json("ops", "replay", "job", "cards", found["id"], "--wait")[1]["state"] == "done"
    assert "fill" in operator.run("ops", "replay", "jobs", "cards")[1]
    code, text = operator.run("ops", "replay", "compare", "cards", "toy.summary", *WHY)
    assert (code, "fields: {'content': 2}" in text) == (0, True)
    assert operator.json("ops", "replay", "flip", "cards", "toy.summary", *WHY) == (0, {"flipped": True})
    assert operator.run("ops", "replay", "rollback", "cards", "toy.summary", *WHY) == (0, "rolled_back\n")
    assert [act for act, _, _ in ordered(console)] == ["plan", "fill", "compare", "flip", "roll_back"]
    code, done = operator.json("ops", "replay", "done", "cards")
    assert {(one["reason"], one["ticket"]) for one in done} == {(WHY[1], WHY[3])}


def test_a_replay_under_way_is_paused_resumed_throttled_and_cancelled(console: World, operator: Terminal) -> None:
    for act, sent in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert operator.json("ops", "replay", act, "cards", "job-1", *WHY) == (0, {"done": True})
        assert console.services.of(f"/jobs/job-1/{sent}") == [{}]
    assert operator.json("ops", "replay", "throttle", "cards", "job-1", "--limit", "20", *WHY)[0] == 0
    assert console.services.of("/jobs/job-1/limit") == [{"limit": 20}]
    assert ordered(console)[-1] == ("throttle", "job-1", {"limit": "20.0"})
    console.services.refuse["/cancelled"] = "job-over"
    assert operator.json("ops", "replay", "cancel", "cards", "job-1", *WHY) == (1, {"error": "job-over"})


def test_a_job_that_fails_and_a_log_that_differs_make_the_code_one(console: World, operator: Terminal) -> None:
    assert operator.json("ops", "reconcile", "cards", *WHY)[0] == 0
    book = console.services.ops
    for topic, models in (
        ({"first_difference": 4, "unreadable": 0}, []),
        ({"first_difference": None, "unreadable": 1}, []),
        ({"first_difference": None, "unreadable": 0}, [{"different": 1}]),
    ):
        book.results["reconcile"] = {"upto": 6, "topic": topic, "models": models}
        assert operator.json("ops", "reconcile", "cards", *WHY)[0] == 1, topic
    book.state = "failed"
    assert operator.json("ops", "replay", "plan", "cards", *WHY)[0] == 1


def test_parked_keys_are_listed_previewed_retried_and_passed_over_by_two(console: World, operator: Terminal) -> None:
    code, text = operator.run("ops", "parked", "list", "cards")
    assert (code, ROW in text) == (0, True)
    group = ("--consumer", "toy_summary__v1", "--error", "KeyError", "--cap", "3")
    code, found = operator.json("ops", "parked", "preview", "cards", *group)
    assert (code, found["chosen"], found["requested"]) == (0, 3, 0)
    assert ordered(console) == []
    assert operator.json("ops", "parked", "retry", "cards", *group, *WHY)[1]["requested"] == 3
    assert operator.json("ops", "parked", "retry-key", "cards", ROW, *WHY)[0] == 0
    assert operator.json("ops", "parked", "ask-skip", "cards", "none", *WHY) == (1, {"error": "not-parked"})
    code, asked = operator.json("ops", "parked", "ask-skip", "cards", ROW, *WHY)
    assert code == 0
    skip = ("ops", "parked", "skip", asked["approval_id"], *WHY)
    assert operator.json(*skip) == (1, {"error": "approval-missing"})
    agree = ("approvals", "agree", asked["approval_id"], "--reason", "vu aussi")
    assert operator.json(*agree) == (1, {"error": "second-person-needed"})
    assert operator.other(Role.OPERATIONS).json(*agree)[0] == 0
    assert operator.json(*skip)[0] == 0
    assert operator.json(*skip) == (1, {"error": "approval-used"})
    assert [act for act, _, _ in ordered(console)] == ["retry", "retry", "skip"]


def test_events_are_found_and_documents_explained_without_values(console: World, operator: Terminal) -> None:
    for find, name in (("stream", "box:1"), ("person", "ann"), ("correlation", "c1"), ("after", "0")):
        code, found = operator.json("ops", "events", "cards", find, name)
        assert (code, found[0]["type"]) == (0, "BoxOpened"), find
    code, text = operator.run("ops", "explain", "cards", "toy.summary", CLAIRE)
    assert (code, "text(4) abcdef" in text, "clou" in text) == (0, True, False)
    assert "BoxOpened" in text
    assert operator.run("ops", "explain", "cards", "toy.summary", CLAIRE, "--at", "2026-11-28T08:00:00")[0] == 0
    assert "toy.summary" not in operator.run("ops", "graphs")[1]


def test_values_are_shown_to_a_supervisor_who_was_recorded_and_to_nobody_else(
    console: World, operator: Terminal
) -> None:
    assert operator.json("ops", "unmask", CLAIRE, *WHY) == (1, {"error": "role-refused"})
    chief = operator.other(Role.SUPERVISOR)
    assert chief.json("ops", "unmask", CLAIRE, *WHY)[0] == 0
    assert "ValuesUnmasked" in console.service.types()
    assert "clou" in chief.run("ops", "explain", "cards", "toy.summary", CLAIRE)[1]


@pytest.mark.parametrize(
    "words",
    [
        ("ops", "replay", "start", "cards"),
        ("ops", "replay", "start", "cards", "--reason", "incident", "--limit", "-1"),
        ("ops", "replay", "start", "cards", "--reason", "x"),
        ("ops", "replay", "throttle", "cards", "job-1", "--limit", "many", *WHY),
        ("ops", "parked", "retry", "cards", "--consumer", "c", "--error", "E", "--cap", "0", *WHY),
        ("ops", "events", "cards", "after", "yesterday"),
        ("ops", "events", "cards", "name", "x"),
    ],
)
def test_wrong_usage_has_a_code_of_its_own_and_orders_nothing(
    console: World, operator: Terminal, words: tuple[str, ...]
) -> None:
    assert operator.run(*words)[0] == 2
    assert ordered(console) == []


def test_who_may_not_is_refused_and_nothing_is_ordered(console: World, terminal: Terminal) -> None:
    assert terminal.json("ops", "map") == (1, {"error": "sign-in-needed"})
    agent, auditor = terminal.other(Role.AGENT), terminal.other(Role.AUDITOR)
    assert agent.json("ops", "map") == (1, {"error": "role-refused"})
    assert agent.json("ops", "parked", "list", "cards") == (1, {"error": "role-refused"})
    assert auditor.json("ops", "map")[0] == 0
    assert auditor.json("ops", "map", "--service", "nowhere") == (1, {"error": "service-unknown"})
    assert auditor.json("ops", "replay", "start", "cards", *WHY) == (1, {"error": "role-refused"})
    assert auditor.json("ops", "replay", "flip", "cards", "toy.summary", *WHY) == (1, {"error": "role-refused"})
    assert auditor.json("ops", "parked", "ask-skip", "cards", ROW, *WHY) == (1, {"error": "role-refused"})
    assert ordered(console) == []
