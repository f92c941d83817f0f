"""An ensemble in one table: mean, spread and quantiles of every kept variable by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.record import Record, Values
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
NUMBERS = ("n", "mean", "sd", *QUANTILES)
LABELS = ("date", "variable", "actor", "partner")

Numbers = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Series:
    """The series of one variable: who they are about, and their values. A stage has a series a rung, which is 0 or 1.

    Shape: values (month, series, run).
    """

    variable: str
    kept_as: str
    actors: tuple[str, ...]
    partners: tuple[str, ...]
    values: Values


def series_of(scenario: Scenario, roster: Roster, name: str, values: Values) -> Iterator[Series]:
    """The series of a variable of the World, whose values are (month, axes, run); stages come one institution at a time."""
    axes = VARIABLES[name].axes
    shape = values.shape[1:-1]
    flat = values.reshape(len(values), int(np.prod(shape, dtype=int)), values.shape[-1])
    places = np.indices(shape).reshape(len(shape), flat.shape[1])
    ids = {axis: [roster.ids[axis][place] for place in row] for axis, row in zip(axes, places, strict=True)}
    order = [axis for axis in ("country", "institution", "power", "side", "instrument", *ids) if axis in ids]
    actors = tuple(ids[order[0]])
    if name != "rung":
        yield Series(name, name, actors, tuple(ids[order[1]]) if len(ids) > 1 else ("",) * len(actors), flat)
        return
    for institution in roster.ids["institution"]:
        stages = scenario.institutions[institution].stages
        here = [place for place, other in enumerate(ids["institution"]) if other == institution]
        for rung, stage in enumerate(stages):
            stands = (flat[:, here] == rung).astype(np.float32)
            yield Series(f"{institution}_stage", name, tuple(actors[place] for place in here), (stage,) * len(here), stands)


def summary_of(record: Record) -> pd.DataFrame:
    """One row a month, actor, partner and variable, over the runs that went well.

    Columns: date, actor, partner, variable, n, mean, sd, q05, q25, q50, q75, q95. A stage has a row a rung, whose mean is the
    share of runs on it. Quantiles are order statistics by linear interpolation; mean and standard deviation are taken in float64.
    """
    found = ((name, series) for name in sorted(record.kept) for series in series_of(*_of(record), name, record.values(name)))
    return table_of_series([(series, record.dates(name), exact_numbers(series.values)) for name, series in found])


def _of(record: Record) -> tuple[Scenario, Roster]:
    return record.scenario, record.roster


def table_of_series(parts: list[tuple[Series, NDArray[np.datetime64], Numbers]]) -> pd.DataFrame:
    """Numbers of series, each (month, series), as one sorted table."""
    import pandas as pd

    frames = []
    for series, dates, numbers in parts:
        months, width = len(dates), len(series.actors)
        labels = {
            "date": np.repeat(dates, width),
            "actor": list(series.actors) * months,
            "partner": list(series.partners) * months,
            "variable": series.variable,
        }
        frames.append(pd.DataFrame({**labels, **{name: value.ravel() for name, value in numbers.items()}}))
    return pd.concat(frames, ignore_index=True).sort_values(list(LABELS), kind="stable", ignore_index=True)


def exact_numbers(values: Values) -> Numbers:
    """Count, mean, spread and quantiles over runs. Shape: (month, series, run) gives (month, series)."""
    shape, runs = values.shape[:-1], values.shape[-1]
    count = np.full(shape, runs, dtype=np.int64)
    if not runs:
        return {"n": count, **{name: np.full(shape, np.nan, dtype=np.float32) for name in NUMBERS[1:]}}
    exact = np.sort(values, axis=-1).astype(np.float64)
    places = np.array(list(QUANTILES.values())) * (runs - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, runs - 1)
    cuts = exact[..., below] + (exact[..., above] - exact[..., below]) * (places - below)
    wide = np.ascontiguousarray(values, dtype=np.float64)
    numbers = {"mean": wide.mean(axis=-1), "sd": wide.std(axis=-1)} | dict(zip(QUANTILES, np.moveaxis(cuts, -1, 0), strict=True))
    return {"n": count, **{name: value.astype(np.float32) for name, value in numbers.items()}}
