"""The numbers of the report's charts, small: lines by month as 16-bit steps between two ends, and the words that go with them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.charts import entries as entry_chart
from sim.charts import tension
from sim.charts.ladders import ladders
from sim.charts.order import MOST_COUNTRIES, leaves, name, sides
from sim.charts.page import DatedChange, dated_changes, foot_line
from sim.charts.shown import (
    BALANCE,
    Holder,
    Shown,
    country_facts,
    holders,
    measures_of,
    quantiles,
    rivals_of,
    shown_countries,
    values_of,
)
from sim.charts.spread import QUANTILES, SINGLE_RUNS
from sim.charts.style import colour_of, literal
from sim.charts.web.land import land
from sim.charts.words import month
from sim.record import Record
from sim.runs.history import typical_run

# Numbers of all lines together; a longer or larger world is drawn at every second, third ... month.
MOST_NUMBERS = 600_000
STEPS = 65_535


def packed(values: NDArray[Any]) -> dict[str, Any]:
    """Numbers as 16-bit steps between the lowest and the highest, little-endian, in base64: 65,535 to a span."""
    array = np.asarray(values, dtype=np.float64)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 1.0)
    step = (high - low) / STEPS or 1.0
    steps = np.round((array - low) / step).astype("<u2")
    return {"shape": list(array.shape), "low": low, "step": step, "data": base64.b64encode(steps.tobytes()).decode()}


def stride_of(record: Record, countries: int) -> int:
    """Every how many months lines are kept, so that all of them together stay small."""
    held = sum(len(holders(record, shown)) for shown in measures_of(record))
    lines = len(QUANTILES) + SINGLE_RUNS + 1
    return max(1, -(-held * countries * lines * len(record.months) // MOST_NUMBERS))


def kept_months(record: Record, countries: int) -> NDArray[np.intp]:
    """Places of the months that are drawn; the last is always among them."""
    last = len(record.months) - 1
    return np.arange(last, -1, -stride_of(record, countries))[::-1]


def payload(record: Record) -> dict[str, Any]:
    """Everything the report's charts are drawn from."""
    countries = shown_countries(record.scenario, MOST_COUNTRIES)
    months = kept_months(record, len(countries))
    told = int(typical_run(record))
    singles = single_runs(record, told)
    return {
        "foot": foot_line(record),
        "runs": int(record.ok.sum()),
        "months": [str(record.months[place]) for place in months],
        "changes": [{"at": change.at, "words": change.words, "when": when_of(change)} for change in dated_changes(record)],
        "countries": [country_facts(record, id) | {"leaf": id in leaves(record)} for id in countries],
        "sides": [vars(holder) for holder in holders(record, Shown("course", "", "", "side"))[::-1]],
        "institutions": [club(record, id, countries) for id in record.roster.displayed("institution")],
        "rivals": rivals_of(record),
        "measures": [lines_of(record, shown, countries, months, singles) for shown in measures_of(record)],
        "course": packed(course(record, countries)[:, :, months]),
        "ladder": packed(stages(record, countries)[..., months]),
        "ledgers": ledgers(record, countries, months),
        "entries": dates(record, months),
        "land": land(record.scenario),
        "told": told,
        "singles": [int(record.run_ids[record.ok][place]) for place in singles[:-1]],
    }


def when_of(change: DatedChange) -> str:
    """The month of a dated change in words."""
    return month(np.datetime64(round((change.at - 1970) * 12), "M"))


def single_runs(record: Record, told: int) -> list[int]:
    """Places of the first few runs that went well, and at the end that of the run whose chronicle is told."""
    ids = record.run_ids[record.ok]
    return [*range(min(SINGLE_RUNS, len(ids))), int((ids == told).argmax())]


def club(record: Record, id: str, countries: Sequence[str]) -> dict[str, Any]:
    """An institution with its stages and those outside it at the start, who enter most often first."""
    institution = record.scenario.institutions[id]
    return {
        "id": id,
        "name": name(record, "institution", id),
        "colour": colour_of(record.roster, "power", institution.grantor),
        "stages": [literal(stage.name) for stage in institution.stages.values()],
        "outside": [country for club, country in ladders(record) if club == id and country in countries],
    }


def lines_of(record: Record, shown: Shown, countries: Sequence[str], months: NDArray[np.intp], singles: Sequence[int]) -> dict[str, Any]:
    """A measure with its lines: five quantiles, some single runs, the run that is told. Shape: (holder, country, line, month)."""
    whose = holders(record, shown)
    lines = [lines_by(values_of(record, shown, each.id, countries)[months], singles) for each in whose]
    return shown.plain | {
        "both": shown.id == BALANCE,
        "holders": [_holder(each) for each in whose],
        "lines": packed(np.stack(lines)),
    }


def _holder(holder: Holder) -> dict[str, Any]:
    return {"id": holder.id, "name": holder.name, "colour": holder.colour, "top": holder.top}


def lines_by(values: NDArray[np.float32], singles: Sequence[int]) -> NDArray[np.float32]:
    """Quantiles and some single runs of values. Shape: values (month, country, run), result (country, line, month)."""
    spread = quantiles(values, list(QUANTILES.values()))
    return np.moveaxis(np.concatenate([spread, values[..., list(singles)]], axis=-1), 0, -1)


def course(record: Record, countries: Sequence[str]) -> NDArray[np.float64]:
    """Mean share of each side in each country's course, the smallest bloc first. Shape: (country, side, month)."""
    places = [record.roster.place("country", id) for id in countries]
    by_side = [record.values("course", side=side).mean(axis=-1, dtype=np.float64)[:, places] for side in sides(record)]
    return np.stack(by_side).transpose(2, 0, 1)


def stages(record: Record, countries: Sequence[str]) -> NDArray[np.float64]:
    """Share of runs by stage; an entity stands on its country's ladder. Shape: (institution, country, stage, month)."""
    clubs = record.roster.displayed("institution")
    most = max((len(record.scenario.institutions[id].stages) for id in clubs), default=0)
    found = np.zeros((len(clubs), len(countries), most, len(record.months)))
    for m, id in enumerate(clubs):
        for i, country in enumerate(countries):
            whole = record.scenario.countries[country].part_of or country
            rung = np.round(record.values("rung", institution=id, country=whole))
            for stage in range(len(record.scenario.institutions[id].stages)):
                found[m, i, stage] = (rung == stage).mean(axis=-1)
    return found


def ledgers(record: Record, countries: Sequence[str], months: NDArray[np.intp]) -> dict[str, Any]:
    """Mean parts of tension by who makes it, those large enough to be seen somewhere. Shape of the parts: (country, ledger, month)."""
    table = tension.data(record)
    areas = tension.areas(record, table)
    known = {str(id): one for id, one in table.groupby("country", sort=False)}
    parts = np.zeros((len(countries), len(areas), len(months)))
    for i, id in enumerate(countries):
        if id in known:
            parts[i] = known[id][list(areas)].to_numpy(dtype=np.float64)[months].T
    return {"names": [{"name": words, "colour": colour} for words, colour in areas.values()], "parts": packed(parts)}


def dates(record: Record, months: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Steps of countries on ladders, each with quantiles of its month: as places among the drawn months, or nothing where later."""
    table = entry_chart.data(record)
    place = {str(each): at for at, each in enumerate(record.months)}
    near = {at: float(np.interp(at, months, np.arange(len(months)))) for at in place.values()}
    return [
        {
            "institution": str(row["institution"]),
            "country": str(row["country"]),
            "stage": literal(record.scenario.institutions[str(row["institution"])].stages[str(row["stage"])].name),
            "reached": int(row["reached"]),
            "runs": int(row["runs"]),
            "at": [near[place[str(row[key])]] if str(row[key]) in place else None for key in QUANTILES],
        }
        for _, row in table.iterrows()
    ]
