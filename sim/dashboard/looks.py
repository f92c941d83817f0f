"""What the page paints of two ensembles, one against the other: arrays over all months, so that the page need not ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.charts.shown import BALANCE, BY_ID, COURSE, Shown, holders, measures_in, shown_countries, values_of
from sim.dashboard.setting import NoSuchSetting
from sim.dashboard.story import finding, parted, story
from sim.record import Record, Values
from sim.roster import SELF
from sim.scenario.schema import Scenario
from sim.summary import exact_numbers

Floats = NDArray[np.float32]

SINGLE = 8
MOST_COUNTRIES = 40
# Variables that are painted over all months whatever the view; of the others only the end is told.
PAINTED = frozenset({"course", "rung", "progress"})
CUTS = ("q05", "q25", "q50", "q75", "q95")


@dataclass(frozen=True)
class View:
    """What somebody looks at: a measure, and whose it is where it belongs to somebody."""

    measure: str
    holder: str

    @property
    def shown(self) -> Shown:
        """The measure."""
        return BY_ID[self.measure]

    @property
    def needs(self) -> frozenset[str]:
        """Variables of a record that are painted."""
        return PAINTED | frozenset(self.shown.needs)


def levels_of(scenario: Scenario) -> list[Shown]:
    """The measures that the page can show, the course last, which has a chart of its own.

    The balance is not among them: whose it is may turn with a lever.
    """
    return sorted((shown for shown in measures_in(scenario) if shown.id != BALANCE), key=lambda shown: shown.id == COURSE)


def view_of(given: Any, scenario: Scenario) -> View:
    """A view out of what the page sent.

    Raises: NoSuchSetting.
    """
    given = given if isinstance(given, dict) else {}
    known = {shown.id: shown for shown in levels_of(scenario)}
    shown = known.get(str(given.get("measure")))
    if shown is None:
        raise NoSuchSetting(f"measures are {', '.join(known)}")
    empty = Record(scenario, 0, np.arange(0), {}, (), ())
    ids, holder = [each.id for each in holders(empty, shown)], str(given.get("holder") or "")
    if holder not in ids:
        whose = f"belongs to one of {', '.join(ids)}" if shown.axis else "belongs to nobody"
        raise NoSuchSetting(f"{shown.id} {whose}, and not to '{holder[:60]}'")
    return View(shown.id, holder)


@dataclass(frozen=True)
class Look:
    """Two ensembles of the same runs, as the page paints them; `estimate` when the first of them was not simulated."""

    view: View
    now: Record
    base: Record
    estimate: bool = False

    def painted(self) -> tuple[dict[str, Any], dict[str, Floats]]:
        """Words and numbers: what is said of the change, and arrays by name.

        Shape: now, base, change (country, cut, month); singles (run, country, month); course (country, side, month); ladder
        (institution, country, stage, month), padded with 0 where an institution has fewer stages.
        """
        now, base = paired(self.now, self.base)
        runs = int(now.ok.sum())
        if not runs:
            return {"runs": 0, "failed": self.now.runs}, {}
        shown, countries = self.view.shown, shown_countries(now.scenario, MOST_COUNTRIES)
        here, there = (values_of(record, shown, self.view.holder, countries) for record in (now, base))
        arrays = {
            "now": _cut(here),
            "base": _cut(there),
            "change": _cut(here - there),
            "singles": np.ascontiguousarray(here[..., :SINGLE].transpose(2, 1, 0)),
            "course": _course(now, countries),
            "course_base": _course(base, countries),
        }
        if now.scenario.institutions:
            arrays |= {"ladder": _ladder(now, countries), "ladder_base": _ladder(base, countries)}
        words = self._words(now, base, here, there, countries)
        words |= {"runs": runs, "failed": now.runs - runs, "singles": [int(run) for run in now.run_ids[now.ok][:SINGLE]]}
        return words, arrays

    def _words(self, now: Record, base: Record, here: Values, there: Values, countries: Sequence[str]) -> dict[str, Any]:
        same = now is base
        titles = {
            id: finding(now, here[:, place], there[:, place], self.view.measure, (id, self.view.holder))
            for place, id in enumerate(countries)
        }
        many = here.shape[-1] > 1 and not same
        return {
            "estimate": self.estimate,
            "titles": titles,
            "story": story(now, base, self.estimate) if many else {"sentences": [], "moved": 0, "runs": int(now.ok.sum())},
            "parts": parted(countries, here, there, now) if many and not self.estimate else {},
        }


def paired(now: Record, base: Record) -> tuple[Record, Record]:
    """Both ensembles with a run left out of both where it failed in either; they hold the same runs."""
    if now is base:
        return now, base
    runs = np.intersect1d(now.run_ids, base.run_ids)
    parts = [_only(record, runs) for record in (now, base)]
    well = parts[0].ok & parts[1].ok
    status = tuple("ok" if each else "lost" for each in well)
    first, second = (Record(part.scenario, part.seed, part.run_ids, part.kept, status, part.error, part.settled) for part in parts)
    return first, second


def _only(record: Record, runs: NDArray[np.int64]) -> Record:
    """A record with some of its runs, which are in order."""
    if len(runs) == record.runs:
        return record
    places = np.searchsorted(record.run_ids, runs)
    # The first runs of a record are the usual case, and need no copy.
    which: Any = slice(0, len(runs)) if np.array_equal(places, np.arange(len(runs))) else places
    kept = {variable: values[..., which] for variable, values in record.kept.items()}
    status, error = ([texts[place] for place in places] for texts in (record.status, record.error))
    return Record(record.scenario, record.seed, runs, kept, tuple(status), tuple(error), record.settled)


def _cut(values: Values) -> Floats:
    """Quantiles over runs. Shape: (month, country, run) gives (country, cut, month)."""
    numbers = exact_numbers(values)
    return np.ascontiguousarray(np.stack([numbers[cut] for cut in CUTS], axis=1).transpose(2, 1, 0), dtype=np.float32)


def _course(record: Record, countries: Sequence[str]) -> Floats:
    """Mean share of each side in each country's course. Shape: (country, side, month)."""
    sides = (*record.roster.ids["bloc"], SELF)
    places = [record.roster.place("side", side) for side in sides]
    mean = record.values("course")[:, places].mean(axis=-1)
    return np.ascontiguousarray(mean[:, :, [record.roster.place("country", id) for id in countries]].transpose(2, 1, 0), dtype=np.float32)


def _ladder(record: Record, countries: Sequence[str]) -> Floats:
    """Share of runs on each stage of each institution. Shape: (institution, country, stage, month)."""
    clubs = record.scenario.institutions
    most = max(len(club.stages) for club in clubs.values())
    order = [record.roster.place("institution", id) for id in clubs]
    rungs = record.values("rung")[:, order][:, :, [record.roster.place("country", id) for id in countries]]
    shares = [(rungs == place).mean(axis=-1) for place in range(most)]
    return np.ascontiguousarray(np.stack(shares, axis=-1).transpose(1, 2, 3, 0), dtype=np.float32)
