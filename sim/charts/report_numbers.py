"""Every number of a scenario with its value, its range and what stands behind it, for the table that a reader can search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.charts.style import literal
from sim.charts.support import KINDS, kind_of, numbers_of
from sim.evidence import Item, Seeds, read_seeds
from sim.lanes import dated
from sim.record import Record
from sim.scenario.distributions import Quantity
from sim.scenario.faults import SuasionError
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Change, Policy, Shock

# A scenario of more numbers than this has them in its manifest only.
MOST_NUMBERS = 6000
Behind = Quantity | Shock | Policy
KIND_PLACES = {kind: place for place, kind in enumerate(KINDS)}


def numbers_told(record: Record) -> dict[str, Any]:
    """The numbers of a scenario by path, the statements that they cite in our own words, and the documents those stand in.

    A row is path, value, low, high, unit, place of its kind of support, lines cited, words of the support, and what a what-if makes of it.
    """
    known, changes = number_paths(record.scenario), record.scenario.set
    behind: dict[str, Behind] = {f"shocks.{change.id}": change for change in dated(record.scenario)}
    rows: list[list[Any]] = []
    for path, number, kind in numbers_of(record):
        unit = literal(bounds_at(path).unit) if path in known else ""
        source = behind.get(path, number) if kind_of(number) == "nothing" else number
        rows.append([path, *_values(number), unit, KIND_PLACES[kind], *_support(source), _changed(changes.get(path))])
    kept = rows[:MOST_NUMBERS]
    cited = {reference for row in kept for reference in row[6].split()}
    return {"rows": kept, "left_out": len(rows) - len(kept), "kinds": list(KINDS.values()), **statements(cited)}


def _values(number: Quantity) -> list[float | None]:
    """The value in the middle, and the ends of what can be drawn; nothing for an end that there is not."""
    low, high = number.reach
    return [short(number.median() if number.form[0] in ("lognormal", "logitnormal") else _middle(number)), short(low), short(high)]


def _middle(number: Quantity) -> float:
    """The value people mean: the mode of a triangle, the middle of what is even, the mean of a normal."""
    kind, values = number.form
    return (values[0] + values[1]) / 2 if kind == "uniform" else values[1] if kind == "triangular" else values[0]


def short(value: float) -> float | None:
    """A value with four digits that matter; nothing where it is endless."""
    return float(f"{value:.4g}") if abs(value) < float("inf") else None


def _support(source: Behind) -> list[str]:
    words = [said for said in (source.record, source.assumption, source.note) if said]
    return [" ".join(source.evidence), literal("; ".join(words))]


def _changed(change: Change | None) -> str:
    """What the scenario's what-ifs make of a number."""
    if change is None:
        return ""
    said = [f"set to {_said(change.to)}"] if change.to is not None else []
    said += [f"times {change.scale:.4g}"] if change.scale is not None else []
    said += [f"plus {change.add:.4g}"] if change.add is not None else []
    return ", ".join(said)


def _said(number: Quantity) -> str:
    value, low, high = _values(number)
    return f"{value}" if low == high else f"{value} ({low} to {high})"


def statements(references: Iterable[str]) -> dict[str, Any]:
    """What the cited lines say, by reference, and the documents they are lines of; nothing where the coded documents are not at hand."""
    try:
        seeds = read_seeds()
    except SuasionError:
        return {"says": {}, "documents": {}}
    says = {reference: [said_of(item) for item in seeds.cited([reference])] for reference in sorted(references)}
    return {"says": {reference: told for reference, told in says.items() if told}, "documents": documents(seeds, says)}


def said_of(item: Item) -> list[str]:
    """A statement: its lines, what it says, and how sure it is."""
    return [item.id, literal(item.says), literal(item.sure)]


def documents(seeds: Seeds, references: Iterable[str]) -> dict[str, str]:
    """The documents that references name: title, publisher and date."""
    wanted = {reference[:1] for reference in references}
    return {
        letter: literal(", ".join(str(told[key]) for key in ("title", "publisher", "date") if told.get(key)))
        for letter, told in seeds.documents.items()
        if letter in wanted
    }
