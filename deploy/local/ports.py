"""Free ports on the loopback address."""

import secrets
import socket
import time
from collections.abc import Iterable, Mapping

HOST = "127.0.0.1"
# Below the kernel's ephemeral range, so that no outgoing connection takes a port that a stopped stack remembers.
LOWEST, HIGHEST = 20000, 29999


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do, else connections that just closed make their port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def becomes_free(port: int, patience: float = 3.0) -> bool:
    """A program that was killed may still be closing its port."""
    end = time.monotonic() + patience
    while not is_free(port):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_open(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def pick(taken: Iterable[int] = ()) -> int:
    avoided = set(taken)
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)
        if port not in avoided and is_free(port):
            return port


def choose(names: Iterable[str], known: Mapping[str, int], preferred: Mapping[str, int]) -> dict[str, int]:
    """Keep what is known, then try what is preferred, then any free port."""
    ports = dict(known)
    for name in names:
        if name not in ports:
            wish = preferred.get(name)
            good = wish is not None and wish not in ports.values() and is_free(wish)
            ports[name] = wish if good and wish is not None else pick(ports.values())
    return ports
