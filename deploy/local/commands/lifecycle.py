"""`up`, `down` and `status`."""

import signal
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from deploy.local import environment, leftovers, stack
from deploy.local.components.base import Component
from deploy.local.errors import NotRunningError, tail
from deploy.local.progress import Progress
from deploy.local.stack import Stack

Folder = Annotated[Path, typer.Option(help="Where data, logs and passwords of this stack are kept.")]
Only = Annotated[str, typer.Option(help="Only these parts, separated by commas: kafka,mongo,mail or services.")]
Foreground = Annotated[bool, typer.Option("--foreground", help="Stay and watch; Ctrl-C stops all.")]

HOME = Path("var/stack")
# So that a demo has the same addresses every time, if they are free.
PREFERRED = {"gateway": 8080, "console": 8081, "mail": 8025}
LOOK_AGAIN = 0.5


def register(app: typer.Typer) -> None:
    for command in (up, down, status):
        app.command()(command)


def up(only: Only = "", folder: Folder = HOME, *, foreground: Foreground = False) -> None:
    """Start what is not running yet, and wait until it is ready."""
    _interrupt_on_signals()
    progress = Progress()
    names = [name.strip() for name in only.split(",") if name.strip()]
    running = stack.up(folder, names, progress=progress, preferred=PREFERRED, watch=foreground)
    if foreground:
        watch(running, progress)
    else:
        _show_addresses(running, progress)


def down(folder: Folder = HOME) -> None:
    """Stop everything, the services first."""
    progress = Progress()
    try:
        stack.down(folder, progress)
        progress.say("everything is stopped")
    except NotRunningError:
        progress.say(f"there is no stack in {folder}")


def status(folder: Folder = HOME) -> None:
    """What runs, and where."""
    progress = Progress()
    found = Stack.load(folder)
    watcher = leftovers.watched_by(found.folder)
    for name in stack.parts():
        progress.say(_line(found, name))
    if watcher:
        progress.say(f"watched in the foreground by process {watcher.pid}")


def _line(found: Stack, name: str) -> str:
    if found.given(name):
        return f"{name:<15} given by the environment"
    part = found.component(name)
    state = f"runs as process {part.pid}" if part.running else "is stopped"
    return f"{name:<15} port {part.port:<6} {state}"


def _show_addresses(running: Stack, progress: Progress) -> None:
    titles = {"gateway": "member's site", "console": "console", "mail": "mails"}
    for name, title in titles.items():
        if name in stack.parts() and running.component(name).running:
            progress.say(f"{title + ':':<15} {environment.base_url(running.ports[name])}")


def watch(running: Stack, progress: Progress) -> None:
    """Until Ctrl-C, whenever it comes, or until somebody else's `down`."""
    try:
        _show_addresses(running, progress)
        progress.say("Ctrl-C stops all")
        alive = [part for part in map(running.component, stack.parts()) if part.running]
        while alive:
            alive = [part for part in alive if part.running or _report(part, progress)]
            time.sleep(LOOK_AGAIN)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # impatience must not leave half of it running
    stack.down(running.folder, progress)


def _report(part: Component, progress: Progress) -> bool:
    progress.say(f"{part.name} has stopped; the end of {part.log}:\n{tail(part.log)}")
    return False


def _interrupt_on_signals() -> None:
    """A closed terminal or a polite kill is treated like Ctrl-C."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
