"""What a scenario's numbers rest on: how many stand on documents, public records or assumptions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.lanes import Parameters, dated
from sim.record import Record
from sim.scenario.distributions import Quantity
from sim.scenario.places import WITHOUT_PATH

KINDS = {
    "evidence": "lines of a document",
    "record": "a public record",
    "assumption": "an assumption",
    "nothing": "nothing stated",
}


def support(record: Record) -> pd.DataFrame:
    """Numbers by section of the scenario and by what stands behind them. One row a section; columns also say how many vary."""
    rows: dict[str, dict[str, int]] = {}
    policies = {f"shocks.{policy.id}" for policy in record.scenario.policies}
    for path, number, kind in numbers_of(record):
        section = "policies" if path in policies else path.partition(".")[0]
        row = rows.setdefault(section, dict.fromkeys((*KINDS, "varies"), 0))
        row[kind] += 1
        row["varies"] += number.form[0] != "fixed"
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*KINDS, "varies"])
    table.insert(0, "section", table.index)
    return table.reset_index(drop=True)


def kind_of(part: object) -> str:
    """The strongest support of a number, or of a dated change."""
    return next((kind for kind in ("evidence", "record", "assumption") if getattr(part, kind, None)), "nothing")


def numbers_of(record: Record) -> Iterator[tuple[str, Quantity, str]]:
    """Every number of the scenario with its path and the kind of its support, as a run draws them; dated changes come last.

    What stands behind a dated change stands behind its numbers.
    """
    parameters = Parameters(record.scenario, record.roster)
    behind = {change.id: kind_of(change) for change in dated(record.scenario)}
    for path, number in parameters.quantities.items():
        section, id, *_ = (*path.split("."), "")
        own = kind_of(number)
        yield path, number, behind.get(id, own) if own == "nothing" and section in WITHOUT_PATH else own
