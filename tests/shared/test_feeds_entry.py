"""Files from the disk and keys from the secrets: what the command line does with them."""

import asyncio
import json
import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from shared.feeds import Report
from shared.feeds.entry import STATUSES, TITLES, SenderUnknown, add_feed_command, sender_key, showing, take_file
from shared.feeds.running import Told
from shared.kernel import Rejected

DONE = Report(feed="sums", sequence=1, lines=0, set_aside=0, listed=())


class Taker:
    """What the command line needs of an importer."""

    def __init__(self, refusal: str | None = None) -> None:
        self.taken: list[tuple[str, bytes, str]] = []
        self.kinds: list[type[Any]] = []
        self._refusal = refusal

    async def take(self, name: str, content: bytes | mmap.mmap, signature: str, told: Told) -> Report:
        told(1, 2, 0)
        told(2, 2, 1)
        if self._refusal:
            raise Rejected(self._refusal)
        self.kinds.append(type(content))
        self.taken.append((name, bytes(content), signature))
        return DONE


class Service:
    def __init__(self) -> None:
        self.calls: list[str] = []

    async def prepare(self) -> None:
        self.calls.append("prepare")

    async def close(self) -> None:
        self.calls.append("close")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sums.jsonl"
    path.write_bytes(b"one\ntwo\n")
    (tmp_path / "sums.jsonl.sig").write_text("signature\n")
    return path


async def test_a_file_is_mapped_and_its_signature_lies_beside_it(file: Path) -> None:
    taker = Taker()
    await take_file(taker, "sums", file)  # type: ignore[arg-type]  # all that is used
    assert taker.taken == [("sums", b"one\ntwo\n", "signature\n")]
    assert taker.kinds == [mmap.mmap]


@pytest.fixture
def empty(file: Path) -> Path:
    file.write_bytes(b"")
    return file


async def test_an_empty_file_is_read_like_any_other(empty: Path) -> None:
    taker = Taker()
    await take_file(taker, "sums", empty)  # type: ignore[arg-type]
    assert taker.taken == [("sums", b"", "signature\n")]


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\xff")])
async def test_without_a_signature_it_is_not_looked_at(file: Path, spoil: Callable[[Path], object]) -> None:
    spoil(file.with_name("sums.jsonl.sig"))
    with pytest.raises(Rejected, match="feed-signature-invalid"):
        await take_file(Taker(), "sums", file)  # type: ignore[arg-type]


def command_line(taker: Taker, service: Service) -> typer.Typer:
    app = typer.Typer()

    def with_service(work: Any) -> None:
        asyncio.run(work(service))

    add_feed_command(app, with_service, lambda _: taker)  # type: ignore[arg-type, return-value]
    return app


def test_the_command_says_what_became_of_the_file(file: Path) -> None:
    service = Service()
    result = CliRunner().invoke(command_line(Taker(), service), ["sums", str(file)])
    assert result.exit_code == 0
    assert Report.model_validate_json(result.stdout) == DONE
    assert service.calls == ["prepare", "close"]


def test_a_refusal_is_an_exit_code_and_a_word(file: Path) -> None:
    service = Service()
    result = CliRunner().invoke(command_line(Taker("feed-repeated"), service), ["sums", str(file)])
    assert result.exit_code == 1
    assert "feed-repeated" in result.output
    assert service.calls == ["prepare", "close"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(command_line(Taker(), Service()), ["sums", str(tmp_path / "none")])
    assert result.exit_code == 2


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    key = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "feeds" / "sender.pub").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return tmp_path


def test_a_senders_key_lies_among_the_secrets(secrets: Path) -> None:
    key = sender_key(secrets, "sender")
    assert key.public_bytes_raw()


def test_no_key_and_no_ed25519_key_are_told_by_name(secrets: Path) -> None:
    other = generate_private_key(SECP256R1()).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (secrets / "feeds" / "curve.pub").write_bytes(pem)
    (secrets / "feeds" / "torn.pub").write_bytes(pem[:50])
    for name in ("stranger", "curve", "torn"):
        with pytest.raises(SenderUnknown, match=name):
            sender_key(secrets, name)


def test_every_status_has_words() -> None:
    assert STATUSES.keys() <= TITLES.keys()


def test_how_far_a_file_is_goes_to_standard_error_now_and_then_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = showing(every=60)
    for read in (64, 128, 200):
        told(read, 200, 3)
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(one["read"], one["lines"], one["set_aside"]) for one in found] == [(200, 200, 3)]
    assert found[0]["rate"] > 0


def test_between_two_windows_it_says_more_where_time_has_passed(capsys: pytest.CaptureFixture[str]) -> None:
    told = showing(every=0)
    told(64, 200, 0)
    told(200, 200, 0)
    assert len(capsys.readouterr().err.splitlines()) == 2
