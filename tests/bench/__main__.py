"""`make bench`: one run, one table, `var/bench.json`."""

import shutil

import uvloop

from deploy.local.services import ROOT
from deploy.local.stack import Stack, parts, running
from shared.long_lived import settle
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
    return [*pairs, *await usable.bench()]


def main() -> None:
    """Start a stack of its own, measure, stop it; the mix is asked of a whole one."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    settle()  # as every process of the stack does
    with running(FOLDER / "stack", only={"kafka", "mongo"}) as stack:
        pairs = uvloop.run(_run(stack))
    with running(FOLDER / "whole", only=parts()) as stack:
        pairs += uvloop.run(mix.bench(stack))
    publish(pairs)


if __name__ == "__main__":
    main()
