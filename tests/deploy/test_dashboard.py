"""The Grafana file: every panel asks for what the services export, by names and labels that exist."""

from typing import Any

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics
from tests.deploy.dashboard import OF_PROMETHEUS, Asked, asked, read

SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def exported() -> dict[str, set[str]]:
    """Series and their labels: those of shared.metrics, and what the client says of its process."""
    found: dict[str, set[str]] = {}
    for one in (one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase)):
        for family in one.describe():
            for suffix in SUFFIXES[family.type]:
                found[family.name + suffix] = {*one._labelnames, *(["le"] if suffix == "_bucket" else [])}
    for family in REGISTRY.collect():
        if family.name.startswith("process_"):
            found |= {sample.name: set(sample.labels) for sample in family.samples}
    return found


@pytest.mark.parametrize("one", asked(read()), ids=lambda one: one.title)
def test_a_panel_asks_for_what_is_exported(one: Asked) -> None:
    known = exported()
    assert one.metrics
    assert one.metrics <= known.keys()
    for name in one.metrics:
        assert one.labels - OF_PROMETHEUS <= known[name], name


def test_every_metric_of_ours_stands_in_a_panel() -> None:
    shown = {name for one in asked(read()) for name in one.metrics}
    ours = {name for name in exported() if not name.startswith("process_") and not name.endswith("_sum")}
    assert ours <= shown


def test_a_panel_that_asks_for_something_else_is_found() -> None:
    strange = Asked("x", 'sum by (who) (rate(mails_total{service="a"}[5m]))')
    assert strange.metrics == {"mails_total"}
    assert strange.labels == {"who", "service"}


def test_panels_have_names_and_places_of_their_own() -> None:
    panels: list[dict[str, Any]] = read()["panels"]
    assert len({one["id"] for one in panels}) == len({one["title"] for one in panels}) == len(panels)
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in panels]
    assert len(set(places)) == len(places)
