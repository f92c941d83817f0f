"""What a notebook shows of a record: what it is, where each country ends, and how the most contested of them got there."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from sim.charts import fans
from sim.charts.findings import hedger
from sim.charts.order import leaves, name, sides
from sim.charts.pieces import MOST, block, bracketed, drawing, failed, head, many, said, table, unseen
from sim.charts.saving import svg_bytes
from sim.charts.spread import spread
from sim.charts.style import Size
from sim.charts.tables import country_table
from sim.charts.words import listed, month
from sim.record import Record

NARROW = Size("column", 700, 0, 18, title=17, subtitle=12, panel=12.5, label=11.5, foot=10, single=3)
NEEDED = ("course", "tension", "rung")
MOST_CLUBS = 3
CAPTION = (
    "In the last month: the most frequent stage and how many runs end on it; "
    "tension from 0 to 100 and shares of the course, median (90% interval)"
)


def page_of(thing: object) -> str:
    """The page of a record, of a sweep's results or of a comparison, as HTML that needs nothing from outside."""
    if isinstance(thing, Record):
        return record_page(thing)
    # The analyses take a while to load, and a record does without them.
    from sim.charts.notebook_sweeps import page_of_many

    return page_of_many(thing)


def record_page(record: Record) -> str:
    """The page of an ensemble."""
    well = int(record.ok.sum())
    facts = [many(record.runs, "run"), f"seed {record.seed}", f"{month(record.months[0])} to {month(record.months[-1])}"]
    statuses = Counter(status for status in record.status if status != "ok")
    parts = [head(record.scenario.title, facts), failed(statuses, next((error for error in record.error if error), ""))]
    if well and all(variable in record.kept for variable in NEEDED):
        parts += [countries(record), chart(record)]
    return block(parts)


def countries(record: Record) -> str:
    """Where each country ends: stages, tension, and the share of each bloc, with intervals."""
    found = country_table(record)
    clubs = [name(record, "institution", id) for id in record.roster.displayed("institution")][:MOST_CLUBS]
    rest = [column for column in found.columns[2:] if column not in clubs]
    chosen = [*clubs, *sorted(rest, key=lambda column: column != "Tension")][: MOST["columns"]]
    rows = []
    for _, row in found.head(MOST["countries"]).iterrows():
        who = said(row["country"])
        first = f'<span style="display:block;padding-left:1em;font-weight:normal">{who}</span>' if row["part"] else who
        rows.append([first, *(bracketed(str(row[column])) for column in chosen)])
    return table(["", *map(said, chosen)], rows, CAPTION, unseen(len(found) - len(rows), "row", "are not shown"))


def chart(record: Record) -> str:
    """Fans of the country that most often keeps two doors open, and of the two beside it that are most divided."""
    first = hedger(record)
    divided = sorted(leaves(record), key=lambda id: -rivals(record, id))
    shown = list(dict.fromkeys([*([first[0]] if first else []), *divided]))[: MOST["panels"]]
    months = len(record.months)
    kept = np.unique(np.linspace(0, months - 1, min(months, MOST["months"])).round().astype(int))
    tables = []
    for id in shown:
        for side in sides(record)[: MOST["columns"]]:
            values = record.values("course", country=id, side=side)[kept]
            tables.append(spread(record, values, NARROW.single, record.months[kept]).assign(country=id, side=side))
    figure = fans.draw(record, NARROW, pd.concat(tables, ignore_index=True))
    words = f"{fans.title(record)}. Alignment of {listed([name(record, 'country', id) for id in shown])} by month."
    return drawing(svg_bytes(figure).decode(), words, "display:block;width:100%;max-width:700px;height:auto;")


def rivals(record: Record, country: str) -> float:
    """What all blocs but the strongest hold of a country's course at the end."""
    shares = sorted(float(record.values("course", country=country, side=bloc)[-1].mean()) for bloc in record.roster.ids["bloc"])
    return sum(shares[:-1])
