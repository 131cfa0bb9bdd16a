"""A draw: anybody who has the list and the seed draws the same."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shared.lifecycles import draw
from shared.lifecycles.draws import listing

ids = st.lists(st.text("abc/-0123", min_size=1, max_size=12), max_size=60)
seeds = st.text(min_size=1, max_size=20)


@given(ids=ids, seed=seeds, size=st.integers(1, 20))
def test_a_draw_depends_on_seed_and_members_alone(ids: list[str], seed: str, size: int) -> None:
    first, again = draw(seed, size, ids), draw(seed, size, [*reversed(ids), *ids])
    assert first == again
    assert len(first.ids) == len(set(first.ids)) == min(size, len(set(ids)))
    assert first.population == len(set(ids))


@given(ids=ids, seed=seeds, size=st.integers(1, 20))
def test_a_larger_sample_begins_with_the_smaller_one(ids: list[str], seed: str, size: int) -> None:
    smaller = draw(seed, size, ids)
    assert draw(seed, size + 5, ids).ids[: len(smaller.ids)] == smaller.ids


def test_the_documented_algorithm_by_hand() -> None:
    """Five lines that need nothing of ours."""
    ids = [f"cards/vitale order/{number}" for number in range(100)]
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"graine|{one}".encode()).hexdigest())[:7]
    found = draw("graine", 7, ids)
    assert list(found.ids) == by_hand
    assert found.population_hash == hashlib.sha256(("\n".join(sorted(ids)) + "\n").encode()).hexdigest()
    assert hashlib.sha256(listing(ids)).hexdigest() == found.population_hash


def test_another_seed_or_another_population_is_another_draw() -> None:
    ids = [str(number) for number in range(50)]
    one = draw("a", 10, ids)
    assert draw("b", 10, ids).ids != one.ids
    assert draw("a", 10, ids[1:]).population_hash != one.population_hash


def test_every_id_is_as_likely_as_the_others() -> None:
    """Over 4,000 seeds each of 20 is drawn first about 200 times: within five standard deviations."""
    ids = [str(number) for number in range(20)]
    firsts = [draw(str(seed), 1, ids).ids[0] for seed in range(4_000)]
    counts = [firsts.count(one) for one in ids]
    assert all(abs(count - 200) < 5 * (4_000 * 0.05 * 0.95) ** 0.5 for count in counts), counts
