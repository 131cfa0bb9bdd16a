"""Documents that queries have opened a moment ago: one page after the other asks for the same ones."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from shared.kernel import Value
from shared.personal_data.fields import sealed_refs
from shared.personal_data.vault import Keys, Vault
from shared.projections.documents import AnyProjection, DocumentCodec, Held

SECONDS: Final = 60.0
"""As long as a key is remembered, and no longer (DESIGN §6)."""
MOST: Final = 5_000


class _Opened(NamedTuple):
    row: Mapping[str, Any]
    keys: Keys
    document: Value | None
    until: float


class RememberedDocuments(DocumentCodec):
    """For readers alone: the same row under the same keys is the same document, which nobody changes.

    The row is always read; what is saved is to open its fields and to check them.
    """

    def __init__(self, vault: Vault, now: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        super().__init__(vault)
        self._now = now
        self._most = most
        self._known: OrderedDict[tuple[str, str], _Opened] = OrderedDict()

    def read(self, projection: AnyProjection, row: Mapping[str, Any], keys: Keys) -> Held:
        """The document of a row, opened only if it has changed."""
        self._forget()
        name = (projection.id, str(row["_id"]))
        used = {ref: keys.get(ref) for ref in sealed_refs([row])}
        known = self._known.get(name)
        if known is not None and known.row == row and known.keys == used:
            return Held(projection, row["_id"], known.document, row["_w"])
        held = super().read(projection, row, keys)
        if held.error is None:
            self._known[name] = _Opened(row, used, held.document, self._now() + SECONDS)
            self._known.move_to_end(name)
        return held

    def _forget(self) -> None:
        while self._known and (len(self._known) > self._most or next(iter(self._known.values())).until < self._now()):
            self._known.popitem(last=False)
