"""The reference printed on a message, brought to one form."""


def normal(typed: str) -> str:
    """`7kq2m4xd 9vta` → `7KQ2-M4XD-9VTA`: capitals, groups of four, whatever was put between."""
    letters = "".join(one for one in typed.upper() if one.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
