"""Names that forgive: accents, hyphens, word order, and a slip of the finger."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from services.geo.gazetteer import normal

EXACT_UP_TO = 3
"""Letters of a word in which no slip is forgiven; from twice as many and two on, two are."""


class Names:
    """The words that occur in names, each with a number. Words are never taken out: a number stays what it is."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """`words` are known already, numbered in this order."""
        self._words = list(words)
        self._numbers = {word: number for number, word in enumerate(self._words)}
        self._sorted: list[str] = []
        self._grams: dict[str, list[int]] = {}
        self._indexed = 0

    def numbers(self, *texts: str) -> list[int]:
        """The words of a name, numbered."""
        found = []
        for word in normal(" ".join(texts)).split():
            if word not in self._numbers:
                self._numbers[word] = len(self._words)
                self._words.append(word)
            found.append(self._numbers[word])
        return found

    def words(self, numbers: Iterable[int]) -> list[str]:
        """The words that bear these numbers."""
        return [self._words[number] for number in numbers]

    def like(self, typed: str) -> list[set[int]]:
        """For each word typed, those that may be meant: it begins them, or differs from them by a slip or two."""
        self.index()
        return [self._begun(word) | self._near(word) for word in normal(typed).split()]

    def index(self) -> None:
        """Look at the words that came since; of very many, better before somebody searches."""
        if self._indexed == len(self._words):
            return
        for number in range(self._indexed, len(self._words)):
            for gram in _grams(self._words[number]):
                self._grams.setdefault(gram, []).append(number)
        self._sorted += self._words[self._indexed :]
        self._sorted.sort()  # nearly in order already
        self._indexed = len(self._words)

    def _begun(self, typed: str) -> set[int]:
        found = set()
        for at in range(bisect_left(self._sorted, typed), len(self._sorted)):
            if not self._sorted[at].startswith(typed):
                break
            found.add(self._numbers[self._sorted[at]])
        return found

    def _near(self, typed: str) -> set[int]:
        slips = allowed(typed)
        if not slips:
            return set()
        grams = _grams(typed)
        shared = Counter(number for gram in grams for number in self._grams.get(gram, ()))
        least = max(len(grams) - 4 * slips, 1)  # a slip spoils four groups of three letters at most
        return {
            number
            for number, count in shared.items()
            if count >= least and abs(len(self._words[number]) - len(typed)) <= slips
            if slipped(typed, self._words[number], slips)
        }


def allowed(word: str) -> int:
    """How many slips are forgiven in a word."""
    return 0 if len(word) <= EXACT_UP_TO else 1 if len(word) <= 2 * EXACT_UP_TO + 1 else 2


def slipped(one: str, other: str, most: int) -> bool:
    """Whether `most` slips at most make one of the other: a letter more, less, wrong, or two swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def _grams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
