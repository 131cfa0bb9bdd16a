"""Rules about what stands in a file. Each looks for something by a function that is also shown to find it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOT, committed, modules, texts

PRODUCTION = ("services", "shared", "deploy")
COMPUTE_ONLY = ("services/*/domain", "services/*/read_models", "services/*/processes")

LONGEST = 250
LONGER_FOR_A_REASON = {"shared/proofs/verify.py": "one file that a stranger downloads, reads and runs"}


def test_every_source_file_can_be_read_in_one_go() -> None:
    long = {name for name, text in modules(*PRODUCTION) if len(text.splitlines()) >= LONGEST}
    assert long == set(LONGER_FOR_A_REASON)


# What a machine that only computes must not ask for: the time, chance, or the world outside.
ASKING = {"now", "utcnow", "today", "uuid1", "uuid4", "open", "print", "input", "time", "monotonic"}


def asks(text: str) -> list[str]:
    """The calls by which a module would make a time or an id, or do input and output."""
    called = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    names = (call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in called)
    return [name for name in names if name in ASKING]


def test_time_ids_and_outside_facts_arrive_in_the_command() -> None:
    kernel = ("shared/kernel.py", (ROOT / "shared/kernel.py").read_text())
    assert {name: found for name, text in [*modules(*COMPUTE_ONLY), kernel] if (found := asks(text))} == {}


@pytest.mark.parametrize(
    "line", ["at = dt.datetime.now(dt.UTC)", "dt.date.today()", "card_id = uuid4()", "x = uuid.uuid4()", "open('f')"]
)
def test_asking_is_found(line: str) -> None:
    assert asks(line)


# Words of the trade. `member` and `person` are not among them: whose data it is, is part of the mechanism (DESIGN §3, §6).
TRADE = re.compile(
    r"\b(nir|iban|bic|rib|vitale|ceam|carte|cartes|cards?|insured|assur[ée]+|ameli|doctors?|m[ée]decins?|pharmac\w+|"
    r"prescriptions?|reimburse\w*|remboursements?|attestations?|cnmss|cpam|health|sant[ée]|mutuelle|serials?)\b"
)
PROSE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


def trade_words(text: str) -> set[str]:
    """The words of the trade in names and values, whatever their spelling. Docstrings and comments may give an example."""
    found: set[str] = set()
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        stands_alone = before in PROSE and token.type == tokenize.STRING
        if token.type not in PROSE and not stands_alone:
            words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", token.string)
            found.update(TRADE.findall(words.lower()))
        before = token.type
    return found


def test_shared_could_be_published_without_naming_health_insurance() -> None:
    assert {name: found for name, text in modules("shared") if (found := trade_words(text))} == {}


@pytest.mark.parametrize(
    "line",
    ["def by_nir(x): ...", "class VitaleReported: ...", "collection = 'cards'", "x = f'{a} insured'", "iban_of(x)"],
)
def test_a_word_of_the_trade_is_found(line: str) -> None:
    assert trade_words(line)


def test_an_example_in_prose_is_no_dependency() -> None:
    assert trade_words('"""Such as VitaleReported."""\nx = 1  # a card\n\ndef f():\n    """A NIR."""\n') == set()


def raw_agents(text: str) -> list[int]:
    """The lines with `app.agent` in whatever spelling of `app`."""
    return [
        node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute) and node.attr == "agent"
    ]


def test_agents_are_made_by_shared_consumers_alone() -> None:
    where = {name for name, text in modules(*PRODUCTION) if raw_agents(text)}
    assert where == {"shared/consumers.py"}


def test_a_raw_agent_is_found() -> None:
    assert raw_agents("@app.agent(topic)\nasync def f(stream): ...") == [1]


def test_browser_tests_have_a_process_of_their_own() -> None:
    """Playwright without asyncio holds the event loop: an asyncio test in the same process would fail."""
    drivers = [
        name
        for name, text in modules("tests")
        if re.search(r"^(from|import) (playwright(?!\.async_api)|tests\.browser\b)", text, re.MULTILINE)
        and name != "tests/browser.py"  # holds no test; whoever imports it counts
    ]
    apart = re.compile(r"tests/(journeys/.+|services/\w+/test_browser\w*\.py)")  # the Makefile's parts
    assert drivers
    assert [name for name in drivers if not apart.fullmatch(name)] == []


# Explained once, in shared/kernel.py, for all domains, read models and processes.
KERNEL_SHAPE = {"decide", "evolve"}
SENTENCES = "shared/testing/store_cases/"  # cases whose names are whole sentences
STILL_SILENT = {f"shared/feeds/format.py: {name}" for name in ("signature_of", "header_of", "lines_of")}  # to be told


def silent(name: str, text: str) -> Iterator[str]:
    """What is public and says nothing: modules, classes, functions. A route is told by its path."""
    tree = ast.parse(text)
    if tree.body and not ast.get_docstring(tree):
        yield name
    for node in tree.body:
        told = not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or ast.get_docstring(node)
        if told or node.name.startswith("_") or node.name in KERNEL_SHAPE:
            continue
        if isinstance(node, ast.ClassDef) or not (node.decorator_list or name.startswith(SENTENCES)):
            yield f"{name}: {node.name}"


def test_what_is_public_says_what_it_is() -> None:
    found = {one for name, text in modules("services", "shared") for one in silent(name, text)}
    assert found - STILL_SILENT == set()


def test_silence_is_found() -> None:
    text = (
        "class Shown:\n    pass\ndef shown(): ...\ndef _hidden(): ...\ndef decide(): ...\n@get('/x')\ndef page(): ..."
    )
    assert list(silent("a.py", text)) == ["a.py", "a.py: Shown", "a.py: shown"]
    assert list(silent("a.py", "")) == []


# Written apart, so that this file does not find itself.
HOSTS = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("crates", "io"), ("npmjs", "org"), ("npmjs", "com"), ("maven", "org"),
    ("repo", "maven", "apache", "org"), ("deb", "debian", "org"), ("golang", "org"),
)]  # fmt: skip
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.:/])/(work|root|home/[a-z]+|Users/[a-z]+)/")


def leaks(text: str) -> set[str]:
    """Paths of somebody's machine and hosts of package registries."""
    return {found[0] for found in PATH_OF_A_MACHINE.finditer(text)} | {host for host in HOSTS if host in text}


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    assert {name: found for name, text in texts() if (found := leaks(text))} == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("see '/" + "work/main'", 1),
        ("cd /" + "root/x", 1),
        ("--index-url https://" + HOSTS[0] + "/simple", 1),
        ("var/work/x", 0),
        ("https://example.org/root/x", 0),
    ],
)
def test_a_leak_is_found(text: str, count: int) -> None:
    assert len(leaks(text)) == count


FIXED = {
    ".ci", ".gitignore", ".importlinter", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "deploy", "docs",
    "pyproject.toml", "requirements", "services", "shared", "tests",
}  # fmt: skip


def test_the_top_level_is_fixed() -> None:
    assert {name.split("/")[0] for name in committed()} <= FIXED
