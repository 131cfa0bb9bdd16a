"""Parts that speak HTTP: the mail sink and the services; they say themselves when they are ready."""

import http.client

from deploy.local import environment, ports, processes
from deploy.local.components.base import Component

TIMEOUT = 2.0
OK = 200


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Mail(Component):
    """The sink, with its page."""

    patience_to_stop = 5

    def port_names(self) -> tuple[str, ...]:
        return (self.name, "smtp")

    def command(self) -> list[str]:
        return processes.python("deploy.local.mail")

    def environment(self) -> dict[str, str]:
        return {
            "HTTP_HOST": ports.HOST,
            "HTTP_PORT": str(self.port),
            "SMTP_PORT": str(self.plan.ports["smtp"]),
            "MAIL_FOLDER": str(self.folder()),
            "LETTER_SPOOL": str(self.plan.folder / "letters"),
            "PRINTED_LETTERS": str(self.plan.folder / "printed"),
            "PRINTER_KEY": str(self.plan.folder / "secrets" / "printer.pem"),
        }

    def is_ready(self) -> bool:
        return is_ready(self.port) and ports.is_open(self.plan.ports["smtp"])


class Service(Component):
    """One service in one process, told everything by its environment."""

    patience_to_stop = 15

    def command(self) -> list[str]:
        return processes.python(f"services.{self.name}", "all")

    def environment(self) -> dict[str, str]:
        return environment.env_for(self.plan, self.name)

    def is_ready(self) -> bool:
        return is_ready(self.port)
