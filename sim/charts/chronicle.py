"""The chronicle: how one history went, a lane a country, marks for what happened, and tension under them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.charts.happenings import AGAINST, POWERS, TENSION, happenings, run_told, table_of
from sim.charts.order import name
from sim.charts.page import Box, Page, empty_page
from sim.charts.spread import check_drawable
from sim.charts.style import SLIDE, Size, house_style
from sim.charts.track_key import key, key_height, list_height, listing
from sim.charts.tracks import Tracks, marked, measures, named, tensions, told
from sim.charts.words import count, listed, points_of, the
from sim.record import Record
from sim.runs.history import typical_run

# No run has this number.
NOBODY = -1
QUESTION = "How did one history go?"
NOT_TOLD = "What happened was not taken down in these runs; sim.runs.history.chronicled(record) takes it down for one of them."


def concerns(record: Record) -> bool:
    """Whether what happened was taken down for some run that went well."""
    return run_told(record) is not None


def data(record: Record, run: int | None = None) -> pd.DataFrame:
    """What happened in one run, and tension of every lane. One row an entry, then one row a lane and month, of kind tension.

    Without a run it is the one whose histories lie nearest to the medians of all, or the first that was chronicled. Columns: run, date,
    lane and also (whose lane, and whose besides), kind, side (conflict, cooperation, neither), plover, what, actor, recipient, causes with
    their shares, rank (1 is the most telling: what happens most rarely in this run), tension of the lane.
    """
    check_drawable(record)
    shown = run_told(record, run)
    return happenings(record, NOBODY) if shown is None else table_of(record, shown)


def title(record: Record, run: int | None = None, table: pd.DataFrame | None = None) -> str:
    """What one history came to, or the question."""
    if run_told(record, run) is None:
        return QUESTION
    table = data(record, run) if table is None else table
    entries = table[table["kind"] != TENSION]
    lead = f"One history of {record.runs}" if record.runs > 1 else "One history"
    said = [*_joined(record, entries), *_trouble(record, entries)]
    return f"{lead}: {'; '.join(said)}" if said else f"{lead}, in which nothing happened"


def _joined(record: Record, entries: pd.DataFrame) -> list[str]:
    """Who becomes a member of what, and which disputes are settled."""
    found = []
    joins = entries[(entries["kind"] == "accession") & entries["what"].str.startswith("Joins ")]
    for what, one in joins.groupby("what", sort=False):
        who = listed([the(name(record, "country", str(id))) for id in one["lane"]])
        found.append(f"{who} join{'s' if len(one) == 1 else ''} {the(str(what).removeprefix('Joins '))}")
    deals = entries[(entries["kind"] == "talks") & entries["what"].str.startswith("Deal on ")]
    return found + [f"d{str(what)[1:]}" for what in deals["what"]]


def _trouble(record: Record, entries: pd.DataFrame) -> list[str]:
    """Where conflict is noted most often."""
    often = entries.loc[(entries["side"] == AGAINST) & (entries["lane"] != POWERS), "lane"].value_counts()
    if often.empty:
        return []
    times = f"{count(int(often.iloc[0]))} time{'s' if often.iloc[0] > 1 else ''}"
    return [f"most conflict in {the(name(record, 'country', str(often.index[0])))} ({times})"]


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None, run: int | None = None) -> Figure:
    """Lanes by country with marks and tension; the most telling entries in words, with their causes, on the lanes or below them."""
    shown = run_told(record, run) if table is None or table.empty else int(table["run"].iloc[0])
    if shown is None:
        return empty_page(record, size, QUESTION, NOT_TOLD)
    table = data(record, shown) if table is None else table
    entries = table[table["kind"] != TENSION]
    order = [*([POWERS] if (entries["lane"] == POWERS).any() else []), *dict.fromkeys(table.loc[table["kind"] == TENSION, "lane"])]
    ceiling = max(float(np.ceil(table[TENSION].max() * 10 + 0.2) / 10), 0.2)
    with house_style():
        near = ", the run nearest to the medians of all" if record.runs > 1 and typical_run(record) == shown else ""
        many = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        grey = f"in grey tension, from 0 to {points_of(ceiling)}, with its last value"
        words = f"What happened in run {shown}{near}: {many}, the rarest in words; {grey}"
        sizes = measures(size, 0, len(order))
        legend = key_height(size, entries)
        told_below = 0.0 if size.height else list_height(record, size, entries)
        body = 0.0 if size.height else size.label * 3.4 + sizes.lane * len(order) + legend + told_below
        page = Page(record, size, title(record, shown, table), words, body, reading="one run")
        above = size.label * 1.3 if page.changes else 0.0
        if size.height:
            sizes = measures(size, page.body.height - above - size.label * 2.2 - legend, len(order))
        box = Box(page.body.x, page.body.y + above, page.body.width, sizes.lane * len(order))
        tracks = Tracks(page, box, sizes, order, ceiling)
        named(tracks)
        page.verticals(tracks.ax)
        tensions(tracks, table)
        marked(tracks, entries)
        if sizes.named_beside:
            told(tracks, entries)
        y = box.y + box.height + size.label * 2.2
        key(page, Box(page.body.x, y, page.body.width, legend), entries, sizes.mark)
        if told_below:
            listing(page, Box(page.body.x, y + legend, page.body.width, told_below), entries)
    return page.figure
