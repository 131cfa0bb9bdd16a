"""Where downloads and builds are kept between runs and between clones."""

import os
from pathlib import Path

from deploy.local import files


def folder() -> Path:
    chosen = os.environ.get("MCEL_CACHE")
    return files.private_folder(Path(chosen) if chosen else Path.home() / ".cache" / "mon-compte-en-ligne")
