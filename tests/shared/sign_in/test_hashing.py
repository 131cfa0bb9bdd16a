"""Codes as hashes."""

import asyncio

from shared.problems import Refused
from shared.sign_in.hashing import CodeHasher

CODE = "soldat1!"


def hasher(pepper: bytes = b"pepper", memory_kib: int = 64, waiting: int = 8) -> CodeHasher:
    return CodeHasher(pepper, memory_kib=memory_kib, at_once=1, waiting=waiting)


async def test_the_right_code_and_no_other() -> None:
    argon2 = hasher()
    kept = await argon2.hash(CODE)
    assert await argon2.verify(CODE, kept)
    assert not await argon2.verify("soldat2!", kept)


async def test_a_hash_is_argon2id_and_says_nothing_of_the_code() -> None:
    kept = await hasher(memory_kib=47_104).hash(CODE)
    assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert kept != await hasher(memory_kib=47_104).hash(CODE)


class Agreeing(CodeHasher):
    """Finds every code right."""

    compared = 0

    def _matches(self, code: str, kept: str) -> bool:
        self.compared += 1
        return True


async def test_nothing_to_compare_is_the_same_work_and_false() -> None:
    argon2 = Agreeing(b"pepper", memory_kib=64, at_once=1, waiting=8)
    assert not await argon2.verify(CODE, None)
    assert argon2.compared == 1


async def test_another_pepper_opens_nothing() -> None:
    kept = await hasher(b"one").hash(CODE)
    assert not await hasher(b"other").verify(CODE, kept)


async def test_accents_typed_in_two_ways_are_one_code() -> None:
    argon2 = hasher()
    assert await argon2.verify("e\u0301te\u0301-2026", await argon2.hash("été-2026"))


async def test_a_weaker_hash_is_outdated() -> None:
    kept = await hasher(memory_kib=64).hash(CODE)
    assert hasher(memory_kib=128).outdated(kept)
    assert not hasher(memory_kib=64).outdated(kept)


async def test_too_many_at_once_are_asked_to_come_back() -> None:
    argon2 = hasher(memory_kib=8192, waiting=1)
    outcomes = await asyncio.gather(*(argon2.hash(CODE) for _ in range(5)), return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["unavailable"] * 3
    assert await argon2.verify(CODE, await argon2.hash(CODE)), "places are given back"
