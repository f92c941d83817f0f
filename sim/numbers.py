"""Every parameter of the model, as arrays over runs, and the one table from YAML path to array cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from sim.axes import Array
from sim.chapters import (
    CHAPTERS,
    Accession,
    Alignment,
    Choice,
    Contest,
    Leverage,
    Opinion,
    Outside,
    Resilience,
    Resources,
    Settled,
    Tension,
)
from sim.doings import Deeds, Disputes, Events, Leaders, Linkages, Observation
from sim.roster import Roster

Given = TypeVar("Given")


Cell = tuple[tuple[int, ...], str | None, Mapping[str, str]]


@dataclass(frozen=True)
class Entry:
    """One line of the table: a field, its path template, its axes, and the variable it starts, if any."""

    chapter: str
    name: str
    template: str
    axes: tuple[str, ...]
    absent: float
    starts: str

    def paths(self, roster: Roster) -> Iterator[tuple[Mapping[str, str], str]]:
        """Every path of the field, with the ids in it."""
        for _, path, words in self._cells(roster, 0, (), {}):
            if path is not None:
                yield words, path

    def cells(self, roster: Roster) -> Iterator[tuple[tuple[int, ...], str | None]]:
        """Every cell of the field with its path, or None where a ladder has no such rung."""
        for place, path, _ in self._cells(roster, 0, (), {}):
            yield place, path

    def _cells(self, roster: Roster, axis: int, place: tuple[int, ...], words: Mapping[str, str]) -> Iterator[Cell]:
        if axis == len(self.axes):
            yield place, self.template.format_map(words), words
            return
        for at, more in enumerate(roster.words(self.axes[axis], words)):
            if more is None:
                yield (*place, at), None, words
            else:
                yield from self._cells(roster, axis + 1, (*place, at), {**words, **more})


TABLE: tuple[Entry, ...] = tuple(
    Entry(chapter, f.name, f.metadata["template"], f.metadata["axes"], f.metadata["absent"], f.metadata["starts"])
    for chapter, kind in CHAPTERS.items()
    for f in fields(kind)
)


@dataclass(frozen=True)
class Numbers:
    """Every parameter of a block of runs; each array ends in an axis of length 1 or of the block's width.

    `once` keeps what follows from the numbers alone, so that a rule may ask for it every month.
    """

    roster: Roster
    settled: Settled
    outside: Outside
    resources: Resources
    leverage: Leverage
    contest: Contest
    choice: Choice
    alignment: Alignment
    leaders: Leaders
    deeds: Deeds
    opinion: Opinion
    disputes: Disputes
    events: Events
    linkages: Linkages
    observation: Observation
    tension: Tension
    resilience: Resilience
    accession: Accession

    @cached_property
    def _memory(self) -> Memory:
        return Memory()

    def once(self, follows: Callable[[Numbers], Given]) -> Given:
        """What a function makes of these numbers, worked out the first time it is asked for.

        Which fields it looked at is kept with it, so that changed numbers share what rests on none of the changed fields.
        """
        return cast(Given, self._kept(follows).value)

    def _kept(self, follows: Callable[[Numbers], Any]) -> Kept:
        kept = self._memory.find(follows)
        if kept is None:
            looked: set[Field] = set()
            value = follows(cast(Numbers, _Looking(self, looked)))
            kept = self._memory.keep(follows, Kept(value, frozenset(looked)))
        return kept

    def with_arrays(self, arrays: Mapping[tuple[str, str], Array]) -> Numbers:
        """The same numbers with some arrays replaced, by (chapter, field)."""
        chapters: dict[str, Any] = {}
        for chapter, name in arrays:
            chapters.setdefault(chapter, getattr(self, chapter))
            chapters[chapter] = replace(chapters[chapter], **{name: arrays[chapter, name]})
        changed = replace(self, **chapters)
        changed.__dict__["_memory"] = Memory(self._memory, frozenset(arrays))
        return changed


Field = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """Something that follows from numbers, and the fields it rests on."""

    value: Any
    looked: frozenset[Field]


@dataclass(frozen=True)
class Memory:
    """What has been worked out; shared with the numbers these were changed from, as far as it rests on nothing changed."""

    before: Memory | None = None
    changed: frozenset[Field] = frozenset()
    kept: dict[Callable[[Numbers], Any], Kept] = field(default_factory=dict)

    def find(self, follows: Callable[[Numbers], Any]) -> Kept | None:
        """What is known already."""
        known = self.kept.get(follows)
        if known is None and self.before is not None:
            known = self.before.find(follows)
            if known is not None and not known.looked.isdisjoint(self.changed):
                return None
        return known

    def keep(self, follows: Callable[[Numbers], Any], found: Kept) -> Kept:
        """Keeps something here, or where it holds just as well."""
        if self.before is not None and found.looked.isdisjoint(self.changed):
            return self.before.keep(follows, found)
        self.kept[follows] = found
        return found


class _Looking:
    """Numbers that note which of their fields are looked at."""

    def __init__(self, numbers: Numbers, looked: set[Field]) -> None:
        self.roster, self.settled = numbers.roster, numbers.settled
        self._numbers, self._looked = numbers, looked

    def __getattr__(self, chapter: str) -> Any:
        return _Chapter(getattr(self._numbers, chapter), chapter, self._looked)

    def once(self, follows: Callable[[Numbers], Given]) -> Given:
        """As Numbers has it, noting what that rested on as well."""
        kept = self._numbers._kept(follows)
        self._looked |= kept.looked
        return cast(Given, kept.value)


class _Chapter:
    """A chapter of numbers that notes which of its fields are looked at."""

    def __init__(self, chapter: Any, name: str, looked: set[Field]) -> None:
        self._chapter, self._name, self._looked = chapter, name, looked

    def __getattr__(self, name: str) -> Any:
        self._looked.add((self._name, name))
        return getattr(self._chapter, name)


def unsettled(roster: Roster) -> Settled:
    """Nothing solved yet: references of 1, everything else 0."""
    sizes = {"power": roster.size("power"), "country": roster.size("country"), "institution": roster.size("institution")}
    power, country = np.zeros((sizes["power"], 1)), np.zeros((sizes["country"], 1))
    tie = np.zeros((sizes["power"], sizes["country"], 1))
    plan = np.zeros((roster.size("instrument"), sizes["country"], 1))
    return Settled(power + 1, plan, country, tie, country, country, country, country)


def numbers_from(roster: Roster, settled: Settled, rows: Mapping[str, int], values: Array, varies: np.ndarray) -> Numbers:
    """Numbers out of one row of values a path.

    Shape: values (path, run); `varies` says which rows differ between runs. A field none of whose cells vary gets a last axis
    of length 1.
    """
    chapters: dict[str, dict[str, Array]] = {chapter: {} for chapter in CHAPTERS}
    for entry in TABLE:
        cells = [rows.get(path, -1) if path is not None else -1 for _, path in entry.cells(roster)]
        index = np.array(cells, dtype=np.intp)
        wide = bool(np.any(varies[index[index >= 0]]))
        source = values if wide else values[:, :1]
        array = np.where((index >= 0)[:, None], source[np.maximum(index, 0)], entry.absent)
        shape = tuple(roster.size(axis) for axis in entry.axes)
        chapters[entry.chapter][entry.name] = np.ascontiguousarray(array.reshape(*shape, array.shape[-1]))
    return Numbers(roster=roster, settled=settled, **{chapter: kind(**chapters[chapter]) for chapter, kind in CHAPTERS.items()})
