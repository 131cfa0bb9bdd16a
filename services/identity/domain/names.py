"""Surnames as people type them, against how a register spells them."""

import unicodedata


def folded(name: str) -> str:
    """What is left once case, accents, hyphens, apostrophes and spaces are ignored."""
    spelled_out = name.casefold().replace("œ", "oe").replace("æ", "ae")
    letters = unicodedata.normalize("NFKD", spelled_out)
    return "".join(character for character in letters if character.isalnum())


def same_surname(one: str, other: str) -> bool:
    """Whether two spellings name the same family; an empty one names none."""
    return folded(one) == folded(other) != ""
