"""A stranger's program finds every kind of forgery, on the database and on the export, and no fault with an honest one."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import canonical
from shared.proofs import verify
from shared.proofs.checkpoints import fingerprint
from shared.proofs.export import NothingSigned
from shared.testing.store_cases.kit import draft
from tests.scale import sized
from tests.shared.proofs.forgeries import (
    FORGERIES,
    THIEF,
    another_part,
    in_commits,
    rewritten_by_a_thief,
    rewritten_with_the_key,
    value,
)
from tests.shared.proofs.signed_log import MINE, PRINT, forged, found, lines, parts_of

PROGRAM = Path(verify.__file__)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program as a stranger runs it: no installed package within reach."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@given(st.text(), st.integers(-(2**63), 2**63 - 1))
def test_it_hashes_what_was_hashed(text, number):
    value = {"b": [text, number, None, True], "a": {"z": text, "y": b"bytes".hex()}}
    assert verify.canonical(value) == canonical(value)


@pytest.mark.connected
class TestHonest:
    async def test_nothing_is_found_by_the_program_alone_with_the_standard_library_alone(self, signed):
        export = await signed.export(MINE)
        alone = [export, "--key", PRINT, "--witness", signed.path]
        done = run(*alone)
        assert (done.returncode, done.stderr) == (0, "")
        assert "13 commits, 6 events of the exported streams" in done.stdout
        assert "RESULT nothing found" in done.stdout
        assert "What is younger than the last checkpoint that somebody else holds cannot be told." in done.stdout
        assert "Without a witness, a log rewritten" not in done.stdout
        assert "Without a witness, a log rewritten" in run(export, "--key", PRINT).stdout

    async def test_the_same_log_gives_the_same_file(self, signed):
        first, second = await signed.export(MINE), await signed.export(MINE)
        assert first.read_bytes() == second.read_bytes()

    async def test_the_content_of_other_streams_stays_at_home(self, signed):
        parts = parts_of(await signed.export(MINE))
        assert {commit["s"] for commit in lines(parts, "commits.jsonl")} == {MINE}
        assert len(lines(parts, "heads.jsonl")) == 13

    async def test_a_stream_without_commits_and_several_streams_can_be_exported(self, signed):
        assert found(await signed.export("box:nobody"), signed.path) == []
        others = {row["s"] async for row in signed.database["commits"].find()}
        assert found(await signed.export(*others), signed.path) == []

    async def test_without_a_checkpoint_there_is_nothing_to_prove(self, log):
        await log.append(1)
        with pytest.raises(NothingSigned):
            await log.export(MINE)

    async def test_no_false_alarm_on_honest_exports(self, log):
        dice = random.Random(20260314)  # noqa: S311 - a seed that repeats the run
        version = 0
        for _ in range(sized(100, 1000)):
            events = dice.randrange(4)
            await log.store.append(draft(MINE, version, events=events))
            version += events
            await log.append(dice.randrange(3))
            if log.exports % 4 == 0:
                await log.sign()
            assert found(await log.export(MINE), log.path) == []


@pytest.mark.connected
class TestForgedExports:
    async def test_every_forgery_is_found(self, signed):
        export = await signed.export(MINE)
        missed = [number for number, forge in enumerate(FORGERIES) if found(forged(export, forge), signed.path) == []]
        assert missed == []

    async def test_only_the_witness_tells_on_who_holds_the_key(self, signed):
        export = forged(await signed.export(MINE), rewritten_with_the_key)
        assert found(export) == []
        assert "contradict each other" in found(export, signed.path)[0]

    async def test_a_thiefs_own_key_is_not_the_one_that_was_named(self, signed):
        export = forged(await signed.export(MINE), rewritten_by_a_thief)
        assert found(export, signed.path) == ["the export was signed with another key than the one you named"]
        assert found(export, key=fingerprint(THIEF.public_key())) == []
        assert found(await signed.export(MINE), key=fingerprint(THIEF.public_key())) != []

    async def test_a_part_that_the_manifest_does_not_list_is_found(self, signed):
        export = await signed.export(MINE)
        with_more = forged(export, another_part)
        assert found(with_more, signed.path) == []  # listed by the forger: harmless, for nothing reads it
        with zipfile.ZipFile(export, "a") as opened:
            opened.writestr("note.txt", "approved")
        assert found(export, signed.path) == ["the export has other parts than its manifest lists"]

    async def test_an_older_backup_is_found_by_what_the_witness_saw(self, signed):
        old = await signed.export(MINE)
        await signed.append(3)
        await signed.sign()
        assert found(old) == []
        assert "the witness holds a checkpoint of 18 commits, the export ends at 13" in found(old, signed.path)

    async def test_what_is_no_export_is_told_from_a_forged_one(self, signed, tmp_path):
        no_zip = tmp_path / "text.zip"
        no_zip.write_text("no zip")
        empty = forged(await signed.export(MINE), lambda parts: parts.pop("heads.jsonl"))
        for path in (no_zip, empty, tmp_path / "absent.zip"):
            with pytest.raises(verify.Unreadable):
                verify.verify(path, PRINT, None)
        done = run(no_zip, "--key", PRINT)
        assert done.returncode == 2

    async def test_what_is_found_is_printed_and_told_by_the_exit_code(self, signed):
        export = forged(await signed.export(MINE), in_commits(value))
        done = run(export, "--key", PRINT, "--json")
        assert done.returncode == 1
        assert json.loads(done.stdout)["found"] == ["commit 1: its content was changed"]
