"""The report of an ensemble: one HTML file with the answer, charts one can ask, one history, and what it all rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from sim.charts.findings import hedger
from sim.charts.order import MOST_COUNTRIES, leaves
from sim.charts.report_data import kept_months, payload
from sim.charts.report_movers import moved, weightiest
from sim.charts.report_numbers import numbers_told
from sim.charts.report_parts import again, answered, country_parts, drivers, file_name, region
from sim.charts.report_shell import header, navigation, paragraph, section, whole_page
from sim.charts.report_support import rests_on
from sim.charts.report_told import entries_told, listed_entries
from sim.charts.shown import shown_countries
from sim.charts.spread import check_drawable
from sim.charts.style import literal
from sim.charts.words import count, large, month
from sim.record import Record
from sim.runs.history import typical_run

# Bytes of a scenario that can be read again; a larger one is left to the manifest.
LARGEST_SCENARIO = 250_000
PARTS = {
    "answer": "Answer",
    "region": "Region",
    "countries": "Countries",
    "moved": "What moved it",
    "history": "One history",
    "rests": "What it rests on",
    "again": "Get the same",
}


def report_html(record: Record, pictures: Sequence[Path]) -> str:
    """The whole report as one self-contained page, from a record and the files its charts were saved in.

    Charts are drawn by the page from the data inside it; without scripts there are one drawing, sentences and tables. Links to files
    are relative, to the folder of the pictures beside the report.
    Raises: NothingToDraw when no run went well; OSError when a picture cannot be read.
    """
    check_drawable(record)
    files = {path.name: path for path in pictures}
    countries = shown_countries(record.scenario, MOST_COUNTRIES)
    found, numbers = moved(record), numbers_told(record)
    data = payload(record) | first_looks(record) | {"moved": found, "numbers": numbers}
    data["chronicle"] = entries_told(record, typical_run(record), kept_months(record, len(countries)))
    scenario = record.scenario.dumped()
    fits = len(str(scenario)) <= LARGEST_SCENARIO
    title = literal(record.scenario.title)
    body = [
        '<a class="skip" href="#answer">To the answer</a>',
        header(title, period(record), literal(record.scenario.note)),
        navigation(PARTS),
        "<main>",
        answered(record),
        region(files),
        country_parts(record, countries),
        drivers(record, found),
        history(record, data["chronicle"]),
        rests_on(record, numbers, weightiest(found)),
        again(record, files, file_name(title) if fits else ""),
        "</main>",
        f'<footer class="soft">{escape(data["foot"])}</footer>',
    ]
    return whole_page(title, body, {"data": data} | ({"scenario": scenario} if fits else {}))


def period(record: Record) -> str:
    """Which months, how many histories, and how many failed."""
    went_well = int(record.ok.sum())
    failed = f" {large(count(record.runs - went_well))} more failed and are left out." if went_well < record.runs else ""
    span = f"{month(record.months[0])} to {month(record.months[-1])}"
    return f"{span}, {went_well:,} simulated histories, seed {record.seed}.{failed}"


def first_looks(record: Record) -> dict[str, Any]:
    """Which country and which institution are shown first: those that the answer speaks of."""
    found = hedger(record)
    joined = record.roster.displayed("institution")
    tops = {id: len(record.scenario.institutions[id].stages) - 1 for id in joined}
    rungs = {id: np.round(record.values("rung", institution=id)[[0, -1]]) for id in joined}
    entered = {
        id: (int((rung[1] >= tops[id]).sum() - (rung[0] >= tops[id]).sum()), float((rung[1] - rung[0]).sum())) for id, rung in rungs.items()
    }
    club = max(entered, key=lambda id: entered[id], default="")
    return {"lead": found[0] if found else leaves(record)[0], "club": club}


def history(record: Record, entries: Sequence[Mapping[str, Any]]) -> str:
    """One history told: lanes with marks, its tension among the others, and what happened in words."""
    run = typical_run(record)
    one = f"One history of {record.runs:,}" if record.runs > 1 else "The history"
    if not entries:
        return section("history", one, [paragraph("What happened month by month was not taken down in these runs.")])
    near = "the one nearest to the medians of all" if record.runs > 1 else "the only one"
    lead = f"Medians are not a history. This is history {run}, {near}: what happened in it, month by month, and what spoke for it."
    places = '<div id="lanes" class="live" data-print="690"></div>'
    return section("history", one, [paragraph(lead), places, listed_entries(entries)])
