"""A record as the tables of the output directory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.record import Record
from sim.runs.store import table_of

# What each table of series holds, by the axes of its rows.
COUNTRIES = (
    "own_share",
    "false_belief",
    "tension",
    "tension_home",
    "tension_given",
    "tension_luck",
    "resilience",
    "capture",
    "autonomy",
    "deciding",
)
TIES = ("alignment", "influence_share", "opinion", "tension_power")
POWERS = ("attention", "budget")


def runs_table(record: Record) -> pa.Table:
    """One row a run: run, point, status, error."""
    count = record.runs
    return table_of(
        {"run": record.run_ids, "point": np.zeros(count, dtype=np.int64), "status": list(record.status), "error": list(record.error)}
    )


def outcomes_table(record: Record) -> pa.Table:
    """One row a run that went well: run, point, then one column an outcome, sorted by name."""
    frame = record.outcomes
    columns: dict[str, Any] = {"run": frame["run"].to_numpy(), "point": np.zeros(len(frame), dtype=np.int64)}
    return table_of(columns | {str(name): frame[name].to_numpy() for name in sorted(set(frame.columns) - {"run"})})


def summary_table(record: Record) -> pa.Table:
    """One row a point, month, actor, partner and variable."""
    frame = record.summary()
    return table_of({"point": np.zeros(len(frame), dtype=np.int64), **by_column(frame)})


def by_column(frame: pd.DataFrame) -> dict[str, Any]:
    """The columns of a frame, numbers and dates as arrays, texts as lists."""
    return {str(name): frame[name].to_numpy() if frame[name].dtype.kind in "iufM" else frame[name].tolist() for name in frame.columns}


def events_table(record: Record) -> pa.Table:
    """One row an event: run, date, kind, event, actor, recipient, plover, then causes with their shares."""
    return table_of(by_column(record.events()))


def acts_table(record: Record) -> pa.Table:
    """One row an act that was seen: run, date, actor, recipient, channel, plover."""
    return table_of(by_column(record.acts()))


def series_tables(record: Record) -> dict[str, pa.Table]:
    """Series by run, month and actor: countries, ties between powers and countries, powers."""
    return {"countries": _countries(record), "ties": _ties(record), "powers": _powers(record)}


def _grid(record: Record, **axes: tuple[str, ...]) -> dict[str, Any]:
    """Run, date and actor of every row, run slowest, the last axis fastest."""
    runs = record.run_ids[record.ok]
    sizes = (len(runs), len(record.months), *(len(ids) for ids in axes.values()))
    places = np.indices(sizes)
    grid: dict[str, Any] = {"run": runs[places[0].ravel()], "date": record.months[places[1].ravel()]}
    for (axis, ids), place in zip(axes.items(), places[2:], strict=True):
        grid[axis] = np.array(ids, dtype=object)[place.ravel()].tolist()
    return grid


def _flat(record: Record, name: str, *order: int) -> Any:
    """A variable as one column in the order of the grid. Shape kept: (month, axes, run)."""
    values = record.values(name)
    last = values.ndim - 1
    return np.ascontiguousarray(values.transpose(last, 0, *(order or range(1, last)))).ravel()


def _countries(record: Record) -> pa.Table:
    columns = _grid(record, country=record.roster.ids["country"]) | {name: _flat(record, name) for name in COUNTRIES}
    for place, institution in enumerate(record.roster.ids["institution"]):
        for name, word in (("rung", "stage"), ("progress", "progress")):
            values = record.values(name)[:, place]
            columns[f"{institution}_{word}"] = np.ascontiguousarray(values.transpose(2, 0, 1)).ravel()
    for place, side in enumerate(record.roster.ids["side"]):
        columns[f"course_{side}"] = np.ascontiguousarray(record.values("course")[:, place].transpose(2, 0, 1)).ravel()
        columns[f"words_{side}"] = np.ascontiguousarray(record.values("words")[:, place].transpose(2, 0, 1)).ravel()
    return table_of(columns)


def _ties(record: Record) -> pa.Table:
    roster = record.roster
    return table_of(_grid(record, power=roster.ids["power"], country=roster.ids["country"]) | {name: _flat(record, name) for name in TIES})


def _powers(record: Record) -> pa.Table:
    return table_of(_grid(record, power=record.roster.ids["power"]) | {name: _flat(record, name) for name in POWERS})
