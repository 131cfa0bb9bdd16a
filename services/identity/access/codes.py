"""Personal codes of standing accounts: finding the one that was typed, and taking another."""

from services.identity.access.desk import Call, Desk
from services.identity.access.stores import Credential
from services.identity.domain.account_state import Account
from services.identity.domain.ids import CredentialId, MemberId


async def opening(desk: Desk, member_id: str, code: str) -> tuple[Credential, Account] | None:
    """The credential that this code is right for, and the account that it opens: the one whose last event names it.

    For a member without one, the same work and nothing. A code that no event names, as after a crash, opens nothing,
    and no code opens an account that is locked.

    Raises:
        Refused: `unavailable`, too many wait.
    """
    kept = await desk.stores.credentials.of(member_id)
    right = [one for one in kept if await desk.hasher.verify(code, one.hash)]
    if not kept:
        await desk.hasher.verify(code, None)
    if not right:
        return None
    account: Account = (await desk.service.state(f"account:{member_id}"))[0]
    named = next((one for one in right if one.id == account.credential_id), None)
    return (named, account) if named is not None and account.usable else None


async def settle(desk: Desk, credential: Credential, code: str) -> None:
    """The code was right: an event names it, and its hash may be renewed."""
    if not credential.active:
        await desk.stores.credentials.settle(credential.member_id, credential.id, desk.clock.now())
    if desk.hasher.outdated(credential.hash):
        await desk.stores.credentials.rehash(credential.id, await desk.hasher.hash(code))


async def keep(desk: Desk, call: Call, member_id: MemberId, code: str) -> Credential:
    """The code's hash, kept before the event that names it: a crash between the two loses no account."""
    credential = Credential(
        id=CredentialId(call.made("credential")),
        member_id=member_id,
        hash=await desk.hasher.hash(code),
        created_at=desk.clock.now(),
    )
    await desk.stores.credentials.add(credential)
    return credential


async def named(desk: Desk, member_id: MemberId) -> None:
    """An event has named another code."""
    account: Account = (await desk.service.state(f"account:{member_id}"))[0]
    if account.credential_id is not None:
        await desk.stores.credentials.settle(member_id, account.credential_id, desk.clock.now())
