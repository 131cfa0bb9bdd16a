"""The project's files, as the tests of the architecture read them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def committed() -> tuple[str, ...]:
    """The names of all files that git knows and that are there, from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).exists())


def modules(*patterns: str) -> Iterator[tuple[str, str]]:
    """Name and text of every Python file below the folders that match."""
    for pattern in patterns:
        for file in sorted(ROOT.glob(f"{pattern}/**/*.py")):
            yield str(file.relative_to(ROOT)), file.read_text()


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every committed file that is text."""
    for name in committed():
        try:
            yield name, (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
