"""A store in front of a real one: it can be slow, lose answers, or let somebody else be faster."""

from collections.abc import Awaitable, Callable
from typing import Any

from shared.event_store import Appended, Draft, EventStore, StoreUnavailable


class UnrulyStore:
    """Everything goes to the store behind it; appends may be disturbed."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.appends = 0
        self.loses_answers = 0
        self.rivals: list[Callable[[], Awaitable[object]]] = []
        """Each goes first once, before one append."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, draft: Draft) -> Appended:
        self.appends += 1
        if self.rivals:
            await self.rivals.pop(0)()
        answer = await self._store.append(draft)
        if self.loses_answers:
            self.loses_answers -= 1
            raise StoreUnavailable
        return answer
