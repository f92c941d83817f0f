"""The table of countries: course, tension and stages at the end, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.charts.findings import share_words
from sim.charts.order import name, side_name, sides
from sim.charts.spread import at_end
from sim.charts.style import literal
from sim.charts.words import interval, large, points_of, runs_of
from sim.record import Record
from sim.roster import SELF


def country_table(record: Record) -> pd.DataFrame:
    """One row a country, entities under theirs, ready to be read: part, country, course by side, tension, stage by institution."""
    countries = record.scenario.countries
    shown: list[str] = []
    for id in record.roster.displayed("country"):
        if countries[id].part_of is None:
            shown += [id, *(part for part in record.roster.displayed("country") if countries[part].part_of == id)]
    return pd.DataFrame([_row(record, id) for id in shown])


def _row(record: Record, country: str) -> dict[str, str | bool]:
    part = record.scenario.countries[country].part_of is not None
    row: dict[str, str | bool] = {"part": part, "country": name(record, "country", country)}
    for side in sides(record)[::-1]:
        row["Own course" if side == SELF else large(side_name(record, side))] = share_words(record, side, country)
    middle, low, high = at_end(record.values("tension", country=country))
    row["Tension"] = points_of(middle) + interval(points_of(low), points_of(high))
    for institution in record.roster.displayed("institution"):
        row[name(record, "institution", institution)] = "" if part else _stage(record, institution, country)
    return row


def _stage(record: Record, institution: str, country: str) -> str:
    """The stage on which most runs end, and how many."""
    rung = np.round(record.values("rung", institution=institution, country=country)[-1]).astype(int)
    places, times = np.unique(rung, return_counts=True)
    most = int(places[times.argmax()])
    stage = list(record.scenario.institutions[institution].stages.values())[most]
    return f"{literal(stage.name)} ({runs_of(int(times.max()), len(rung), tens=False)})"
