"""Invented numbers that pass every check: social-security numbers, IBANs, serial numbers of cards."""

import datetime as dt
from random import Random

# Département and commune of birth (INSEE), overseas and abroad included.
BIRTHPLACES = (
    "83137", "75112", "13055", "69383", "33063", "29019", "35238", "59350", "67482", "31555", "06088",
    "2A004", "2B033", "97105", "97209", "97411", "98818", "98735", "99109", "99352", "99131", "57463",
)  # fmt: skip
BANKS = (("30006", "00001"), ("20041", "01005"), ("30004", "00001"), ("18206", "00123"), ("99999", "00042"))
RIB_LETTERS = {letter: str(value) for letters, start in (("ABCDEFGHI", 1), ("JKLMNOPQR", 1), ("STUVWXYZ", 2))
               for value, letter in enumerate(letters, start)}  # fmt: skip


def nir(random: Random, sex: int, born: dt.date, used: set[str]) -> str:
    """15 characters, key included; the order number keeps it apart from every other one."""
    while True:
        place = random.choice(BIRTHPLACES)
        body = f"{sex}{born:%y%m}{place}{random.randint(1, 999):03d}"
        if body not in used:
            used.add(body)
            return f"{body}{nir_key(body):02d}"


def nir_key(body: str) -> int:
    """97 - (n mod 97), Corsica counted as 19 and 18."""
    return 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97


def waiting(number: str) -> str:
    """The same as a waiting number (NIA): the first digit is 3 for a man, 4 for a woman; it has a key as well."""
    body = f"{int(number[0]) + 2}{number[1:13]}"
    return f"{body}{nir_key(body):02d}"


def provisional(sex: int, order: int) -> str:
    """A number of the fund's own (NNP): 7 or 8, 1, the fund, an order number; neither key nor birth date."""
    return f"{sex + 6}1835{order:08d}"


def iban(random: Random) -> str:
    """A French IBAN with a right RIB key; every fifth account number has letters, as postal ones do."""
    bank, branch = random.choice(BANKS)
    account = f"{random.randint(0, 10**11 - 1):011d}"
    if random.random() < 0.2:  # noqa: PLR2004 - said above
        account = account[:7] + random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") + account[8:]
    rib = f"{bank}{branch}{account}{rib_key(bank, branch, account):02d}"
    return f"FR{iban_key(rib):02d}{rib}"


def rib_key(bank: str, branch: str, account: str) -> int:
    """97 - (89·bank + 15·branch + 3·account) mod 97, letters read as digits."""
    digits = "".join(RIB_LETTERS.get(character, character) for character in account)
    return 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97


def iban_key(rib: str) -> int:
    """98 - (RIB FR00 as a number) mod 97 (ISO 13616)."""
    return 98 - int("".join(str(int(character, 36)) for character in f"{rib}FR00")) % 97


def serial(random: Random) -> str:
    """With photo: 11 digits, sometimes printed as 10; without: 8 to 13 digits."""
    kind = random.random()
    if kind < 0.15:  # noqa: PLR2004 - three cards of twenty show 10 digits
        return f"{random.randint(10**9, 10**10 - 1)}"
    length = 11 if kind < 0.75 else random.choice((8, 9, 12, 13))  # noqa: PLR2004 - and a quarter have no photo
    return f"{random.randint(10 ** (length - 1), 10**length - 1)}"


def rpps(random: Random) -> str:
    """11 digits of an invented doctor."""
    return f"1{random.randint(0, 10**10 - 1):010d}"
