"""What one transaction cannot hold is written in parts, by the live worker and by a rebuild."""

import pytest
from pymongo.errors import BulkWriteError, OperationFailure

from shared.mongo import is_too_large, is_transient
from shared.projections.documents import AnyProjection
from shared.projections.projector import Projector
from shared.projections.working_set import WorkingSet
from shared.projections.writes import TooLarge
from shared.rebuild import Rebuild
from shared.service import Service
from tests import toy
from tests.shared.toybox import fill, fold_of, log_of, opened_and_filled, read_model, some_id

BOXES = 7


class NarrowWorkingSet(WorkingSet):
    """Its database takes no more than so many entries at once."""

    most = 0
    written: list[int]

    async def flush(self) -> None:
        if len(self) > self.most:
            raise TooLarge
        self.written.append(len(self))
        await super().flush()


class NarrowProjector(Projector):
    def working_set(self, only: AnyProjection | None = None, *, anew: bool = False) -> WorkingSet:
        projections = self.projections if only is None else [only]
        return NarrowWorkingSet(self._client, self.database, projections, self._documents, anew=anew)


@pytest.fixture
async def service(make_service) -> Service:
    service = await make_service(toy.definition())
    await fill(service, [opened_and_filled(some_id(), 1, 2) for _ in range(BOXES)])
    return service


def narrow(service: Service, most: int) -> NarrowProjector:
    NarrowWorkingSet.most, NarrowWorkingSet.written = most, []
    return NarrowProjector(
        service.name,
        [toy.summary],
        service.client,
        service.database,
        service.store,
        service.codec,
        service.documents,
        service.clock,
    )


@pytest.mark.connected
async def test_a_batch_is_halved_until_it_fits(service):
    await narrow(service, 4).apply(await log_of(service))
    assert len(NarrowWorkingSet.written) > 1
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)


@pytest.mark.connected
async def test_an_event_that_never_fits_is_said_so_not_tried_for_ever(service):
    with pytest.raises(TooLarge):
        await narrow(service, 0).apply((await log_of(service))[:1])


@pytest.mark.connected
async def test_a_rebuild_goes_on_in_parts(service):
    await Rebuild(narrow(service, 4), service.store, service.database, service.clock).fill()
    assert len(NarrowWorkingSet.written) > 1
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)


@pytest.mark.parametrize("code", [257, 388])
def test_the_codes_of_the_database(code):
    assert is_too_large(OperationFailure("no room", code))
    assert not is_transient(OperationFailure("no room", code))


def test_another_failure_is_not_one_of_size():
    assert not is_too_large(OperationFailure("conflict", 112))
    assert not is_too_large(BulkWriteError({"writeErrors": [{"code": 11000}]}))
