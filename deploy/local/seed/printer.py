"""Plays the printer: takes the letters out of the spool, prints them, and sends his receipt."""

from deploy.local.mail.letters import Letters
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack


def letters(stack: Stack) -> Letters:
    """The spool and the pile of a stack."""
    return Letters(stack.folder / "letters", stack.folder / "printed", stack.folder / "secrets" / "printer.pem")


def print_letters(stack: Stack) -> int:
    """Print what lies in the spool; how many letters."""
    senders = Senders(stack)
    at = senders.now().isoformat()
    lines = [{"kind": "printed", "letter_id": letter_id, "at": at} for letter_id in letters(stack).print()]
    if lines:
        senders.send("letters", lines)
    return len(lines)
