"""What a scenario's numbers rest on: how many stand on documents, public records or assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from pydantic import BaseModel

from sim.record import Record
from sim.scenario.distributions import Quantity

KINDS = {
    "evidence": "lines of a document",
    "record": "a public record",
    "assumption": "an assumption",
    "nothing": "nothing stated",
}


def support(record: Record) -> pd.DataFrame:
    """Numbers by section of the scenario and by what stands behind them. One row a section; columns also say how many vary."""
    rows: dict[str, dict[str, int]] = {}
    for section, number, kind in numbers_of(record):
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
    """Every number of the scenario with the section it stands in and the kind of its support."""
    for section in type(record.scenario).model_fields:
        for number, kind in _inside(getattr(record.scenario, section), "nothing"):
            yield section, number, kind


def _inside(value: object, behind: str) -> Iterator[tuple[Quantity, str]]:
    """Numbers in a part of the scenario; what stands behind a dated change stands behind its number."""
    if isinstance(value, Quantity):
        yield value, behind if kind_of(value) == "nothing" else kind_of(value)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _inside(getattr(value, name), kind_of(value))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _inside(inner, behind)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _inside(inner, behind)
