"""Spans as the services write them to their files, put together to one tree for each trace."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich.text import Text
from rich.tree import Tree

MILLISECOND = 1_000_000
TRACEPARENT_PARTS = 4


class Span(BaseModel):
    """One step of a trace; times in nanoseconds, as they were written."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    trace_id: str
    span_id: str
    parent_id: str | None
    service: str
    start: int
    end: int
    status: str
    attributes: dict[str, Any]

    def carries(self, text: str) -> bool:
        """Whether this is what a person looks for: the beginning of the trace's id, or an attribute as a whole."""
        return self.trace_id.startswith(text) or text in self.attributes.values()


def read(folder: Path) -> Iterator[Span]:
    """All spans below the folder. The end of a file may be torn where a process was killed: it is left out."""
    for file in sorted(folder.glob("**/spans/*.jsonl")):
        with file.open("rb") as lines:
            yield from (Span.model_validate(found) for line in lines if (found := _json(line)))


def _json(line: bytes) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return found


def traces(folder: Path, wanted: str) -> list[list[Span]]:
    """The traces that answer to a trace id or its beginning, a traceparent, an attribute's value; the oldest first."""
    parts = wanted.split("-")
    text = parts[1] if len(parts) == TRACEPARENT_PARTS else wanted
    ids = {span.trace_id for span in read(folder) if span.carries(text)}
    found: dict[str, list[Span]] = {}
    for span in read(folder):
        if span.trace_id in ids:
            found.setdefault(span.trace_id, []).append(span)
    return sorted(found.values(), key=_begin)


def tree(spans: Sequence[Span]) -> Tree:
    """One trace: who did what for whom, when after its beginning, and for how long."""
    begin = _begin(spans)
    top = Tree(f"trace {spans[0].trace_id}: {_milliseconds(max(span.end for span in spans) - begin)}")
    known = {span.span_id for span in spans}
    _grow(top, [span for span in spans if span.parent_id not in known], spans, begin)
    return top


def _grow(branch: Tree, here: Iterable[Span], spans: Sequence[Span], begin: int) -> None:
    for span in sorted(here, key=lambda span: span.start):
        children = [other for other in spans if other.parent_id == span.span_id]
        _grow(branch.add(_label(span, begin)), children, spans, begin)


def _label(span: Span, begin: int) -> Text:
    label = Text(
        f"{span.service}  {span.name}  +{_milliseconds(span.start - begin)}, {_milliseconds(span.end - span.start)}"
    )
    if span.status == "error":
        label.append(f"  {span.attributes.get('error.type', 'error')}", style="red")
    return label


def _begin(spans: Sequence[Span]) -> int:
    return min(span.start for span in spans)


def _milliseconds(nanoseconds: int) -> str:
    return f"{nanoseconds / MILLISECOND:.1f} ms"
