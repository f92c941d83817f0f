"""What a change did, in sentences: the largest paired differences first, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.comparison import comparison
from sim.analysis.intervals import of_mean
from sim.charts.order import name
from sim.charts.shown import BY_ID, COURSE, POSITION, holders
from sim.charts.words import large, listed, month, the
from sim.record import Record, Values
from sim.roster import SELF
from sim.world import VARIABLES

MOST_SENTENCES = 7
# Differences smaller than this are not told. Units: of 1, a whole ladder being 1.
SMALL = 0.003
# A country is named beside the one that moved most when it moved at least this share of that.
BESIDE = 0.35
SHARES = ("tension", "influence_share", "own_share", "alignment", "opinion", "resilience", "capture")
LEAD = {
    "tension": "tension in {country} ends at {values}",
    "influence_share": "{holder} ends with {values} of the course of {country}",
    "own_share": "{country} ends with {values} of its course in its own hands",
    "course": "{holder} ends with {values} of the course of {country}",
    "alignment": "the alignment of {country} with {holder} ends at {values}",
    "opinion": "in {country}, {values} think well of {holder} at the end",
    "resilience": "resilience in {country} ends at {values}",
    "capture": "state capture in {country} ends at {values}",
    "position": "{country} ends at stage {values} on the way into {holder}",
    "member": "{country} is in {holder} at the end in {values} runs",
}


@dataclass(frozen=True)
class Moved:
    """One outcome that ends differently: a measure of a country and whose it is, as it was and as it is, with its interval.

    `size` is the difference as a part of what it could be at most.
    """

    measure: str
    country: str
    holder: str
    base: float
    other: float
    low: float
    high: float
    size: float


def outcomes_at_end(record: Record) -> dict[str, Values]:
    """Outcomes of the last month over the runs that went well, named as in the table of outcomes. Shape: (run)."""
    scenario, roster = record.scenario, record.roster
    columns: dict[str, Values] = {}
    for share in SHARES:
        axes, last = VARIABLES[share].axes, record.kept[share][-1][..., record.ok]
        for country in scenario.countries:
            at = roster.place("country", country)
            if axes == ("country",):
                columns[f"{country}.{share}.end"] = last[at]
            else:
                columns |= {f"{country}.{share}.{power}.end": last[roster.place("power", power), at] for power in scenario.powers}
    for club, institution in scenario.institutions.items():
        for country in (id for id, each in scenario.countries.items() if each.part_of is None):
            position = record.position(club, country)[-1]
            columns[f"{country}.{club}_position.end"] = position
            columns[f"{country}.{club}_member.end"] = (position >= len(institution.stages) - 1).astype(np.float32)
    return columns


def _table(record: Record) -> pd.DataFrame:
    """Outcomes at the end, one row a run that went well."""
    columns = outcomes_at_end(record)
    values = np.column_stack([record.run_ids[record.ok], *columns.values()]).astype(np.float64)
    return pd.DataFrame(values, columns=["run", *columns])


def differences(now: Record, base: Record, estimate: bool = False) -> list[Moved]:
    """What ends differently beyond chance, the largest difference first."""
    if estimate:
        rows = _roughly(now, base)
    else:
        table = comparison({"base": _table(base), "now": _table(now)}).table
        rows = table[table["beyond_chance"].astype(bool)].to_dict("records")
    found = [_moved(now, row) for row in rows]
    return sorted((each for each in found if abs(each.size) >= SMALL), key=lambda each: -abs(each.size))


def _roughly(now: Record, base: Record) -> list[dict[Any, Any]]:
    """Outcomes of an estimate whose mean difference leaves out 0: enough to say what moves, and made while a slider is pulled."""
    one, other = outcomes_at_end(base), outcomes_at_end(now)
    before, after = (np.stack(list(each.values())).astype(np.float64) for each in (one, other))
    change = of_mean(after - before)
    columns = {"base": before.mean(axis=1), "other": after.mean(axis=1), "difference": change.value, "low": change.low, "high": change.high}
    kept = np.flatnonzero((change.low > 0) | (change.high < 0))
    names = list(one)
    return [{"outcome": names[place], **{column: float(values[place]) for column, values in columns.items()}} for place in kept]


def _moved(record: Record, row: Mapping[Any, Any]) -> Moved:
    country, metric, *rest = str(row["outcome"]).split(".")
    measure, holder = metric, rest[0] if len(rest) > 1 else ""
    for kind in ("position", "member"):
        if metric.endswith(f"_{kind}"):
            measure, holder = kind, metric.removesuffix(f"_{kind}")
    whole = len(record.scenario.institutions[holder].stages) - 1 if measure == POSITION else 1
    return Moved(measure, country, holder, row["base"], row["other"], row["low"], row["high"], row["difference"] / whole)


def story(now: Record, base: Record, estimate: bool = False) -> dict[str, Any]:
    """The sentences of a change, each with what it is about, and how much else moved."""
    found = differences(now, base, estimate)
    groups: dict[tuple[str, str, bool], list[Moved]] = {}
    for each in found:
        groups.setdefault((each.measure, each.holder, each.size > 0), []).append(each)
    told = [_told(now, group, estimate) for group in list(groups.values())[:MOST_SENTENCES]]
    sentences = [each for each in told if each]
    return {"sentences": sentences, "moved": len(found), "runs": int(now.ok.sum())}


def _told(record: Record, group: Sequence[Moved], estimate: bool) -> dict[str, Any] | None:
    """One sentence about those that move the same way, led by the one that moves most."""
    lead = group[0]
    values = rather_than(lead.other, lead.base, lead.measure)
    if values is None:
        return None
    words = large(LEAD[lead.measure].format(country=who(record, lead.country), holder=_holder(record, lead), values=values))
    others = [each for each in group[1:] if abs(each.size) >= BESIDE * abs(lead.size)]
    way = "higher" if lead.size > 0 else "lower"
    also = f"; {way} in {listed([who(record, each.country) for each in others], 3)} too" if others else ""
    return {
        "words": words + also,
        "interval": "" if estimate else _interval(lead),
        "up": lead.size > 0,
        "country": lead.country,
        **_view(lead),
        "size": abs(lead.size),
    }


def who(record: Record, country: str) -> str:
    """A country as sentences call it."""
    return the(name(record, "country", country, 220, 14))


def _view(moved: Moved) -> dict[str, str]:
    """The measure that shows what a sentence tells, and whose."""
    if moved.measure == "own_share":
        return {"measure": COURSE, "holder": SELF}
    return {"measure": POSITION if moved.measure == "member" else moved.measure, "holder": moved.holder}


def _holder(record: Record, moved: Moved) -> str:
    if not moved.holder:
        return ""
    axis = "institution" if moved.measure in ("position", "member") else "power"
    return the(name(record, axis, moved.holder))


def rather_than(other: float, base: float, measure: str) -> str | None:
    """Two values in one breath, '15 rather than 27 of 100'; with a decimal where whole numbers are equal, or None where those are too."""
    factor, unit, places = (1.0, "", (1, 2) if abs(other - base) >= 0.3 else (2,)) if measure == POSITION else (100.0, " of 100", (0, 1))
    for digits in places:
        one, two = (f"{round(factor * value, digits):.{digits}f}" for value in (other, base))
        if one != two:
            return f"{one} rather than {two}{unit}"
    return None


def _interval(moved: Moved) -> str:
    """The difference and its 95% interval, in the unit of the sentence."""
    factor = 1.0 if moved.measure == POSITION else 100.0
    digits = 2 if moved.measure == POSITION else 1
    low, high, middle = (signed(factor * value, digits) for value in (moved.low, moved.high, moved.other - moved.base))
    return f"{middle} ({low} to {high})"


def signed(value: float, digits: int) -> str:
    """A number with its sign, a real minus."""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def finding(record: Record, values: Values, base: Values, measure: str, whose: tuple[str, str]) -> str:
    """The title of a fan: where the median ends, and where it ended before or between which values nine tenths end.

    `whose` are a country and a holder of the measure. Shape: (month, run).
    """
    country, holder = whose
    shown = BY_ID[measure]
    factor, digits = (1.0, 1) if measure == POSITION else (100.0, 0)
    now, before = (float(np.median(each[-1])) for each in (values, base))
    changed = rather_than(now, before, measure)
    low, high = (f"{round(factor * float(each), digits):.{digits}f}" for each in np.quantile(values[-1], [0.05, 0.95]))
    plain = f"{factor * now:.{digits}f}" if measure == POSITION else f"{factor * now:.{digits}f} of 100"
    named = {each.id: each.name for each in holders(record, shown)}[holder]
    lead = "own_share" if (measure, holder) == (COURSE, SELF) else measure
    kind = LEAD.get(lead, f"{shown.label.lower()} in {{country}} ends at {{values}}")
    has_moved = changed is not None and abs(now - before) * factor >= 0.05
    words = {"country": who(record, country), "holder": the(named) if named else "", "values": changed if has_moved else plain}
    spoken = large(kind.format(**words))
    # Beside two values an interval would be taken for that of their difference.
    return spoken if has_moved or low == high else f"{spoken} ({low}\u00a0to\u00a0{high})"


def parted(names: Sequence[str], now: Values, base: Values, record: Record) -> dict[str, str]:
    """For each country, the first month in which the mean of the change leaves the baseline, in words; missing where it never does.

    Shape: now, base (month, country, run).
    """
    found = {}
    for place, id in enumerate(names):
        change = of_mean(now[:, place].astype(np.float64) - base[:, place], looks=len(now))
        beyond = (change.low > 0) | (change.high < 0)
        if beyond.any():
            found[id] = month(record.months[int(beyond.argmax())])
    return found
