"""What is shown of a value to who may not see it."""

import pytest

from shared.admin.masking import masked, plain
from shared.kernel import ERASED
from shared.projections.explain import ABSENT

KEY = b"k" * 32


def test_a_value_is_a_shape_and_a_hash_that_needs_the_key() -> None:
    shown = masked("clou", KEY)
    assert shown is not None
    assert shown["shape"] == "text(4)"
    assert shown == masked("clou", KEY) != masked("clou", b"x" * 32)
    assert "clou" not in str(shown)


@pytest.mark.parametrize("show", [lambda value: masked(value, KEY), plain], ids=["masked", "plain"])
def test_what_is_erased_says_so_to_everybody_and_what_was_not_there_is_nothing(show) -> None:
    erased = show(ERASED.value)
    assert erased["value"] == "effacé"
    assert "hash" not in erased
    assert show(ABSENT) is None
