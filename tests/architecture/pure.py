"""A contract type for import-linter: modules that only compute. What they may import is listed; all else is refused."""

from typing import Any, Final, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules

PURE: Final = frozenset(
    "abc base64 bisect calendar collections copy dataclasses datetime decimal "  # noqa: SIM905 - no column of 29 lines
    "enum fractions functools hashlib heapq hmac itertools json math numbers operator re "
    "statistics string textwrap types typing unicodedata uuid zoneinfo".split()
)
"""The part of the standard library that has no clock, no chance, no file, no network and no process.

Of `datetime` and `uuid` a part has; tests/architecture/test_purity.py looks for those calls.
"""


class Pure(Contract):
    """`modules`, with all below them, import directly only one another, PURE and what `besides` names."""

    type_name = "pure"

    modules = fields.ListField(subfield=fields.ModuleExpressionField())
    besides = fields.SetField(subfield=fields.StringField())
    """A leading dot names a neighbour of the module: `.domain` is the domain of the same service."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        wrong = []
        for top in module_expressions_to_modules(graph, cast("Any", self.modules), raise_if_unmatched=True):
            own = {top.name, *graph.find_descendants(top.name)}
            allowed = self._allowed(top.name.rpartition(".")[0])
            for importer in sorted(own):
                for imported in sorted(graph.find_modules_directly_imported_by(importer) - own):
                    if not _within(imported, allowed):
                        details = graph.get_import_details(importer=importer, imported=imported)
                        wrong.append((importer, imported, sorted({one["line_number"] for one in details})))
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _allowed(self, parent: str) -> set[str]:
        besides = cast("set[str]", self.besides)
        return {parent + one if one.startswith(".") else one for one in besides} | PURE

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, lines in check.metadata["wrong"]:
            output.print_error(f"- {importer} -> {imported} (l.{', '.join(map(str, lines))})", bold=False)
        output.new_line()


def _within(name: str, allowed: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in allowed)
