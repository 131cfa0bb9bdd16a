"""`make bench`: one run, one table, `var/bench.json`."""

import shutil

import uvloop

from deploy.local.services import ROOT
from deploy.local.stack import Stack, running
from tests.bench import appends, live, mix, money, places, reads, usable
from tests.bench.ground import STREAMS, bench_service, fill
from tests.bench.measure import Pair, publish

FOLDER = ROOT / "var" / "bench"


async def _run(stack: Stack) -> list[Pair]:
    async with bench_service(stack, FOLDER) as service:
        pairs = await appends.bench(service)
    async with bench_service(stack, FOLDER) as service:
        await fill(service, range(STREAMS))
        pairs += await reads.bench(service)
        pairs += await live.bench(service)
    pairs += [*await money.bench(stack, FOLDER), *await places.bench(stack, FOLDER)]
    return [*pairs, *await mix.bench(), *await usable.bench()]


def main() -> None:
    """Start a stack of its own, measure, stop it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with running(FOLDER / "stack", only={"kafka", "mongo"}) as stack:
        publish(uvloop.run(_run(stack)))


if __name__ == "__main__":
    main()
