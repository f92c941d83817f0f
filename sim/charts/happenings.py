"""What happened in one run, entry by entry: on whose lane, whether it is conflict or cooperation, in which words and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from sim.charts.order import countries_by, leaves, name, side_name
from sim.charts.style import literal
from sim.charts.words import large, percent, the
from sim.chronicle import Entry
from sim.record import Record
from sim.roster import SELF
from sim.runs.history import typical_run

# Halves of the PLOVER classes: what is said or done against somebody, and what is said or done with or for somebody. A request may be
# either, and is in neither.
CONFLICT = frozenset({"ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"})
COOPERATION = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
AGAINST, WITH, NEITHER = "conflict", "cooperation", "neither"
POWERS, TENSION = "powers", "tension"
# Kinds of entries, the most telling first where two are as rare.
KINDS = ("accession", "deed", "event", "talks", "linkage", "leader")
COLUMNS = ["run", "date", "lane", "also", "kind", "side", "plover", "what", "actor", "recipient", "causes", "rank", TENSION]
KINDS_OF_COLUMNS = {"run": "int64", "rank": "int64", TENSION: "float64"}


def run_told(record: Record, run: int | None = None) -> int | None:
    """The run whose chronicle is shown: the one asked for, else the typical one, else the first chronicled; None where there is none."""
    told = dict.fromkeys(entry.run for entry in record.chronicle)
    good = [id for id in told if record.ok[record.run_ids == id].any()]
    if run is not None:
        return run if run in good else None
    return (typical_run(record) if len(good) == record.ok.sum() else good[0]) if good else None


def happenings(record: Record, run: int) -> pd.DataFrame:
    """The entries of one run in order of time. One row an entry; rank 1 is the most telling."""
    entries = sorted((entry for entry in record.chronicle if entry.run == run), key=lambda entry: entry.month)
    place = int((record.run_ids[record.ok] == run).argmax())
    tension = {id: record.values("tension", country=id)[:, place] for id in record.roster.ids["country"]}
    rows = []
    for entry, rank in zip(entries, ranks(entries), strict=True):
        lane, also = lanes_of(record, entry)
        level = float(tension[lane][entry.month]) if lane in tension else None
        said = [run, str(record.months[entry.month]), lane, also, entry.kind, side_of(entry), entry.plover, said_of(record, entry)]
        rows.append([*said, entry.actor, entry.recipient, causes_of(record, entry), rank, level])
    return pd.DataFrame(rows, columns=COLUMNS).astype(KINDS_OF_COLUMNS)


def table_of(record: Record, run: int) -> pd.DataFrame:
    """The entries of one run, and then tension of every lane: one row a lane and month, of kind tension."""
    entries = happenings(record, run)
    place = int((record.run_ids[record.ok] == run).argmax())
    rows = entries.to_numpy().tolist()
    for lane in lanes(record, entries, run):
        values = record.values("tension", country=lane)[:, place]
        for month, value in zip(record.months.astype(str), values, strict=True):
            rows.append([run, str(month), lane, "", TENSION, "", "", "", "", "", "", 0, float(value)])
    return pd.DataFrame(rows, columns=COLUMNS).astype(KINDS_OF_COLUMNS)


def lanes(record: Record, entries: pd.DataFrame, run: int) -> list[str]:
    """Whose lanes there are: everyone without entities and everyone to whom something happened, the most tense at the end first."""
    place = int((record.run_ids[record.ok] == run).argmax())
    there = {*leaves(record), *entries["lane"], *entries["also"]} & set(record.roster.ids["country"])
    return countries_by(record, {id: float(record.values("tension", country=id)[-1, place]) for id in there})


def lanes_of(record: Record, entry: Entry) -> tuple[str, str]:
    """On whose lane an entry stands, and on whose besides (empty where there is no second one)."""
    countries = record.roster.ids["country"]
    if entry.kind == "talks":
        return entry.actor, entry.recipient
    if entry.recipient in countries:
        other = entry.actor if entry.actor in countries and entry.actor != entry.recipient else ""
        return entry.recipient, other
    return (entry.actor if entry.actor in countries else POWERS), ""


def actor_of(record: Record, entry: pd.Series) -> str:
    """Who acts on the lane of the powers, in a short word; nothing on other lanes."""
    axes = [axis for axis in ("power", "institution") if entry["actor"] in record.roster.ids[axis]]
    return name(record, axes[0], str(entry["actor"]), 1, 1) if axes and entry["lane"] == POWERS else ""


def side_of(entry: Entry) -> str:
    """Whether an entry is conflict or cooperation; what ends, and what has no class, is neither."""
    if entry.event.endswith(" ends"):
        return NEITHER
    return AGAINST if entry.plover in CONFLICT else WITH if entry.plover in COOPERATION else NEITHER


def ranks(entries: list[Entry]) -> list[int]:
    """How telling each entry is, from 1: first what happened most rarely in this run, then by kind, then the earliest.

    New leaders and what only ends come last.
    """
    times = Counter((entry.kind, entry.event) for entry in entries)

    def key(at: int) -> tuple[bool, int, int, int]:
        entry = entries[at]
        slight = entry.kind == "leader" or entry.event.endswith(" ends")
        return slight, times[entry.kind, entry.event], KINDS.index(entry.kind), entry.month

    order = sorted(range(len(entries)), key=key)
    return [order.index(at) + 1 for at in range(len(entries))]


def said_of(record: Record, entry: Entry) -> str:
    """An entry in a few words, without whose it is."""
    scenario, word = record.scenario, entry.event
    first, _, rest = word.partition(" ")
    if entry.kind == "event":
        return literal(scenario.events[first].name) + (" succeeds" if rest else "")
    if entry.kind == "deed":
        return ("End of: " if rest else "") + literal(scenario.deeds[first].name)
    if entry.kind == "accession":
        club = scenario.institutions[first]
        stage = club.stages[rest]
        short = name(record, "institution", first, 1, 1)
        return f"Joins {the(short)}" if rest == list(club.stages)[-1] else f"{literal(stage.name)} ({short})"
    if entry.kind == "talks":
        return large(" ".join(literal(scenario.disputes[part].name) if part in scenario.disputes else part for part in word.split(" ")))
    return large(word)


def causes_of(record: Record, entry: Entry) -> str:
    """What spoke for an entry, the largest part first: siding with Russia 63%, lies 20%."""
    return ", ".join(f"{' '.join(_spoken(record, cause))} {percent(share)}" for cause, share in entry.causes)


def _spoken(record: Record, cause: str) -> Iterator[str]:
    """The words of a cause, ids of sides and powers as people call them."""
    words = cause.split(" ")
    for place, word in enumerate(words):
        if words[0] == "siding" and place == len(words) - 1 and word in record.roster.ids["side"]:
            yield "itself" if word == SELF else the(side_name(record, word))
        elif words[:2] == ["public", "view"] and word in record.roster.ids["power"]:
            yield the(name(record, "power", word, 1, 1))
        else:
            yield word.replace("_", " ")
