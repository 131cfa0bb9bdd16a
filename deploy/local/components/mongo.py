"""The database: mongod as a replica set of one, or SecantusDB's Rust server which speaks its protocol."""

import os
import secrets
from pathlib import Path

from deploy.local import files, ports
from deploy.local.components import mongo_admin
from deploy.local.components.base import Component
from deploy.local.tools import database_server

CACHE = "1G"
"""Unless `MONGO_CACHE` says another size: enough for a demo, too little for a directory of two million places."""


class Mongo(Component):
    """Its first run has no passwords, for somebody must be able to create the first user."""

    def movable_ports(self) -> tuple[str, ...]:
        # A replica set of mongod knows its member by its port.
        return () if database_server.mongod() else self.port_names()

    def command(self) -> list[str]:
        return self._server(authenticated=True)

    def prepare(self) -> None:
        if not self._has_admin.exists():
            self._spawn(self._server(authenticated=False), {})
            self._wait_until(lambda: mongo_admin.create_admin(self.plan))
            self.stop()
            files.write_private(self._has_admin, "")

    def is_ready(self) -> bool:
        return ports.is_open(self.port) and mongo_admin.is_writable(self.plan)

    def finish(self) -> None:
        mongo_admin.create_users(self.plan)
        mongo_admin.forget_the_dead(self.plan)

    def _server(self, *, authenticated: bool) -> list[str]:
        mongod = database_server.mongod()
        data = files.private_folder(self.folder() / "data")
        if mongod:
            return self._mongod(mongod, data, authenticated=authenticated)
        return self._secantus(data, authenticated=authenticated)

    def _mongod(self, program: str, data: Path, *, authenticated: bool) -> list[str]:
        key = self.folder() / "replica-set.key"
        if not key.exists():
            files.write_private(key, secrets.token_hex(64))
        where = ["--dbpath", str(data), "--port", str(self.port), "--bind_ip", ports.HOST]
        locked = ["--auth", "--keyFile", str(key)] if authenticated else []
        return [program, *where, "--replSet", mongo_admin.REPLICA_SET, "--quiet", *locked]

    def _secantus(self, data: Path, *, authenticated: bool) -> list[str]:
        # A configuration of our own, though empty: otherwise it takes one from the home folder.
        config = self.folder() / "secantusd.toml"
        files.write_private(config, "")
        where = ["--config", str(config), "--storage-path", str(data), "--host", ports.HOST]
        # Without --sync-on-commit a kill loses writes that were acknowledged as journaled.
        safe = ["--sync-on-commit", "--cache-size", os.environ.get("MONGO_CACHE", CACHE), "--log-level", "WARNING"]
        locked = ["--auth"] if authenticated else []
        return [str(database_server.secantus()), *where, "--port", str(self.port), *safe, *locked]

    @property
    def _has_admin(self) -> Path:
        return self.folder() / "has-admin"
