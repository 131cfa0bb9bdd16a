"""`python -m shared.contracts services.cards …`: writes the contracts of these services, or checks them.

Files `<Event>.v<N>.schema.json` and `.example.json` are committed, reviewed, and kept for life: a topic holds each
payload in the schema of its day. `--check` writes nothing and fails where they are not what the code says.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.contracts.files import complaints, write
from shared.kernel import Event


class _Unset:
    """Stands for a service's settings: a definition may need hash keys for its claims, and nothing else."""

    def hash_key(self, _: str) -> tuple[int, bytes]:
        return 1, bytes(32)


def _service(package: str) -> tuple[str, tuple[type[Event], ...], Path]:
    main = importlib.import_module(f"{package}.main")
    define: Callable[[Any], Any] = main.definition
    found = define(_Unset())
    return found.name, tuple(found.events), Path(str(main.__file__)).parent / "contracts"


def contracts(
    packages: list[str],
    check: Annotated[bool, typer.Option(help="Write nothing; exit code 1 if anything differs.")] = False,  # noqa: FBT002
) -> None:
    """Write the contracts of these services, or check them."""
    work = complaints if check else write
    problems = [f"{package}: {line}" for package in packages for line in work(*_service(package))]
    for line in problems:
        typer.echo(line, err=True)
    raise typer.Exit(1 if problems else 0)


def application() -> typer.Typer:
    """The command line."""
    app = typer.Typer(add_completion=False)
    app.command()(contracts)
    return app


if __name__ == "__main__":
    application()()
