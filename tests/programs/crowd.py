"""So many clients at once, each on a connection of its own: `python -m tests.programs.crowd PORT` with JSON on stdin.

{"token": …, "bodies": [[body, …] of each client, …]} → {"seconds": [of every answer], "refused": how many were no 200}
"""

import asyncio
import json
import sys
import time
from typing import Any


class Crowd:
    """What came of all requests."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"POST /places/search HTTP/1.1\r\nHost: geo\r\nAuthorization: Bearer {token}\r\n"
        self._head += "Content-Type: application/json\r\nContent-Length: "
        self.seconds: list[float] = []
        self.refused = 0

    async def client(self, bodies: list[dict[str, Any]]) -> None:
        """Ask one after the other."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for body in bodies:
            content = json.dumps(body)
            started = time.perf_counter()
            writer.write(f"{self._head}{len(content)}\r\n\r\n{content}".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
            self.seconds.append(time.perf_counter() - started)
            self.refused += " 200 " not in head.split("\r\n")[0]
        writer.close()


async def main() -> None:
    asked = json.load(sys.stdin)
    crowd = Crowd(int(sys.argv[1]), asked["token"])
    await asyncio.gather(*(crowd.client(bodies) for bodies in asked["bodies"]))
    sys.stdout.write(json.dumps({"seconds": crowd.seconds, "refused": crowd.refused}))


if __name__ == "__main__":
    asyncio.run(main())
