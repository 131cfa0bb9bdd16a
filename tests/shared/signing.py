"""Settings of a made-up service that signs its checkpoints: the stack's secrets, and a key pair of its own."""

import shutil
from pathlib import Path

from deploy.local import secret_files
from shared.settings import BaseServiceSettings


def signing(settings: BaseServiceSettings, folder: Path, name: str) -> BaseServiceSettings:
    """The same settings with a copy of the secrets in that folder, and a witness beside it."""
    secrets = folder / "secrets"
    shutil.copytree(settings.secrets_dir, secrets)
    pem = secret_files._key_pair(secrets / "proofs" / f"{name}_ed25519.pem")
    (secrets / "proofs" / f"{name}.pub").write_bytes(secret_files._public_pem(pem))
    return settings.model_copy(update={"secrets_dir": secrets, "witness_dir": folder / "witness"})
