"""Which cells of which variable a measure is read off, and in which months; and why it cannot be, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sim.outcomes import metrics_of, outcome_columns
from sim.outcomes.metric import Metric
from sim.roster import Roster
from sim.scenario.claim_file import MOMENTS, Measure
from sim.scenario.dates import month_name, month_number
from sim.scenario.experiment_checks import unknown_name
from sim.scenario.faults import shown, unknown
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

# Where a country stands on a ladder: its stage and the share of that stage's work done.
POSITION = "position"
# Axes whose places are pairs, by the words that may name a half of them.
HALVES: dict[str, tuple[str, ...]] = {"instrument": ("power", "channel"), "event": ("type", "country")}


def axes_of(variable: str) -> tuple[str, ...]:
    """The axes of a variable, or of a position."""
    return ("institution", "country") if variable == POSITION else VARIABLES[variable].axes


def kept_for(scenario: Scenario, measures: Iterable[Measure]) -> tuple[str, ...]:
    """Variables of the World that measures are read off, sorted."""
    needs: set[str] = set()
    for measure in measures:
        if measure.variable is not None:
            needs |= {"rung", "progress"} if measure.variable == POSITION else {measure.variable}
        elif measure.outcome is not None:
            needs |= set(metric_of(scenario, measure.outcome).needs)
    return tuple(sorted(needs))


def metric_of(scenario: Scenario, column: str) -> Metric:
    """The metric that a column of outcomes belongs to."""
    return metrics_of(scenario)[column.split(".")[1]]


def places_on(roster: Roster, axis: str, where: Mapping[str, Iterable[str]]) -> list[int]:
    """The places of an axis that words select: all of it where none is given."""
    ids = roster.ids[axis]
    chosen = [place for place, name in enumerate(ids) if axis not in where or name in where[axis] or _kind(axis, name) in where[axis]]
    for half, key in enumerate(HALVES.get(axis, ())):
        if key in where:
            chosen = [place for place in chosen if ids[place].split(".")[half] in where[key]]
    return chosen


def _kind(axis: str, name: str) -> str:
    """What an event is called without its place, which selects it in all places."""
    return name.split(".")[0] if axis == "event" else name


def unmeasurable(scenario: Scenario, measure: Measure) -> tuple[tuple[str, str], ...]:
    """What keeps a measure from being read off histories of a scenario, as (key, message); nothing where all is well."""
    if measure.outcome is not None:
        known = outcome_columns(scenario.model_copy(update={"outcomes": []}))
        return () if measure.outcome in known else (("outcome", unknown_name("outcome", measure.outcome, known)),)
    if measure.variable is None:
        return ()
    if measure.variable != POSITION and measure.variable not in VARIABLES:
        return (("variable", unknown_name("variable", measure.variable, frozenset((*VARIABLES, POSITION)))),)
    return (*_where_faults(Roster(scenario), measure), *_when_faults(scenario, measure))


def _where_faults(roster: Roster, measure: Measure) -> Iterator[tuple[str, str]]:
    """Words that name no axis of the variable, or nothing on it, or nothing together."""
    assert measure.variable is not None
    axes = axes_of(measure.variable)
    allowed = [*axes, *(half for axis in axes for half in HALVES.get(axis, ()) if half not in axes)]
    for key, names in measure.where.items():
        if key not in allowed:
            told = f"{measure.variable} has no axis called '{shown(key)}'"
            yield f"where.{key}", f"{told}; it has {', '.join(allowed)}" if allowed else f"{told}, nor any other"
            continue
        known = _known_ids(roster, axes, key)
        for name in names:
            if name not in known:
                yield f"where.{key}", unknown(key, name, known)
    if measure.variable == POSITION and len(measure.where.get("institution", ())) != 1:
        yield "where", "a position is on one institution's ladder: where: {institution: eu, country: serbia}"
    empty = [axis for axis in axes if not places_on(roster, axis, measure.where)]
    if empty:
        yield "where", f"there is no {empty[0]} that all of these words name together"


def _known_ids(roster: Roster, axes: tuple[str, ...], key: str) -> list[str]:
    """What may be named on an axis, or on a half of one."""
    if key in axes:
        ids = roster.ids[key]
        return list(dict.fromkeys([*ids, *(_kind(key, name) for name in ids)]))
    axis, half = next((axis, HALVES[axis].index(key)) for axis in axes if key in HALVES.get(axis, ()))
    return sorted({name.split(".")[half] for name in roster.ids[axis]})


def _when_faults(scenario: Scenario, measure: Measure) -> Iterator[tuple[str, str]]:
    """Months that never come."""
    when = measure.when
    first, last = span(scenario)
    for key, month in (("when", when.at), ("when.from", when.since), ("when.to", when.to)):
        if month is not None and month not in MOMENTS and not first <= (month_number(month) or 0) <= last:
            yield key, f"{month} never comes: the span is {month_name(first)} to {month_name(last)}"


def span(scenario: Scenario) -> tuple[int, int]:
    """Number of the first and of the last month."""
    first = month_number(scenario.time.start)
    assert first is not None
    return first, first + scenario.time.months - 1
