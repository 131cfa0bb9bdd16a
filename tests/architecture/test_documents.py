"""A document made today is made again in ten years with the same bytes."""

import importlib.metadata

from shared.documents import RENDERER
from tests.architecture import documents

V1 = {"renderer": "typst-1", "sha256": "aa"}


def test_every_template_makes_the_bytes_it_always_made() -> None:
    assert documents.hashes() == documents.read()


def test_the_renderer_bears_the_version_that_is_installed() -> None:
    assert f"typst-{importlib.metadata.version('typst')}" == RENDERER


def test_a_template_that_changed_or_went_is_found() -> None:
    assert documents.broken({"a": V1}, {"a": V1, "b": V1}) == []
    assert len(documents.broken({"a": V1}, {"a": V1 | {"sha256": "bb"}})) == 1
    assert len(documents.broken({"a": V1}, {})) == 1


def test_another_renderer_may_make_other_bytes() -> None:
    assert documents.broken({"a": V1}, {"a": {"renderer": "typst-2", "sha256": "bb"}}) == []
