"""One history told: what happened month by month and why, and its line through the fan."""

from __future__ import annotations

from typing import Any

from sim.charts.happenings import causes_of
from sim.charts.order import name
from sim.charts.shown import shown_countries, values_of
from sim.charts.style import literal
from sim.charts.words import month
from sim.dashboard.looks import MOST_COUNTRIES, View
from sim.record import Record
from sim.retelling import sentence

MOST_ENTRIES = 2000


def told_history(record: Record, run: int, view: View) -> dict[str, Any]:
    """The chronicle of the only run of a record, each entry in words with its causes; and a measure of it by country and month."""
    told = sorted(record.chronicle, key=lambda entry: entry.month)
    entries = []
    for entry in told[:MOST_ENTRIES]:
        said = sentence(record, entry).partition(" Because: ")[0]
        about = [id for id in (entry.actor, entry.recipient) if id in record.scenario.countries]
        entries.append(
            {
                "month": entry.month,
                "when": month(record.months[entry.month]),
                "kind": entry.kind,
                "plover": entry.plover,
                "words": literal(said),
                "why": literal(causes_of(record, entry)),
                "countries": about,
            }
        )
    countries = shown_countries(record.scenario, MOST_COUNTRIES)
    line: list[list[float]] = []
    if record.ok.all():
        values = values_of(record, view.shown, view.holder, countries)
        line = [[round(float(value), 5) for value in values[:, place, 0]] for place in range(len(countries))]
    names = {id: name(record, "country", id, 120, 14) for id in countries}
    return {"run": run, "entries": entries, "line": line, "names": names, "error": literal("; ".join(filter(None, record.error)))}
