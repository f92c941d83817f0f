"""How far histories lie apart: quantiles over runs, and a few single runs, as a table by month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.record import Record, Values
from sim.scenario.faults import SuasionError

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
SINGLE_RUNS = 8


class NothingToDraw(SuasionError):
    """No run of the record went well."""

    exit_code = 3


def check_drawable(record: Record) -> None:
    """Refuses a record without one good run.

    Raises: NothingToDraw.
    """
    if not record.ok.any():
        raise NothingToDraw(f"there is nothing to draw: none of the {record.runs} runs went well")


def spread(record: Record, values: Values, single: int = 0, dates: NDArray[np.datetime64] | None = None) -> pd.DataFrame:
    """Quantiles over runs by month, and the first few runs as they are.

    Shape: values (month, run). Columns: date, q05, q25, median, q75, q95, run_0 ... (run ids).
    """
    months = record.months if dates is None else dates
    found = np.quantile(values.astype(np.float64), list(QUANTILES.values()), axis=-1)
    columns = {"date": months.astype("datetime64[M]").astype(str), **dict(zip(QUANTILES, found, strict=True))}
    ids = record.run_ids[record.ok][:single]
    columns |= {f"run_{id}": values[:, place].astype(np.float64) for place, id in enumerate(ids)}
    return pd.DataFrame(columns)


def at_end(values: Values) -> tuple[float, float, float]:
    """Median and 90% interval over runs in the last month. Shape: (month, run)."""
    low, middle, high = np.quantile(values[-1].astype(np.float64), [0.05, 0.5, 0.95])
    return float(middle), float(low), float(high)


def run_columns(table: pd.DataFrame) -> list[str]:
    """The columns of a spread that are single runs."""
    return [str(column) for column in table.columns if str(column).startswith("run_")]
