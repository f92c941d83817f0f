"""Outcomes: one metric a file, each a pure function of a record with a label, a unit and a range."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from sim.outcomes.metric import Metric
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Record

__all__ = ["Metric", "metrics_of", "outcome_names", "outcomes_of"]


def metrics_of(scenario: Scenario) -> dict[str, Metric]:
    """Every metric that a scenario can be asked for, by name: those of all files of this folder."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name != "metric")
    found = [metric for name in names for metric in import_module(f"{__name__}.{name}").metrics(scenario)]
    return {metric.name: metric for metric in found}


def outcome_names(scenario: Scenario) -> frozenset[str]:
    """Names that a scenario's `outcomes` may list."""
    return frozenset(metrics_of(scenario))


def outcomes_of(record: Record) -> pd.DataFrame:
    """One row a run that went well, one column an outcome: actor.metric[.partner].how, such as serbia.eu_stage.end."""
    import pandas as pd

    known = metrics_of(record.scenario)
    asked = record.scenario.outcomes or list(known)
    columns = {name: values for metric in asked for name, values in known[metric].columns(record).items()}
    return pd.DataFrame({"run": record.run_ids[record.ok], **columns})
