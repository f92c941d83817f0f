"""An ensemble in one table: mean, spread and quantiles of every kept variable by month."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.record import Record, Values
from sim.world import VARIABLES

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
NUMBERS = ("n", "mean", "sd", *QUANTILES)

Labels = dict[str, str]


def summary_of(record: Record) -> pd.DataFrame:
    """One row a month, actor, partner and variable, over the runs that went well.

    Columns: date, actor, partner, variable, n, mean, sd, q05, q25, q50, q75, q95. A stage has a row a rung, whose mean is the
    share of runs on it. Quantiles are order statistics by linear interpolation; mean and standard deviation are taken in float64.
    """
    import pandas as pd

    frames = [_frame(record, labels, values, name) for name in sorted(record.kept) for labels, values in _series(record, name)]
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["date", "variable", "actor", "partner"], kind="stable", ignore_index=True)


def _series(record: Record, name: str) -> Iterator[tuple[Labels, Values]]:
    """A variable's series with the labels of their rows. Shape of each: (month, run)."""
    axes = VARIABLES[name].axes
    values = record.values(name)
    for places in product(*(range(record.roster.size(axis)) for axis in axes)):
        ids = {axis: record.roster.ids[axis][place] for axis, place in zip(axes, places, strict=True)}
        where: tuple[Any, ...] = (slice(None), *places)
        series = values[where]
        if name == "rung":
            yield from _rungs(record, ids, series)
        else:
            yield _labels(name, ids), series


def _rungs(record: Record, ids: dict[str, str], series: Values) -> Iterator[tuple[Labels, Values]]:
    """Which runs stand on each rung, as 0 and 1."""
    for rung, stage in enumerate(record.scenario.institutions[ids["institution"]].stages):
        labels = {"actor": ids["country"], "partner": stage, "variable": f"{ids['institution']}_stage"}
        yield labels, (series == rung).astype(np.float32)


def _labels(name: str, ids: dict[str, str]) -> Labels:
    """Actor, partner and variable of a series: countries act, powers, blocs and instruments are partners."""
    order = [axis for axis in ("country", "institution", "power", "side", "instrument", *ids) if axis in ids]
    partner = ids[order[1]] if len(ids) > 1 else ""
    return {"actor": ids[order[0]], "partner": partner, "variable": name}


def _frame(record: Record, labels: Labels, series: Values, name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"date": record.dates(name), **labels, **_numbers(series)})


def _numbers(series: Values) -> dict[str, NDArray[np.generic]]:
    """Count, mean, spread and quantiles over runs. Shape: (month, run) gives (month)."""
    count = np.full(len(series), series.shape[-1], dtype=np.int64)
    if not series.shape[-1]:
        return {"n": count, **{name: np.full(len(series), np.nan, dtype=np.float32) for name in NUMBERS[1:]}}
    exact = np.sort(series, axis=-1).astype(np.float64)
    places = np.array(list(QUANTILES.values())) * (series.shape[-1] - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, series.shape[-1] - 1)
    cuts = exact[:, below] + (exact[:, above] - exact[:, below]) * (places - below)
    wide = series.astype(np.float64)
    numbers = {"mean": wide.mean(axis=-1), "sd": wide.std(axis=-1)} | dict(zip(QUANTILES, cuts.T, strict=True))
    return {"n": count, **{name: value.astype(np.float32) for name, value in numbers.items()}}
