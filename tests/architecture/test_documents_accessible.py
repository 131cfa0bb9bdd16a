"""Every template makes a PDF/UA-1 file, says veraPDF; and veraPDF is seen to refuse one that is not."""

import pytest
import typst

from tests.architecture import documents
from tests.documents import compliant

pytestmark = pytest.mark.connected


def test_every_template_is_accessible() -> None:
    compliant(*map(documents.rendered, documents.templates()))


def test_a_file_without_tags_and_language_is_refused() -> None:
    plain = typst.compile(b"Bonjour", format="pdf", pdf_tags=False)
    assert isinstance(plain, bytes)
    with pytest.raises(AssertionError, match="7\\.1"):
        compliant(documents.rendered(documents.templates()[0]), plain)


def test_examples_stand_beside_their_templates_alone() -> None:
    folders = {template.parent for template in documents.templates()}
    examples = {file for folder in folders for file in folder.glob("*.example.json")}
    assert examples == {template.with_suffix(".example.json") for template in documents.templates()}
