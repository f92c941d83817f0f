"""What the numbers of a record say, in one sentence each; None where they say nothing that can safely be put so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.charts.order import leaves, name, side_name, states
from sim.charts.words import count, fraction, interval, large, listed, month, percent, points_of, runs_of, the
from sim.record import Record
from sim.roster import SELF

# A door is open while a bloc holds at least this share of a country's alignment.
OPEN_DOOR = 0.15
MOST = 0.5
# A change of tension smaller than this counts as none.
STEADY = 0.02


@dataclass(frozen=True)
class Entry:
    """Entry of one country into one institution it was not in: the month of each run, months + 1 where never."""

    institution: str
    country: str
    months: NDArray[np.float64]
    horizon: int

    @property
    def runs(self) -> int:
        """How many histories."""
        return len(self.months)

    @property
    def times(self) -> int:
        """How many histories in which it enters."""
        return int((self.months <= self.horizon).sum())


def hedger(record: Record) -> tuple[str, int] | None:
    """The country that most often keeps more than one door open at the end, and in how many runs; None with fewer than two blocs."""
    blocs = record.roster.ids["bloc"]
    if len(blocs) < 2:
        return None
    course = np.stack([record.values("course", side=bloc)[-1] for bloc in blocs])
    open_doors = (course >= OPEN_DOOR).sum(axis=0) >= 2
    times = {id: int(open_doors[record.roster.place("country", id)].sum()) for id in leaves(record)}
    id = max(times, key=lambda each: times[each])
    return id, times[id]


def hedging(record: Record) -> str | None:
    """Which country keeps more than one door open most often at the end."""
    found = hedger(record)
    if found is None:
        return None
    id, times = found
    who, runs = large(the(name(record, "country", id))), int(record.ok.sum())
    doors = "both doors" if len(record.roster.ids["bloc"]) == 2 else "more than one door"
    if times == 0:
        return f"No country keeps {doors} open in any run" if len(leaves(record)) > 1 else f"{who} keeps {doors} open in no run"
    if times < MOST * runs and len(leaves(record)) > 1:
        return f"No country keeps {doors} open in most runs; {who} comes nearest, in {runs_of(times, runs)}"
    return f"{who} keeps {doors} open in {runs_of(times, runs)}"


def leaning(record: Record) -> str | None:
    """In how many countries one bloc ends with more than half of the course in most runs."""
    shown, blocs = leaves(record), record.roster.ids["bloc"]
    held: dict[str, list[str]] = {bloc: [] for bloc in blocs}
    for bloc in blocs:
        share = (record.values("course", side=bloc)[-1] > MOST).mean(axis=-1)
        held[bloc] = [id for id in shown if share[record.roster.place("country", id)] > MOST]
    first = max(blocs, key=lambda bloc: len(held[bloc]))
    if not held[first]:
        return "No bloc ends with most of any country's course" if len(blocs) > 1 else None
    who = large(the(side_name(record, first)))
    rest = [id for id in shown if id not in held[first]]
    if not rest:
        return f"{who} ends with most of the course of {'every country' if len(shown) > 1 else name(record, 'country', shown[0])}"
    names = listed([the(name(record, "country", id, 200, 14)) for id in rest])
    return f"{who} ends with most of the course in {count(len(held[first]))} of {count(len(shown))} countries, not in {names}"


def entries(record: Record) -> list[Entry]:
    """Entry of every country that stood outside an institution, in the order of the file."""
    roster, horizon = record.roster, len(record.months)
    found = []
    for institution in roster.displayed("institution"):
        m = roster.place("institution", institution)
        for country in states(record):
            if roster.start_rung[m, roster.place("country", country)] >= roster.top[m]:
                continue
            inside = record.values("rung", institution=institution, country=country) >= roster.top[m]
            first = np.where(inside.any(axis=0), inside.argmax(axis=0), horizon + 1)
            found.append(Entry(institution, country, first.astype(np.float64), horizon))
    return found


def joining(record: Record) -> str | None:
    """Who joins what in most runs, institution by institution."""
    outside = entries(record)
    said = []
    for institution in dict.fromkeys(each.institution for each in outside):
        club = the(name(record, "institution", institution))
        tries = sorted((each for each in outside if each.institution == institution), key=lambda each: -each.times)
        said.append(_joining(record, club, tries))
    # Clubs that somebody joins come first.
    said.sort(key=lambda words: words.startswith("nobody"))
    return large("; ".join(said)) if said else None


def _joining(record: Record, club: str, tries: list[Entry]) -> str:
    joined = [each for each in tries if each.times > MOST * each.runs]
    if joined:
        first, *others = joined[:3]
        words = f"{the(name(record, 'country', first.country))} joins {club} in {runs_of(first.times, first.runs)}"
        for each in others:
            words += f", {the(name(record, 'country', each.country))} in {runs_of(each.times, each.runs, noun=False)}"
        return words + (f", and {count(len(joined) - 3)} more in most" if len(joined) > 3 else "")
    best = tries[0]
    if best.times == 0:
        return f"nobody joins {club} in any run"
    often = runs_of(best.times, best.runs)
    return f"nobody joins {club} in {'as many as 1 of 100 runs' if often.startswith('fewer') else f'more than {often}'}"


def dating(record: Record) -> str | None:
    """About when those enter that do in most runs, the earliest first."""
    said = []
    for each in entries(record):
        if each.times > MOST * each.runs:
            low, middle, high = np.quantile(each.months, [0.05, 0.5, 0.95], method="inverted_cdf")
            who, club = the(name(record, "country", each.country)), the(name(record, "institution", each.institution))
            said.append((middle, who, f"enters {club}", f"about {when(record, middle)}{interval(when(record, low), when(record, high))}"))
    if not said:
        return None
    first, *others = sorted(said)[:2]
    words = " ".join(first[1:])
    return large(words + "".join(f", {who} {'' if way == first[2] else f'{way} '}{date}" for _, who, way, date in others))


def when(record: Record, month_number: float) -> str:
    """A month of the record in words, or that it did not happen."""
    return "later" if month_number > len(record.months) - 1 else month(record.months[int(month_number)])


def holding(record: Record) -> str | None:
    """Which power holds the largest outside share in how many countries, and where the others do."""
    shown, powers = leaves(record), record.roster.displayed("power")
    if len(powers) < 2:
        return None
    share = {power: np.median(record.values("influence_share", power=power)[-1], axis=-1) for power in powers}
    first_in: dict[str, list[str]] = {}
    for id in shown:
        place = record.roster.place("country", id)
        first_in.setdefault(max(powers, key=lambda power: float(share[power][place])), []).append(id)
    ranked = sorted(first_in, key=lambda power: -len(first_in[power]))
    who = large(the(name(record, "power", ranked[0])))
    if len(shown) == 1:
        return f"{who} holds the largest outside share in {name(record, 'country', shown[0])}"
    words = f"{who} holds the largest outside share in {count(len(first_in[ranked[0]]))} of {count(len(shown))} countries"
    for power in ranked[1:2]:
        places = [the(name(record, "country", id, 200, 14)) for id in first_in[power]]
        words += f", {the(name(record, 'power', power))} in {listed(places, 3)}"
    return words


def unrest(record: Record) -> str | None:
    """Which country ends most tense, how tense, and how much of that is one power's doing."""
    ends = {id: np.quantile(record.values("tension", country=id)[-1].astype(np.float64), [0.05, 0.5, 0.95]) for id in leaves(record)}
    id = max(ends, key=lambda each: float(ends[each][1]))
    low, middle, high = (points_of(float(value)) for value in ends[id])
    who = large(the(name(record, "country", id)))
    words = f"{who} ends {'most ' if len(ends) > 1 else ''}tense, at {middle} of 100{interval(low, high)}"
    parts = {power: float(record.values("tension_power", power=power, country=id)[-1].mean()) for power in record.roster.displayed("power")}
    power = max(parts, key=lambda each: parts[each])
    part = parts[power] / max(float(record.values("tension", country=id)[-1].mean()), 1e-9)
    if part >= 0.04:
        words += f"; {fraction(part)} of it is {possessive(the(name(record, 'power', power)))} doing"
    return words


def possessive(who: str) -> str:
    """Whose: Russia's, the United States'."""
    return f"{who}'" if who.endswith("s") else f"{who}'s"


def share_words(record: Record, side: str, country: str) -> str:
    """The share of a country's course that a side ends with, median and 90% interval."""
    low, middle, high = np.quantile(record.values("course", side=side, country=country)[-1].astype(np.float64), [0.05, 0.5, 0.95])
    return f"{percent(float(middle))}{interval(points_of(float(low)), points_of(float(high)))}"


def answer(record: Record) -> list[str]:
    """The answer in three sentences with numbers: course, membership, tension; those that can be said."""
    return [sentence for sentence in (_heading(record), joining(record), _tension_since(record)) if sentence]


def _heading(record: Record) -> str | None:
    """Who hedges, and how its course is divided at the end."""
    found, said = hedger(record), hedging(record)
    if found is None or said is None:
        return leaning(record)
    id = found[0]
    parts = [f"{share_words(record, bloc, id)} to {the(side_name(record, bloc))}" for bloc in record.roster.ids["bloc"]]
    return (
        f"{said}; its course is divided {listed(parts)}, {share_words(record, SELF, id)} its own"
        if said.startswith(large(the(name(record, "country", id))))
        else said
    )


def _tension_since(record: Record) -> str | None:
    """Who is most tense, and in how many countries tension ends higher than it began."""
    shown = leaves(record)
    change = {
        id: float(np.median(record.values("tension", country=id)[-1].astype(np.float64) - record.values("tension", country=id)[0]))
        for id in shown
    }
    said = unrest(record)
    if len(shown) < 2 or said is None:
        return said
    moved = {"higher": [id for id in shown if change[id] > STEADY], "lower": [id for id in shown if change[id] < -STEADY]}
    parts = [f"{way} than it began in {listed([the(name(record, 'country', id)) for id in ids], 3)}" for way, ids in moved.items() if ids]
    return f"{said}. Tension ends {' and '.join(parts)}" if parts else f"{said}. Nowhere does tension end far from where it began"
