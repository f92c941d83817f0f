"""One history of an ensemble simulated again, alone, with its chronicle taken down."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from sim.chapters import Settled
from sim.lanes import Lanes
from sim.record import Record
from sim.runs.blocks import Task, run_block
from sim.scenario.faults import SuasionError


def typical_run(record: Record) -> int:
    """The run whose tensions and courses lie nearest to the medians of all runs, over all countries and months.

    Raises: SuasionError when no run went well.
    """
    ids = record.run_ids[record.ok]
    if not len(ids):
        raise SuasionError("none of the runs went well")
    distance = np.zeros(len(ids))
    for name in ("tension", "course"):
        values = record.values(name).astype(np.float64)
        middle = np.median(values, axis=-1, keepdims=True)
        distance += np.abs(values - middle).mean(axis=tuple(range(values.ndim - 1)))
    return int(ids[distance.argmin()])


def chronicled(record: Record, run: int | None = None) -> Record:
    """The same record with the chronicle of one of its runs, by default the typical one, and the acts seen in it.

    That run is simulated again alone from the start that the record keeps; a run is the same alone and in any ensemble.
    Raises: SuasionError when there is no such run, when it did not go well, or when it comes out otherwise than before.
    """
    wanted = typical_run(record) if run is None else run
    places = np.flatnonzero(record.run_ids == wanted)
    if not len(places) or not record.ok[places[0]]:
        raise SuasionError(f"there is no run {wanted} that went well among the {record.runs} of the record")
    settled = Settled(**{field.name: record.settled[field.name] for field in fields(Settled)})
    again = run_block(Task(record.scenario, settled, record.seed, Lanes(record.run_ids[places]), 0, chronicled=True))
    before = record.kept["tension"][..., places]
    if again.status != ("ok",) or not np.array_equal(again.kept["tension"], before):
        raise SuasionError(f"run {wanted} comes out otherwise than before; the program or its libraries have changed since")
    return replace(record, chronicle=again.chronicle, acts_seen=again.acts)
