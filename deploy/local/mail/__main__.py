"""`python -m deploy.local.mail`: both servers in one process, told by the environment."""

import os
from pathlib import Path

import uvicorn

from deploy.local.mail.app import create_app
from deploy.local.mail.letters import Letters
from deploy.local.mail.mailbox import Mailbox


def main() -> None:
    # Mails hold one-time links: nobody else's machine may read them, so loopback unless a container says otherwise.
    host = os.environ.get("HTTP_HOST", "127.0.0.1")
    names = os.environ.get("MAIL_HOST_NAMES", "127.0.0.1,localhost").split(",")
    mailbox = Mailbox(Path(os.environ["MAIL_FOLDER"]))
    folders = (Path(os.environ[name]) for name in ("LETTER_SPOOL", "PRINTED_LETTERS", "PRINTER_KEY"))
    app = create_app(
        mailbox, Letters(*folders), smtp_host=host, smtp_port=int(os.environ["SMTP_PORT"]), host_names=names
    )
    uvicorn.run(app, host=host, port=int(os.environ["HTTP_PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
