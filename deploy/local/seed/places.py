"""Hands the directory's invented files to geo, as an operator would: by its command line."""

import datetime as dt
import os
import subprocess
from pathlib import Path

from deploy.local import processes, services
from deploy.local.errors import StackError
from deploy.local.seed.directory import TOWNS, Places
from deploy.local.stack import Stack

FINESS, RPPS, AMELI = 600, 2400, 500
"""Rows of each file: towns on both sides of the sea, all that a visitor can look for."""
HELD = 3


def send_places(stack: Stack, seed: int, today: dt.date) -> int:
    """Write the five files and have them taken, one after the other; how many rows.

    Raises:
        StackError: geo refused one.
    """
    folder = stack.sub("directory")
    invented = Places(seed, TOWNS)
    files = (
        ("finess", invented.finess(folder / "finess.csv", FINESS)),
        ("rpps", invented.rpps(folder / "PS_LibreAcces_Personne_activite.txt", RPPS)),
        ("ameli", invented.ameli(folder / "liste-ps.csv", AMELI)),
        ("ameli-centres", invented.centres(folder / "liste-cds.csv")),
        ("fund", invented.offices(folder / "offices.json")),
    )
    for source, file in files:
        _take(stack, source, file, today)
    return FINESS + RPPS + AMELI + 1


def _take(stack: Stack, source: str, file: Path, today: dt.date) -> None:
    env = {**os.environ, **stack.env_for("geo"), "PYTHONPATH": str(services.ROOT)}
    words = ("directory", source, str(file), "--as-of", today.isoformat())
    done = subprocess.run(processes.python("services.geo", *words), env=env, check=False, capture_output=True)
    if done.returncode not in (0, HELD):
        raise StackError(f"geo did not take {file.name}: {done.stderr.decode()[-500:]}")
