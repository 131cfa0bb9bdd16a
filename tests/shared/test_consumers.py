"""Faust, tamed: nothing is acknowledged before it is handled, and nothing else may use an agent."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.services import ROOT
from shared.consumers import SafeConsumer, consumer_app
from shared.kafka import KafkaAccess

HOME = Path("shared/consumers.py")


def agents(source: str) -> list[int]:
    """Lines on which a Faust agent is made, or Faust itself is fetched to make one."""
    found = []
    for node in ast.walk(ast.parse(source)):
        made = isinstance(node, ast.Attribute) and node.attr == "agent"
        fetched = isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "faust"
        if made or fetched:
            found.append(node.lineno)
    return sorted(found)


def ours() -> Iterator[Path]:
    for folder in ("services", "shared", "deploy"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_an_agent_is_made_in_one_file_alone():
    found = {str(path.relative_to(ROOT)): lines for path in ours() if (lines := agents(path.read_text("utf-8")))}
    assert found.keys() == {str(HOME)}


@pytest.mark.parametrize(
    "source",
    [
        "@app.agent(topic)\nasync def f(stream): ...",
        "make = self.app.agent",
        "from faust.agents import Agent",
        "from faust import Agent",
    ],
)
def test_the_search_finds_an_agent_however_it_is_made(source):
    assert agents(source) == [1]


def test_the_search_lets_the_word_alone_pass():
    assert agents('actor_kind = "agent"\nagent = 1\nimport faust\napp: faust.App') == []


TP = ("toy.events.v1", 0)


def consumer(acked: list[int], unacked: list[int], committed: int | None) -> SafeConsumer:
    made = SafeConsumer.__new__(SafeConsumer)
    made._acked = defaultdict(list, {TP: acked})
    made._unacked_messages = [SimpleNamespace(offset=offset, tp=TP, acked=False) for offset in unacked]
    made._committed_offset = defaultdict(lambda: None, {TP: committed})
    made._gap, made._acked_index = defaultdict(list), defaultdict(set)
    return made


def committable(made: SafeConsumer) -> int | None:
    """The offset that would be committed now."""
    found: int | None = made._filter_committable_offsets([TP]).get(TP)
    return found


@pytest.mark.parametrize(
    ("acked", "unacked", "committed", "expected"),
    [
        ([0, 1, 2], [], None, 3),
        ([0, 1, 2], [3, 4], None, 3),
        ([0, 1, 2, 4, 5], [3], None, 3),
        ([6, 7, 8], [5], 5, None),
        ([5, 6, 8], [7], 5, 7),
        ([], [3], 3, None),
    ],
)
def test_an_offset_never_passes_a_message_that_is_not_acknowledged(acked, unacked, committed, expected):
    assert committable(consumer(list(acked), unacked, committed)) == expected


def test_what_lies_behind_an_open_message_is_kept_for_later():
    made = consumer([5, 6, 8, 9], [7], 5)
    assert committable(made) == 7
    assert made._acked[TP] == [8, 9]
    made._unacked_messages, made._committed_offset[TP] = [], 7
    made._acked[TP].append(7)
    assert committable(made) == 10


class Refusing(SafeConsumer):
    """A consumer whose broker takes no commit, or whose partition is gone."""

    def __init__(self, *, did: bool, assigned: bool = True) -> None:
        self._committed_offset: dict[Any, int] = {}
        self.did, self.assigned = did, assigned
        self.log = SimpleNamespace(dev=lambda *_: None, info=lambda *_: None)  # type: ignore[assignment]
        self.in_transaction = False  # type: ignore[assignment]
        nothing = SimpleNamespace(flush=_nothing, on_commit=lambda _: None, on_tp_commit=lambda _: None)
        self.app = SimpleNamespace(producer=nothing, tables=nothing, monitor=nothing)  # type: ignore[assignment]

    def assignment(self) -> set[Any]:
        return {TP} if self.assigned else set()

    async def _commit(self, offsets: Any) -> bool:
        return self.did


async def _nothing() -> None:
    return None


@pytest.mark.parametrize("before", [{}, {TP: 4}])
async def test_a_commit_that_failed_is_not_remembered_as_done(before):
    refusing = Refusing(did=False)
    refusing._committed_offset.update(before)
    assert not await refusing._commit_offsets({TP: 9})
    assert refusing._committed_offset == before
    refusing.did = True
    assert await refusing._commit_offsets({TP: 9})
    assert refusing._committed_offset == {TP: 9}


async def test_a_commit_for_a_partition_that_went_away_changes_nothing():
    refusing = Refusing(did=True, assigned=False)
    assert not await refusing._commit_offsets({TP: 9})
    assert refusing._committed_offset == {}


def test_an_app_is_at_least_once_without_topics_of_its_own_and_with_a_name_for_life(tmp_path):
    app = consumer_app("toy.reactions", KafkaAccess("h1:1,h2:2"), tmp_path, instance="toy-0")
    conf = app.conf
    assert [str(one) for one in conf.broker] == ["kafka://h1:1", "kafka://h2:2"]
    assert (conf.id, conf.consumer_group_instance_id) == ("toy.reactions", "toy-0")
    assert conf.processing_guarantee.value == "at_least_once"
    assert not any([conf.topic_allow_declare, conf.stream_wait_empty, conf.web_enabled])
    assert conf.consumer_auto_offset_reset == "earliest"
    assert conf.broker_credentials is None
    assert app.transport.Consumer is SafeConsumer
    assert (
        consumer_app("toy.reactions", KafkaAccess("h", "cards", "secret"), tmp_path).conf.broker_credentials.username
        == "cards"
    )
