"""What a map says, in one sentence from its numbers."""

from __future__ import annotations

import pandas as pd

from sim.charts.measures import Measure, rival
from sim.charts.order import name
from sim.charts.words import count, interval, large, listed, the
from sim.record import Record


def last_rows(record: Record, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last month shown: what is on the map, entities instead of the countries they make up."""
    on_map = table[table["areas"] != ""]
    whole = {record.scenario.countries[id].part_of for id in on_map["country"]}
    found: pd.DataFrame = on_map[(on_map["date"] == table["date"].max()) & ~on_map["country"].isin(whole)]
    return found


def leaning(record: Record, shown: Measure, last: pd.DataFrame) -> str:
    """How many lean to which of two blocs, who leans to the other, and who to neither."""
    groups = [(shown.whose, last[last["q05"] > 0]), (shown.against, last[last["q95"] < 0])]
    (bloc, first), (other, second) = sorted(groups, key=lambda group: -len(group[1]))
    between = last[(last["q05"] <= 0) & (last["q95"] >= 0)]
    if first.empty:
        return f"No country leans clearly to {rival(record, bloc)} or {rival(record, other)}"
    if len(last) == 1:
        return f"{large(_who(record, first))} leans to {rival(record, bloc)}"
    many = f"All {count(len(last))}" if len(first) == len(last) else f"{large(count(len(first)))} of {count(len(last))}"
    said = f"{many} lean{_s(first)} to {rival(record, bloc)}"
    rest = [f"{_who(record, second)} to {rival(record, other)}"] if len(second) else []
    rest += [f"{_who(record, between)} to neither"] if len(between) else []
    return ", ".join([said, *rest])


def _who(record: Record, rows: pd.DataFrame) -> str:
    return listed([the(name(record, "country", str(id))) for id in rows["country"]], 3)


def _s(rows: pd.DataFrame) -> str:
    return "s" if len(rows) == 1 else ""


def extremes(record: Record, shown: Measure, last: pd.DataFrame) -> str:
    """Where a measure is highest and where lowest."""
    ranked = last.sort_values("median", kind="stable")
    low, high = ranked.head(1), ranked.tail(1)
    band = interval(*(shown.said(float(high[end].iloc[0])) for end in ("q05", "q95")))
    unit = f" {shown.unit}" if shown.unit == "of 100" else ""
    top = f"{_who(record, high)}, at {shown.said(float(high['median'].iloc[0]))}{unit}{band}"
    if len(ranked) == 1:
        return f"{large(shown.label)} in {top}"
    return f"{large(shown.label)} is highest in {top}, and lowest in {_who(record, low)}, at {shown.said(float(low['median'].iloc[0]))}"
