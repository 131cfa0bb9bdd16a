"""`run`: a service's own command line, told what the stack tells it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.local import services
from deploy.local.cli import app
from deploy.local.errors import NotRunningError, StackError
from deploy.local.plan import Plan

PROGRAM = "import os, sys\nprint(os.environ['MONGO_DATABASE'], *sys.argv[1:])\nsys.exit(3)\n"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree whose one service says what it was told, and ends with a code of its own."""
    geo = tmp_path / "services" / "geo"
    geo.mkdir(parents=True)
    (geo / "__main__.py").write_text(PROGRAM)
    monkeypatch.setattr(services, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["run", *words])


def test_words_and_options_reach_the_service_and_its_exit_code_comes_back(
    plan: Plan, capfd: pytest.CaptureFixture[str]
) -> None:
    plan.write()
    done = run("--folder", str(plan.folder), "geo", "replay", "--limit", "5")
    assert done.exit_code == 3
    assert capfd.readouterr().out == "geo replay --limit 5\n"


def test_a_service_that_does_not_exist_and_a_stack_that_does_not_are_named() -> None:
    done = run("accounting", "plan")
    assert isinstance(done.exception, StackError)
    assert str(done.exception) == "no such service: accounting; there are geo"
    assert isinstance(run("geo", "plan").exception, NotRunningError)
