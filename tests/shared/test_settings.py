"""The environment contract, and secrets that nobody sees in a repr, a dump or an error."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import BaseServiceSettings, SecretMissing

SECRET = "s3cret-of-the-test"
KEY = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kek").write_text(KEY + "\n")
    (tmp_path / "pepper").write_text("cd" * 32)
    (tmp_path / "hash_keys.json").write_text(json.dumps({"email": {"version": 3, "key": "ef" * 32}}))
    (tmp_path / "jwks.json").write_text('{"keys": []}')
    (tmp_path / "gateway_ed25519.pem").write_text("-----BEGIN PRIVATE KEY-----")
    return tmp_path


@pytest.fixture
def settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> BaseServiceSettings:
    for name, value in {
        "MONGO_URL": f"mongodb://cards:{SECRET}@127.0.0.1:1/",
        "MONGO_DATABASE": "cards",
        "KAFKA_BOOTSTRAP": "127.0.0.1:2",
        "KAFKA_USERNAME": "cards",
        "KAFKA_PASSWORD": SECRET,
        "SECRETS_DIR": str(folder),
        "HTTP_PORT": "8123",
        "SERVICE_URLS": '{"cards": "http://127.0.0.1:3"}',
        "TRACE_FILE": "spans/cards.jsonl",
        "CLOCK_OFFSET_FILE": "",
        "UNRELATED": "x",
    }.items():
        monkeypatch.setenv(name, value)
    return BaseServiceSettings()


def test_the_environment_is_read(settings: BaseServiceSettings) -> None:
    assert settings.mongo_database == "cards"
    assert settings.http_port == 8123
    assert settings.service_urls == {"cards": "http://127.0.0.1:3"}
    assert settings.trace_file == Path("spans/cards.jsonl")
    assert settings.kafka_password.get_secret_value() == SECRET


def test_an_empty_variable_counts_as_absent(settings: BaseServiceSettings) -> None:
    assert settings.clock_offset_file is None


def test_what_is_missing_is_named_at_the_start(settings: BaseServiceSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGO_DATABASE")
    with pytest.raises(ValidationError, match="mongo_database"):
        BaseServiceSettings()


def test_no_repr_and_no_error_shows_a_secret(settings: BaseServiceSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SECRET not in repr(settings) + str(settings)
    monkeypatch.setenv("SERVICE_URLS", json.dumps({"cards": [SECRET]}))
    with pytest.raises(ValidationError) as caught:
        BaseServiceSettings()
    assert SECRET not in str(caught.value)


def test_settings_do_not_change(settings: BaseServiceSettings) -> None:
    with pytest.raises(ValidationError):
        settings.http_port = 1  # type: ignore[misc] # the point


def test_secrets_come_from_the_folder(settings: BaseServiceSettings) -> None:
    assert settings.kek() == bytes.fromhex(KEY)
    assert settings.pepper() == bytes.fromhex("cd" * 32)
    assert settings.hash_key("email") == (3, bytes.fromhex("ef" * 32))
    assert settings.jwks() == {"keys": []}
    assert settings.private_key("gateway").startswith("-----BEGIN")


@pytest.mark.parametrize("content", ["", "xyz", "ab" * 16, KEY + "zz"])
def test_a_key_that_is_no_key_is_refused_without_showing_it(
    settings: BaseServiceSettings, folder: Path, content: str
) -> None:
    (folder / "kek").write_text(content)
    with pytest.raises(SecretMissing, match=r"^kek is not 32 bytes in hexadecimal$"):
        settings.kek()


def test_an_absent_secret_is_named(settings: BaseServiceSettings, folder: Path) -> None:
    (folder / "pepper").unlink()
    with pytest.raises(SecretMissing, match=r"^pepper: FileNotFoundError$"):
        settings.pepper()
    with pytest.raises(SecretMissing, match=r"^hash_keys.json has no key for serial$"):
        settings.hash_key("serial")
    (folder / "hash_keys.json").write_text(SECRET)
    with pytest.raises(SecretMissing, match=r"^hash_keys.json is no JSON$"):
        settings.hash_key("email")
