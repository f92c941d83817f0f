"""What the page is told of a scenario before any history: who there is, what can be moved and seen, in which colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.charts.order import name, side_name
from sim.charts.page import dated_changes
from sim.charts.style import colour_of, literal
from sim.charts.web.land import land
from sim.dashboard.levers import Lever
from sim.dashboard.measures import POSITION, Measure, measures_of, partners_of, shown_countries, top_of
from sim.dashboard.opened import Opened
from sim.record import Record
from sim.roster import SELF
from sim.runs.versions import program_version
from sim.scenario.faults import Fault, ScenarioFaults
from sim.scenario.schema import Scenario

MOST_FAULTS = 100


def description(opened: Opened) -> dict[str, Any]:
    """A scenario for the page. All names in it are strangers' words, to be shown as text."""
    scenario = opened.scenario
    empty = Record(scenario, opened.seed, np.arange(0), {}, (), ())
    first = scenario.time.start
    return {
        "key": opened.key,
        "file": opened.file,
        "title": literal(scenario.title),
        "note": literal(scenario.note),
        "start": first,
        "months": [str(month) for month in empty.months],
        "runs": opened.runs,
        "seed": opened.seed,
        "version": program_version(),
        "powers": [{"id": id, "name": name(empty, "power", id), "colour": colour_of(opened.roster, "power", id)} for id in scenario.powers],
        "sides": [
            {"id": side, "name": "its own" if side == SELF else side_name(empty, side), "colour": colour_of(opened.roster, "side", side)}
            for side in (*opened.roster.ids["bloc"], SELF)
        ],
        "countries": [_country(empty, id) for id in shown_countries(scenario)],
        "institutions": [_institution(empty, id) for id in scenario.institutions],
        "measures": [_measure(scenario, measure) for measure in measures_of(scenario)],
        "levers": [_lever(lever) for lever in opened.panel.levers],
        "land": land(scenario),
        "changes": [{"at": change.at, "words": change.words} for change in dated_changes(empty)],
    }


def _country(record: Record, id: str) -> dict[str, Any]:
    country = record.scenario.countries[id]
    return {
        "id": id,
        "name": name(record, "country", id),
        "short": name(record, "country", id, 120, 14),
        "part_of": country.part_of or "",
        "iso3": country.iso3 or "",
    }


def _institution(record: Record, id: str) -> dict[str, Any]:
    club = record.scenario.institutions[id]
    place, roster = record.roster.place("institution", id), record.roster
    outside = [
        country
        for country in shown_countries(record.scenario)
        if record.scenario.countries[country].part_of is None
        and roster.start_rung[place, roster.place("country", country)] < roster.top[place]
    ]
    return {
        "id": id,
        "name": name(record, "institution", id),
        "colour": colour_of(roster, "power", club.grantor),
        "stages": [literal(stage.name) for stage in club.stages.values()],
        "outside": outside,
    }


def _measure(scenario: Scenario, measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "label": measure.label,
        "meaning": measure.meaning,
        "partner": measure.partner,
        "unit": measure.unit,
        "factor": 1 if measure.id == POSITION else 100,
        "tops": {partner: top_of(measure, scenario, partner) for partner in partners_of(measure, scenario)},
    }


def _lever(lever: Lever) -> dict[str, Any]:
    plain = ("id", "group", "name", "meaning", "unit", "low", "high", "default", "step", "detail")
    return {key: literal(getattr(lever, key)) if key == "group" else getattr(lever, key) for key in plain}


def faults_told(file: str, faults: ScenarioFaults) -> dict[str, Any]:
    """What is wrong with a file, fault by fault, for the page."""
    return {
        "file": file,
        "faults": [_fault(fault) for fault in faults.faults[:MOST_FAULTS]],
        "more": max(0, len(faults.faults) - MOST_FAULTS),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "file": literal(fault.file),
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "path": literal(fault.path),
        "message": literal(fault.message),
    }
