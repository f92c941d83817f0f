"""A finished folder that grows: what it holds becomes work files, so that only what was added is simulated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from sim.runs.parts import read_parts
from sim.runs.plan import Plan
from sim.runs.points import Points
from sim.runs.shards import Shard
from sim.runs.standing import DirectoryFault, read_manifest
from sim.runs.store import OutputDirectory

ROWS_CARRIED = 65_536


def points_table(points: Points) -> pa.Table:
    """One row a point: point, key, arm, parameter_run where the design draws parameters, then a column a factor in full precision."""
    drawn = {} if points.parameter_runs is None else {"parameter_run": points.parameter_runs}
    numbers = np.arange(len(points.keys), dtype=np.int64)
    columns: dict[str, Any] = {"point": numbers, "key": list(points.keys), "arm": list(points.arms), **drawn, **points.factors}
    return pa.table(columns)


def held_keys(out: OutputDirectory) -> list[str]:
    """The keys of the points of a finished folder, by number."""
    return [str(key) for key in read_parts(out.path / "points").column("key").to_pylist()]


def refuse_losses(out: OutputDirectory, plan: Plan) -> None:
    """Refuses a finished folder that holds points or runs which the plan does not have, and which would be lost.

    Raises: DirectoryFault; DiskFault, when a file is damaged.
    """
    out.verify("points", "runs", "outcomes")
    keys = held_keys(out)
    lost = [key for key in keys if key not in plan.numbers]
    runs = int(read_manifest(out.path)["runs_a_point"])
    if lost or runs > plan.runs:
        told = f"{len(lost)} of its {len(keys)} points" if lost else f"{runs} runs a point, {runs - plan.runs} of them"
        raise DirectoryFault(f"{out.path} has {told} that this design does not ask for; use another --out, or --fresh to replace it")


def carried(out: OutputDirectory, plan: Plan) -> Iterator[Shard]:
    """The rows of a finished folder as work files.

    Where summaries are kept, whose values a finished folder no longer has, there are none, and every row is simulated again.
    """
    if plan.summary:
        return
    keys, runs, outcomes = held_keys(out), read_parts(out.path / "runs"), read_parts(out.path / "outcomes")
    made_by = {str(name): str(told) for name, told in read_manifest(out.path)["identity"]["versions"].items()}
    point, run = runs.column("point").to_numpy(), runs.column("run").to_numpy()
    status, error = ([str(text) for text in runs.column(name).to_pylist()] for name in ("status", "error"))
    ok = np.array(status, dtype=object) == "ok"
    before = np.concatenate([[0], ok.cumsum()])
    for first in range(0, len(run), ROWS_CARRIED):
        here = slice(first, first + ROWS_CARRIED)
        used, place = np.unique(point[here], return_inverse=True)
        own = outcomes.slice(int(before[first]), int(ok[here].sum()))
        columns = {}
        for name in outcomes.column_names[2:]:
            columns[name] = np.full(len(place), np.nan, dtype=np.float32)
            columns[name][ok[here]] = own.column(name).to_numpy()
        ends = tuple(status[here]), tuple(error[here])
        told = tuple(keys[number] for number in used)
        yield Shard(told, place.astype(np.int32), run[here].astype(np.int64), *ends, columns, {}, None, made_by, plan.simulation)
