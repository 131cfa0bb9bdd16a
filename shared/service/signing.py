"""What signs a service's log, where its settings name a witness."""

from shared.proofs.checkpointer import Checkpointer
from shared.proofs.checkpoints import signing_key
from shared.proofs.witness import FileWitness
from shared.service.running import Service


def checkpointer_of(service: Service) -> Checkpointer | None:
    """The signer of this service's log; None where no witness is set, for nobody could rely on it."""
    settings = service.settings
    if settings.witness_dir is None:
        service.log.warning("log is not signed")
        return None
    return Checkpointer(
        service.name,
        service.store,
        service.database,
        service.lease("proofs"),
        signing_key(settings.proof_key(service.name)),
        FileWitness(settings.witness_dir / f"{service.name}.checkpoints"),
        service.kafka,
        service.clock,
    )
