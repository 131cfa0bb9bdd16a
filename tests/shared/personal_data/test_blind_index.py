"""Blind indexes: the same value is found again, and nothing else is learned."""

from shared.personal_data import BlindIndex

INDEX = BlindIndex("email", 3, b"k" * 32)


def test_a_blind_index_finds_the_same_value_and_shows_its_purpose_and_version() -> None:
    found = INDEX.of("anne@exemple.fr")
    assert found == INDEX.of("anne@exemple.fr")
    assert found.startswith("email:v3:")
    assert len(found) == len("email:v3:") + 64
    assert INDEX.matches("anne@exemple.fr", found)
    assert not INDEX.matches("paul@exemple.fr", found)


def test_a_blind_index_never_changes() -> None:
    assert INDEX.of("anne@exemple.fr") == "email:v3:54fc54c704fd0ae817bee919a7d4b735ae6a9a90135810957ce257b6ca79e786"


def test_another_purpose_or_key_gives_another_index() -> None:
    others = [BlindIndex("login", 3, b"k" * 32), BlindIndex("email", 3, b"l" * 32)]
    codes = {index.of("anne").rpartition(":")[2] for index in [INDEX, *others]}
    assert len(codes) == 3


def test_a_blind_index_shows_no_key() -> None:
    assert "k" * 32 not in repr(INDEX)
    assert "key" not in repr(INDEX)
