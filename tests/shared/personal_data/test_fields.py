"""Sealed fields: bound to their place, erased with their key, and no mark is overlooked."""

import datetime as dt
from typing import Annotated, Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import ERASED, Erased, Personal, Value
from shared.personal_data import MemoryKeyStore, Vault, open_fields, personal_fields, refs_of, seal
from shared.personal_data.fields import sealed_refs

KEK = bytes(range(32))
AT = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
PLACE = "box:1|event-1"


class Note(Value):
    person_id: str
    author_id: str
    title: str
    text: Annotated[str | Erased | None, Personal("messages")]
    reply: Annotated[dict[str, Any] | Erased, Personal("care", of="author_id")]


NOTE = {"person_id": "anne", "author_id": "paul", "title": "plain", "text": "hush", "reply": {"a": [1, None, "é"]}}


@pytest.fixture
def vault() -> Vault:
    return Vault(MemoryKeyStore(), KEK)


async def sealed_note(vault: Vault, place: str = PLACE) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    return seal(Note, NOTE, await vault.ensure(refs_of(Note, NOTE)), place)


async def test_a_field_is_sealed_with_the_key_of_its_person_and_class(vault: Vault) -> None:
    plain, sealed = await sealed_note(vault)
    assert plain == {"person_id": "anne", "author_id": "paul", "title": "plain"}
    assert {name: entry["k"] for name, entry in sealed.items()} == {"text": "anne/messages", "reply": "paul/care"}
    assert sealed_refs([{"pii": sealed}, {"data": {}}]) == {"anne/messages", "paul/care"}
    assert open_fields(sealed, await vault.keys({"anne/messages", "paul/care"}), PLACE) == {
        "text": "hush",
        "reply": {"a": [1, None, "é"]},
    }


async def test_a_nonce_is_never_used_twice(vault: Vault) -> None:
    nonces = {(await sealed_note(vault))[1]["text"]["c"][:12] for _ in range(200)}
    assert len(nonces) == 200


async def test_the_length_of_a_ciphertext_is_all_it_shows(vault: Vault) -> None:
    _, sealed = await sealed_note(vault)
    assert b"hush" not in sealed["text"]["c"]
    assert len(sealed["text"]["c"]) == 12 + len('"hush"') + 16


@pytest.mark.parametrize("place", ["box:2|event-1", "box:1|event-2", "toy_summary__v1|anne", ""])
async def test_a_ciphertext_opens_in_its_own_place_only(vault: Vault, place: str) -> None:
    _, sealed = await sealed_note(vault)
    keys = await vault.keys(sealed_refs([{"pii": sealed}]))
    with pytest.raises(InvalidTag):
        open_fields(sealed, keys, place)


async def test_a_ciphertext_does_not_open_as_another_field(vault: Vault) -> None:
    _, sealed = await sealed_note(vault)
    keys = await vault.keys(sealed_refs([{"pii": sealed}]))
    with pytest.raises(InvalidTag):
        open_fields({"title": sealed["text"]}, keys, PLACE)


async def test_a_ciphertext_does_not_open_with_another_persons_key(vault: Vault) -> None:
    _, sealed = await sealed_note(vault)
    keys = await vault.ensure({"paul/messages"})
    with pytest.raises(InvalidTag):
        open_fields({"text": {**sealed["text"], "k": "paul/messages"}}, keys, PLACE)


@pytest.mark.parametrize("byte", [0, 11, 12, -1])
async def test_a_changed_ciphertext_does_not_open(vault: Vault, byte: int) -> None:
    _, sealed = await sealed_note(vault)
    text = bytearray(sealed["text"]["c"])
    text[byte] ^= 1
    keys = await vault.keys(sealed_refs([{"pii": sealed}]))
    with pytest.raises(InvalidTag):
        open_fields({"text": {**sealed["text"], "c": bytes(text)}}, keys, PLACE)


async def test_destroying_one_key_erases_one_class_of_one_person(vault: Vault) -> None:
    _, sealed = await sealed_note(vault)
    await vault.destroy("anne", "messages", AT)
    keys = await vault.keys(sealed_refs([{"pii": sealed}]))
    assert open_fields(sealed, keys, PLACE) == {"text": ERASED, "reply": NOTE["reply"]}
    await vault.destroy("paul", "care", AT)
    assert open_fields(sealed, await vault.keys(keys), PLACE) == {"text": ERASED, "reply": ERASED}


async def test_a_value_whose_key_is_destroyed_is_not_kept_again(vault: Vault) -> None:
    await vault.destroy("anne", "messages", AT)
    _, sealed = await sealed_note(vault)
    assert sealed["text"] == {"k": "anne/messages", "c": None}
    assert open_fields(sealed, await vault.keys(sealed_refs([{"pii": sealed}])), PLACE)["text"] is ERASED


async def test_an_erased_value_stays_erased_when_it_is_written_on(vault: Vault) -> None:
    keys = await vault.ensure(refs_of(Note, NOTE))
    for erased in (ERASED, ERASED.value):
        _, sealed = seal(Note, {**NOTE, "text": erased}, keys, PLACE)
        assert open_fields(sealed, keys, PLACE)["text"] is ERASED


async def test_a_model_without_personal_fields_is_left_as_it_is() -> None:
    class Plain(Value):
        a: int

    data = {"a": 1}
    plain, sealed = seal(Plain, data, {}, PLACE)
    assert (plain, sealed, refs_of(Plain, data)) == (data, {}, [])
    assert plain is not data


@pytest.mark.parametrize("nobody", [None, ""])
async def test_a_personal_value_of_nobody_is_refused(vault: Vault, nobody: str | None) -> None:
    keys = await vault.ensure(refs_of(Note, NOTE))
    with pytest.raises(ValueError, match="person_id is empty"):
        refs_of(Note, {**NOTE, "person_id": nobody})
    with pytest.raises(ValueError, match="person_id is empty"):
        seal(Note, {**NOTE, "person_id": nobody}, keys, PLACE)


def test_marks_are_found_where_a_whole_field_is_marked() -> None:
    assert personal_fields(Note) == {"text": Personal("messages"), "reply": Personal("care", of="author_id")}


class Inner(Value):
    person_id: str
    name: Annotated[str | Erased, Personal("account")]


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[str | Erased, Personal("x")] | None,
        list[Annotated[str | Erased, Personal("x")]],
        dict[str, tuple[Annotated[str | Erased, Personal("x")], ...]],
        Inner,
        list[Inner] | None,
        dict[str, Inner],
    ],
    ids=str,
)
def test_a_mark_that_would_not_be_seen_is_refused(annotation: Any) -> None:
    model = type("Model", (Value,), {"__annotations__": {"person_id": str, "value": annotation}})
    with pytest.raises(TypeError, match="mark the whole field"):
        personal_fields(model)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3),
    )
)
async def test_any_json_value_comes_back(value: Any) -> None:
    keys = {"anne/messages": b"k" * 32, "paul/care": b"l" * 32}
    _, sealed = seal(Note, {**NOTE, "text": value}, keys, PLACE)
    assert open_fields(sealed, keys, PLACE)["text"] == (ERASED if value == ERASED.value else value)
