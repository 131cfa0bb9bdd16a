"""Surnames as people type them, against how a register spells them."""

import unicodedata


def folded(name: str) -> str:
    """What is left once case, accents, hyphens, apostrophes and spaces are ignored."""
    letters = _plain(_plain(name)).replace("œ", "oe").replace("æ", "ae")
    return "".join(character for character in letters if character.isalnum())


def _plain(text: str) -> str:
    """Once is not enough: some letters change case only when they are taken apart, and some the other way round."""
    return unicodedata.normalize("NFKD", text).casefold()


def same_surname(one: str, other: str) -> bool:
    """Whether two spellings name the same family; an empty one names none."""
    return folded(one) == folded(other) != ""
