"""What a job's row says of its process."""

import subprocess
import sys

from shared.jobs import peak_memory

BALLAST_MIB = 300


def test_a_peak_is_the_process_s_own_not_that_of_whoever_started_it() -> None:
    ballast = bytearray(BALLAST_MIB * 1024 * 1024)
    ballast[::4096] = b"1" * len(ballast[::4096])
    assert peak_memory() >= BALLAST_MIB
    child = "from shared.jobs import peak_memory; print(peak_memory())"
    found = subprocess.run([sys.executable, "-c", child], capture_output=True, check=True, text=True)
    assert 0 < int(found.stdout) < BALLAST_MIB
