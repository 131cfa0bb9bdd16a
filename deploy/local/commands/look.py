"""`trace` and `run`: look into a stack from a shell."""

import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.local import processes, services, spans
from deploy.local.commands.lifecycle import HOME, Folder
from deploy.local.errors import StackError
from deploy.local.stack import Stack

SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(trace)
    app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})(run)


def trace(
    wanted: Annotated[
        str, typer.Argument(help="A trace id or its beginning, a traceparent, or an id that a span carries.")
    ],
    folder: Annotated[Path, typer.Option(help="Spans are looked for in all folders `spans` below.")] = Path("var"),
) -> None:
    """Show a trace as a tree, from the click to the mail."""
    found = spans.traces(folder, wanted)
    if not found:
        raise StackError(f"no span below {folder} answers to {wanted}")
    console = Console(highlight=False, soft_wrap=True)
    for one in found[-SHOWN:]:
        console.print(spans.tree(one))
    if len(found) > SHOWN:
        console.print(f"and {len(found) - SHOWN} earlier traces")


def run(
    service: Annotated[str, typer.Argument(help="Whose command line.")],
    words: Annotated[list[str], typer.Argument(help="Its command, such as plan, replay, compare or verify.")],
    folder: Folder = HOME,
) -> None:
    """Run a service's own command line with what the stack tells it."""
    if not services.is_built(service):
        raise StackError(f"no such service: {service}; there are {', '.join(services.built())}")
    env = {**os.environ, **Stack.load(folder).env_for(service), "PYTHONPATH": str(services.ROOT)}
    done = subprocess.run(processes.python(f"services.{service}", *words), env=env, check=False)
    raise typer.Exit(done.returncode)
