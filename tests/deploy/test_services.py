"""A service as the stack starts it: here a tiny one that answers what it was told."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local import services, stack
from deploy.local.environment import env_for
from deploy.local.errors import NotRunningError, PartFailedError, StackError
from deploy.local.stack import Stack

TINY = """
import http.server, json, os, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"env": dict(os.environ), "arguments": sys.argv[1:]}).encode())

print("listening")
http.server.HTTPServer((os.environ["HTTP_HOST"], int(os.environ["HTTP_PORT"])), Handler).serve_forever()
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one service in it."""
    monkeypatch.setattr(services, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOG_FILE", "elsewhere.log")
    write(tmp_path, TINY)
    return tmp_path


@pytest.fixture
def only_geo(root: Path) -> Iterator[Stack]:
    with stack.running(root / "stack", only={"geo"}) as found:
        yield found


def write(root: Path, program: str) -> None:
    folder = root / "services" / "geo"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "services" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "__main__.py").write_text(program)


def told(found: Stack) -> dict[str, dict[str, str]]:
    url = json.loads(found.env_for("geo")["SERVICE_URLS"])["geo"]
    answer: dict[str, dict[str, str]] = httpx.get(url).json()
    return answer


def test_only_services_that_exist_are_parts(root: Path) -> None:
    assert services.built() == ("geo",)
    assert stack.parts() == ["mail", "kafka", "mongo", "geo"]
    assert stack.parts({"geo", "mongo"}) == ["mongo", "geo"]
    with pytest.raises(StackError, match="no such part: cards; there are mail, kafka, mongo, geo"):
        stack.parts({"cards"})


@pytest.mark.connected
def test_a_service_is_told_everything_by_its_environment(only_geo: Stack) -> None:
    answer = told(only_geo)
    assert answer["arguments"] == ["all"]
    wanted = env_for(only_geo, "geo")
    assert {name: answer["env"].get(name) for name in wanted} == wanted
    assert "LOG_FILE" not in answer["env"]
    assert "listening" in only_geo.component("geo").log.read_text()
    assert (only_geo.folder / "spans").is_dir()


@pytest.mark.connected
def test_a_service_is_killed_and_comes_back_on_its_port_with_more_to_know(only_geo: Stack) -> None:
    part = only_geo.component("geo")
    first = part.pid
    part.kill()
    assert not part.running
    with pytest.raises(NotRunningError):
        part.pause()
    part.start({"CRASH_AT": "send"})
    assert part.pid != first
    assert told(only_geo)["env"]["CRASH_AT"] == "send"


@pytest.mark.connected
def test_a_handle_finds_what_another_handle_started(only_geo: Stack) -> None:
    again = Stack.load(only_geo.folder)
    assert again.component("geo").pid == only_geo.component("geo").pid
    again.component("geo").stop()
    assert not only_geo.component("geo").running


@pytest.mark.connected
def test_a_service_that_fails_says_why(root: Path) -> None:
    write(root, "raise SystemExit('no key in SECRETS_DIR')")
    with pytest.raises(PartFailedError, match=r"(?s)geo: it stopped while starting.*no key in SECRETS_DIR"):
        stack.up(root / "stack", {"geo"})
