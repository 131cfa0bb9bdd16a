"""`seed` and `advance`: invented members, and a card maker that does one step at a time."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.commands.lifecycle import Folder
from deploy.local.environment import base_url
from deploy.local.progress import Progress
from deploy.local.seed.accounts import CODE, open_accounts
from deploy.local.seed.cards import lives_of_cards
from deploy.local.seed.care import settlement_lines
from deploy.local.seed.files import card_line, register_line
from deploy.local.seed.manufacturer import advance as advance_orders
from deploy.local.seed.people import Families, Person
from deploy.local.seed.places import send_places
from deploy.local.seed.printer import print_letters
from deploy.local.seed.senders import Senders
from deploy.local.seed.staff import CODE as STAFF_CODE
from deploy.local.seed.staff import open_staff
from deploy.local.stack import Stack

ADULT = 18
FOR_WHO_TRIES, WITH_ACCOUNT = slice(0, 3), slice(3, 6)
"""Of the insured who hold a card; the second have lost a card or ordered a European one as well (see `cards`)."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(seed)
    app.command()(advance)


def seed(
    members: Annotated[int, typer.Option(help="Insured persons; each brings his family.")] = 200,
    seed: Annotated[int, typer.Option(help="The same number invents the same people.")] = 1,
    folder: Folder = Path("var/stack"),
) -> None:
    """Send the register and the cards of invented members, open accounts for some, and show whom to be."""
    progress = Progress()
    stack = Stack.load(folder)
    senders = Senders(stack)
    today = senders.now().date()
    people = list(Families(seed, today).people(members))
    with progress.step(f"the register: {len(people)} persons"):
        senders.send("register", (register_line(person, today) for person in people))
    holders = [person for person in people if person.serial]
    with progress.step(f"cartes Vitale: {len(holders)}"):
        senders.send("vitale-issued", (card_line(person, today) for person in holders))
    insured = [one for one in people if one.rank == 1 and one.serial and age(one, today) >= ADULT]
    with progress.step("three accounts, used for a while"):
        open_accounts(stack, senders, insured[WITH_ACCOUNT])
    with progress.step("terminals, European cards, a lost card"):
        lives_of_cards(senders, people)
    lines = list(settlement_lines(people, seed, today))
    with progress.step(f"reimbursements: {len(lines)} payments and claims"):
        aside = senders.send_all("settlements", lines)
    if aside:
        progress.say(f"{aside} of them were set aside")
    with progress.step("places: professionals, establishments, terminals"):
        send_places(stack, seed, today)
    with progress.step("the staff of the console"):
        colleagues = open_staff(stack)
    progress.say("\nThree who can create an account:")
    for person in insured[FOR_WHO_TRIES]:
        progress.say(_facts(person))
    progress.say(f"\nThree who have one, all with the code {CODE}; the one-time code is among the mails:")
    for person in insured[WITH_ACCOUNT]:
        progress.say(f"  {person.given_names} {person.surname}, numéro de sécurité sociale {person.nir}")
    if colleagues:
        progress.say(
            f"\nThe console {base_url(stack.ports['console'])}, for this demo only: the code is « {STAFF_CODE} »,"
        )
        progress.say("an app makes the other one from the secret, or: make otp SECRET=…")
    for colleague in colleagues:
        progress.say(f"  {colleague.login:<14} {colleague.secret}")


def advance(folder: Folder = Path("var/stack")) -> None:
    """Let the desk and the maker of cards move every open order one step, and the printer print."""
    stack = Stack.load(folder)
    moved, printed = advance_orders(stack), print_letters(stack)
    Progress().say(", ".join(f"{step}: {count}" for step, count in moved.items()) or "no open order")
    Progress().say(f"letters printed: {printed}")


def age(person: Person, today: dt.date) -> int:
    """Full years."""
    birth = person.birth_date
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _facts(person: Person) -> str:
    """What an invented member would read on his papers."""
    return (
        f"\n{person.given_names} {person.surname}, né(e) le {person.birth_date:%d/%m/%Y}, code postal "
        f"{person.address['postcode']}\n  numéro de sécurité sociale {person.nir}, IBAN …{person.iban[-7:]}, "
        f"carte Vitale {person.serial}"
    )
