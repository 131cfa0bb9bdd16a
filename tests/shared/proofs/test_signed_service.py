"""A service with a witness signs its log: in the database, in the file and on the topic stands the same."""

import shutil

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local import secret_files
from shared.proofs.checkpointer import origin_of
from shared.proofs.checkpoints import read, signing_key
from shared.proofs.witness import FileWitness, topic_of_checkpoints
from shared.service import Service
from shared.service.signing import checkpointer_of
from tests import toy
from tests.shared.toybox import in_background, open_box, some_id, until

pytestmark = pytest.mark.connected


@pytest.fixture
def signing(settings, tmp_path):
    secrets = tmp_path / "secrets"
    shutil.copytree(settings.secrets_dir, secrets)
    return settings.model_copy(update={"secrets_dir": secrets, "witness_dir": tmp_path / "witness"})


async def test_without_a_witness_nothing_is_signed(settings):
    service = Service(toy.definition("toy"), settings)
    assert checkpointer_of(service) is None
    await service.close()


async def test_what_is_signed_stands_in_the_database_the_file_and_the_topic(signing, stack, kafka):
    name = f"toy{some_id()[:8]}"
    topic = topic_of_checkpoints(name)
    admin = AdminClient(stack.kafka_config())  # it must live as long as what it promises
    for future in admin.create_topics([NewTopic(topic, 1, 1)]).values():
        future.result(15)
    secret_files._key_pair(signing.secrets_dir / "proofs" / f"{name}_ed25519.pem")
    service = Service(toy.definition(name), signing)
    await service.prepare()
    await open_box(service, 1, 2)
    witness = FileWitness(signing.witness_dir / f"{name}.checkpoints")
    signer = checkpointer_of(service)

    async def seen() -> str | None:
        return witness.last()

    async with in_background(signer.run()), kafka.consumer(topic) as consumer:
        note = await until(seen)
        record = await consumer.getone()
    assert (record.key, record.value.decode()) == (name.encode(), note)
    key = signing_key(signing.proof_key(name)).public_key()
    assert read(note, origin_of(name), key) == await signer.newest()
    assert (await signer.newest()).size == 3
    await service.close()
