"""The doors of one number: each device that is known has its own, all others share one that the member can reopen.

No stranger shuts a member out of a browser he has used before, and nobody gets more tries by dropping a cookie or by
changing his address. Whatever number is tried, known or not, the same is done.
"""

from typing import Final

from services.identity.access.claims import link_claim
from services.identity.access.desk import Call, Desk, id_in
from services.identity.access.links import REOPENING
from services.identity.domain import account_commands as c
from services.identity.domain.ids import LinkId
from shared.command_handler import Answer
from shared.kernel import Rejected, Value

NOBODY: Final = "nobody"
LOCK: Final = "lock"
"""How a note begins that says: the shared door has just shut."""


class Door(Value):
    """Where one try goes through."""

    gate: str
    number: str
    familiar: bool
    place: str | None = None
    """The gate of the network that a device which is not known comes from."""


async def come_to(desk: Desk, call: Call, number: str, place: str, holder: str) -> Door:
    """Count a try at the right door.

    Raises:
        TooMany: not now.
    """
    now, device = desk.clock.now(), call.device
    familiar = device is not None and await desk.stores.devices.known(holder, device.id, now)
    if familiar and device is not None:
        door = Door(gate=f"sign-in|{holder}|{device.id}", number=number, familiar=True)
    else:
        network, gate = f"sign-ins|{place}", shared_gate(number if holder == NOBODY else holder)
        await desk.gates.enter(network, desk.settings.sign_in_origins())
        door = Door(gate=gate, number=number, familiar=False, place=network)
    await desk.gates.enter(door.gate, desk.settings.sign_ins())
    return door


async def passed(desk: Desk, door: Door) -> None:
    """The try was right: it counts for nothing, neither here nor for those who share the member's network."""
    await desk.gates.forgive(door.gate)
    if door.place is not None:
        await desk.gates.give_back(door.place)


async def refused(desk: Desk, door: Door) -> None:
    """The try was wrong: where that has shut the shared door, its member is written to a moment later."""
    policy = desk.settings.sign_ins()
    tries = (await desk.stores.tries.load(door.gate)).fresh(policy, desk.clock.now())
    if not door.familiar and tries.count >= policy.failures and tries.first_at is not None:
        note = f"{LOCK}|{door.number}|{tries.first_at.isoformat()}"
        await desk.stores.refusals.count(note, door.number, desk.clock.now())


async def tell(desk: Desk, number: str, call: Call) -> None:
    """Write to the member whose shared door has shut, if there is one."""
    holder = await desk.holder(number)
    if holder is None:
        return
    now, member_id = desk.clock.now(), id_in(holder)
    expires_at = now + desk.settings.link_lifetime
    command = c.LockSignIns(at=now, link_id=LinkId(call.made("link")), link_expires_at=expires_at)
    await desk.service.handle(f"account:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))


async def reopen(desk: Desk, call: Call, token: str) -> Answer:
    """Open the shared door again, by the link of the mail.

    Raises:
        Rejected: `link-invalid`, `link-expired` or `link-replaced`.
    """
    link_id = desk.links.read(REOPENING, token, desk.clock.now())
    stream = await desk.holder(link_claim(link_id))
    if stream is None:
        raise Rejected("link-invalid")
    member_id = id_in(stream)
    command = c.ReopenSignIns(at=desk.clock.now(), link_id=link_id)
    answer = await desk.service.handle(stream, command, cmd=call.cmd, meta=call.meta(member_id))
    await open_shared_door(desk, member_id)
    return answer


async def open_shared_door(desk: Desk, member_id: str) -> None:
    """Forget the wrong tries of all devices that are not known."""
    await desk.gates.forgive(shared_gate(member_id))


def shared_gate(whose: str) -> str:
    """The door of all devices that are not known: a person's, whichever of his numbers is typed, or a number's."""
    return f"sign-in|{whose}"
