"""Outcomes: one metric a file, each a pure function of a record with a label, a unit and a range."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from sim.outcomes.metric import Columns, Metric
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Record

__all__ = ["Metric", "columns_of", "metrics_of", "needs_of", "outcome_columns", "outcome_names", "outcomes_of"]


def metrics_of(scenario: Scenario) -> dict[str, Metric]:
    """Every metric that a scenario can be asked for, by name: those of all files of this folder."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name != "metric")
    found = [metric for name in names for metric in import_module(f"{__name__}.{name}").metrics(scenario)]
    return {metric.name: metric for metric in found}


def outcome_names(scenario: Scenario) -> frozenset[str]:
    """Names that a scenario's `outcomes` may list."""
    return frozenset(metrics_of(scenario))


def asked_metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """The metrics that a scenario asks for: those its `outcomes` list, or else all."""
    known = metrics_of(scenario)
    return tuple(known[name] for name in scenario.outcomes or known)


def needs_of(scenario: Scenario) -> tuple[str, ...]:
    """Variables of the World that the asked outcomes are read off, sorted."""
    return tuple(sorted({name for metric in asked_metrics(scenario) for name in metric.needs}))


def outcome_columns(scenario: Scenario) -> frozenset[str]:
    """Names of the columns that the asked outcomes will have, without a run: read off one history of one month that is all zeros."""
    import numpy as np

    from sim.record import Record
    from sim.world import VARIABLES

    nothing = Record(scenario, 0, np.zeros(1, dtype=np.int64), {}, ("ok",), ("",))
    sizes = {name: (1, *(nothing.roster.size(axis) for axis in VARIABLES[name].axes), 1) for name in needs_of(scenario)}
    record = replace(nothing, kept={name: np.zeros(size, dtype=np.float32) for name, size in sizes.items()})
    return frozenset(columns_of(record))


def outcomes_of(record: Record) -> pd.DataFrame:
    """One row a run that went well, one column an outcome: actor.metric[.partner].how, such as serbia.eu_stage.end."""
    import pandas as pd

    return pd.DataFrame({"run": record.run_ids[record.ok], **columns_of(record)})


def columns_of(record: Record) -> Columns:
    """The outcomes that a record's scenario asks for, by name, over the runs that went well. Shape: (run)."""
    return {name: values for metric in asked_metrics(record.scenario) for name, values in metric.columns(record).items()}
