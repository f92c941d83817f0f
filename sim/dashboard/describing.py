"""What the page is told of a scenario before any history: who there is, what can be moved and seen, in which colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.charts.order import name
from sim.charts.page import dated_changes
from sim.charts.shown import BY_ID, COURSE, holders, shown_countries
from sim.charts.style import colour_of, literal
from sim.charts.web.land import land
from sim.dashboard.levers import Lever
from sim.dashboard.looks import MOST_COUNTRIES, levels_of
from sim.dashboard.opened import Opened
from sim.record import Record
from sim.runs.versions import program_version
from sim.scenario.faults import Fault, ScenarioFaults

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
        "sides": [vars(side) for side in holders(empty, BY_ID[COURSE])],
        "countries": [_country(empty, id) for id in shown_countries(scenario, MOST_COUNTRIES)],
        "institutions": [_institution(empty, id) for id in scenario.institutions],
        "measures": [shown.plain | {"holders": [vars(each) for each in holders(empty, shown)]} for shown in levels_of(scenario)],
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
        for country in shown_countries(record.scenario, MOST_COUNTRIES)
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
