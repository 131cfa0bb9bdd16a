"""What the dashboard asks Prometheus: metric names and labels of every panel and variable."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from deploy.local.services import ROOT

FILE: Final = ROOT / "deploy" / "grafana" / "account.json"
FUNCTIONS: Final = frozenset({"sum", "by", "rate", "increase", "histogram_quantile", "topk", "label_values"})
OF_PROMETHEUS: Final = frozenset({"instance", "job"})
"""Labels that Prometheus itself adds to what it reads."""
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Asked:
    """One query."""

    title: str
    text: str

    @property
    def metrics(self) -> set[str]:
        """Names of series."""
        bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)|\"[^\"]*\"", " ", self.text)
        bare = re.sub(r"label_values\(([a-z_]+), [a-z_]+\)", r"\1", bare)
        return set(_NAME.findall(bare)) - FUNCTIONS

    @property
    def labels(self) -> set[str]:
        """Labels that it selects, groups or names by."""
        found = {name for part in re.findall(r"by \(([^)]*)\)", self.text) for name in _NAME.findall(part)}
        found |= {name for part in re.findall(r"\{([^}]*)\}", self.text) for name in re.findall(r"(\w+)\s*[=!]", part)}
        return found | set(re.findall(r"label_values\([a-z_]+, ([a-z_]+)\)", self.text))


def asked(dashboard: Any) -> list[Asked]:
    """Every query, with the labels of its legend."""
    variables = [
        Asked(one["name"], one["query"]["query"]) for one in dashboard["templating"]["list"] if one["type"] == "query"
    ]
    return variables + [
        Asked(panel["title"], target["expr"] + legend(target["legendFormat"]))
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
    ]


def legend(text: str) -> str:
    """A legend's labels, as a query would name them."""
    return f" by ({', '.join(re.findall(r'{{([a-z_]+)}}', text))})"


def read() -> Any:
    """The file."""
    return json.loads(FILE.read_text())
