"""What the report says of each country, in three sentences with numbers: its course, its way into institutions, its tension."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.charts.findings import entries, possessive, share_words, when
from sim.charts.order import name, side_name, sides
from sim.charts.spread import at_end
from sim.charts.style import literal
from sim.charts.words import interval, large, listed, percent, points_of, runs_of, the
from sim.record import Record
from sim.roster import SELF

# Shares that moved less than this since the start are not told.
MOVED = 0.03


def sentences(record: Record, country: str) -> list[str]:
    """The three sentences of one country."""
    return [f"{said}." for said in (course(record, country), ladders_told(record, country), tension_told(record, country)) if said]


def course(record: Record, country: str) -> str:
    """How its course is divided at the end, and what moved most since the start."""
    order = [side for side in sides(record)[::-1] if side != SELF]
    parts = [f"{share_words(record, side, country)} to {the(side_name(record, side))}" for side in order]
    said = f"Its course ends divided {listed([*parts, f'{share_words(record, SELF, country)} its own'])}"
    ends = {side: np.median(record.values("course", side=side, country=country)[[0, -1]], axis=-1) for side in [*order, SELF]}
    most = max(ends, key=lambda side: abs(ends[side][1] - ends[side][0]))
    first, last = (float(value) for value in ends[most])
    if abs(last - first) < MOVED:
        return f"{said}, much as at the start"
    whose = "its own share" if most == SELF else f"the share with {the(side_name(record, most))}"
    return f"{said}; {whose} {'rose' if last > first else 'fell'} most, from {percent(first)}"


def ladders_told(record: Record, country: str) -> str:
    """How often and about when it takes steps into institutions."""
    parent = record.scenario.countries[country].part_of
    if parent:
        return f"It stands on the ladders of {the(name(record, 'country', parent))}"
    own = [each for each in entries(record) if each.country == country]
    outside = {each.institution for each in own}
    inside = [the(name(record, "institution", id)) for id in record.roster.displayed("institution") if id not in outside]
    said = [f"it is a member of {listed(inside)} from the start"] if inside else []
    for each in own:
        said.append(_entry(record, each.institution, country, each.months))
    return large("; ".join(said))


def _entry(record: Record, institution: str, country: str, months: np.ndarray) -> str:
    """How often it enters and when; where it enters in few runs, on which stage most runs end."""
    club, runs = the(name(record, "institution", institution)), len(months)
    times = int((months <= len(record.months)).sum())
    if times > runs / 2:
        low, middle, high = np.quantile(months, [0.05, 0.5, 0.95], method="inverted_cdf")
        return f"it joins {club} in {runs_of(times, runs)}, about {when(record, middle)}{interval(when(record, low), when(record, high))}"
    rung = np.round(record.values("rung", institution=institution, country=country)[-1]).astype(int)
    places, counts = np.unique(rung, return_counts=True)
    stage = list(record.scenario.institutions[institution].stages.values())[int(places[counts.argmax()])]
    joins = "in none" if times == 0 else f"in {runs_of(times, runs)}"
    return f"it ends as '{literal(stage.name)}' with {club} in {runs_of(int(counts.max()), runs)}, and joins {joins}"


def tension_told(record: Record, country: str) -> str:
    """Where its tension ends and began, and which outside power makes most of it."""
    values = record.values("tension", country=country)
    middle, low, high = (points_of(value) for value in at_end(values))
    first = float(np.median(values[0]))
    change = float(np.median(values[-1])) - first
    way = "as it began" if abs(change) < 0.01 else f"{'up' if change > 0 else 'down'} from {points_of(first)}"
    said = f"Tension ends at {middle} of 100{interval(low, high)}, {way}"
    made = {power: record.values("tension_power", power=power, country=country)[-1] for power in record.roster.displayed("power")}
    parts = {power: float(values.mean()) for power, values in made.items()}
    power = max(parts, key=lambda each: parts[each], default="")
    whole = float(values[-1].mean())
    if power and parts[power] >= 0.01:
        owed = f"{points_of(parts[power])} of the mean {points_of(whole)}"
        said += f"; {owed} {'is' if parts[power] < 0.015 else 'are'} {possessive(the(name(record, 'power', power)))} doing"
    return said


def facts(record: Record) -> Iterator[tuple[str, str]]:
    """How much was simulated: numbers with what they count."""
    scenario = record.scenario
    yield f"{int(record.ok.sum()):,}", "histories"
    yield f"{len(record.months):,}", "months"
    nouns = {"powers": "powers", "countries": "countries and entities", "channels": "channels", "institutions": "institutions"}
    for part, noun in nouns.items():
        held = len(getattr(scenario, part))
        if held:
            yield f"{held:,}", noun
