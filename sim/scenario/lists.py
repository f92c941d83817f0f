"""Lists of points out of CSV files: a column a factor, and one called arm if the rows differ by arm."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.factors import MOST_POINTS
from sim.scenario.faults import FaultList, Mark, shown, unknown
from sim.scenario.layers import Source, found_beside, path_refusal, text_of

ARM = "arm"
LARGEST_LIST = 64 * 1024 * 1024
MOST_FAULTS = 100
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity)|", re.IGNORECASE)

Spans = MappingOf[str, tuple[float, float]]
Row = tuple[str, tuple[float, ...]]


@dataclass(frozen=True)
class Wanted:
    """What a list must agree with: the lowest and highest value of each factor, in the factors' order, and the arms."""

    spans: Spans
    arms: Sequence[str]


def listed_points(source: Source, word: str, mark: Mark, wanted: Wanted, faults: FaultList) -> tuple[Row, ...]:
    """The points of the list that an experiment names, each an arm and its values; rows without an arm stand for every arm."""
    refusal = path_refusal(word, (".csv",))
    found, outside = (None, False) if refusal else found_beside(source, word, among_shipped=False)
    if refusal or (found is None and outside):
        faults.add(mark, "E060", "design.file", refusal or "leads out of the experiment's own folder by a link, or is not a regular file")
        return ()
    if found is None:
        faults.add(mark, "E062", "design.file", f"'{shown(word)}' is not found beside this file")
        return ()
    text = text_of(found, faults, mark, LARGEST_LIST)
    return _List(found.name, wanted, faults).rows(text) if text is not None else ()


class _List:
    """A list of points being read."""

    def __init__(self, file: str, wanted: Wanted, faults: FaultList) -> None:
        self.file, self.wanted, self.faults = file, wanted, faults
        self.enough = len(faults.found) + MOST_FAULTS

    def rows(self, text: str) -> tuple[Row, ...]:
        """Every row of the text, grouped by arm in the arms' order; none where the list is refused."""
        lines = text.split("\n")
        rows = sum(map(bool, map(str.strip, lines))) - 1
        if rows < 1:
            self.fault(1, 0, "E031", "", "the list needs a line of column names and at least one row")
            return ()
        head = next(place for place, line in enumerate(lines) if line.strip())
        columns = self.columns(head + 1, lines[head])
        own_arms = ARM in columns
        count = rows * (1 if own_arms else len(self.wanted.arms))
        if count > MOST_POINTS:
            self.fault(1, 0, "E030", "", f"{rows:,} rows make {count:,} points; the limit is {MOST_POINTS:,}")
        if len(self.faults.found) > self.enough - MOST_FAULTS:
            return ()
        order = [columns.index(factor) for factor in self.wanted.spans]
        by_arm: dict[str, list[Row]] = {arm: [] for arm in self.wanted.arms}
        for number, line in enumerate(lines[head + 1 :], head + 2):
            if len(self.faults.found) >= self.enough:
                return ()
            values = self.values(number, line, columns) if line.strip() else None
            if values is None:
                continue
            point = tuple(float(values[place]) for place in order)
            for arm in [str(values[columns.index(ARM)])] if own_arms else self.wanted.arms:
                by_arm[arm].append((arm, point))
        return tuple(row for rows in by_arm.values() for row in rows)

    def columns(self, number: int, line: str) -> list[str]:
        """The names of the columns: a factor each, and perhaps the arm."""
        known = [*self.wanted.spans, ARM]
        names: list[str] = []
        if ";" in line and "," not in line:
            self.fault(number, line.index(";"), "E054", "", "columns are parted by commas, found semicolons")
            return names
        for name, place in _fields(line):
            if name not in known:
                self.fault(number, place, "E040", name, unknown("factor", name, known))
            elif name in names:
                self.fault(number, place, "E042", name, f"the column '{shown(name)}' stands here twice")
            names.append(name)
        for name in self.wanted.spans:
            if name not in names:
                self.fault(number, 0, "E041", name, f"the column '{shown(name)}' is missing; every factor has one")
        return names

    def values(self, number: int, line: str, columns: list[str]) -> list[float | str] | None:
        """The values of a row, or nothing after noting what is wrong with it."""
        found = _fields(line)
        if len(found) != len(columns):
            told = f"the row has {len(found)} values, the list {len(columns)} columns" + ("; use a point in numbers" if ";" in line else "")
            self.fault(number, 0, "E054", "", told)
            return None
        row: list[float | str] = []
        before = len(self.faults.found)
        for name, (text, place) in zip(columns, found, strict=True):
            if name != ARM:
                row.append(self.number(number, place, name, text))
                continue
            if text not in self.wanted.arms:
                told = "the experiment has no arms" if "" in self.wanted.arms else unknown("arm", text, self.wanted.arms)
                self.fault(number, place, "E047", name, told)
            row.append(text)
        return row if len(self.faults.found) == before else None

    def number(self, line: int, place: int, name: str, text: str) -> float:
        """A value, refused where it is no number or outside what its factor may be."""
        if not NUMBER.fullmatch(text):
            if NOT_FINITE.fullmatch(text):
                told = "nothing stands here" if not text else f"must be finite, found {shown(text)}"
                self.fault(line, place, "E023" if text else "E021", name, told)
            else:
                self.fault(line, place, "E021", name, f"must be a number, found the text '{shown(text)}'")
            return 0.0
        value, (low, high) = float(text), self.wanted.spans[name]
        if abs(value) == float("inf"):
            self.fault(line, place, "E023", name, f"{shown(text)} overflows to infinity; a number must be finite")
        elif not low <= value <= high:
            self.fault(line, place, "E031", name, f"must be a number from {low:g} to {high:g}, found {shown(text)}")
        return value

    def fault(self, line: int, place: int, code: str, path: str, message: str) -> None:
        """Note a fault at a place counted from 0 in its line."""
        self.faults.add(Mark(self.file, line, place + 1), code, shown(path), message)


def _fields(line: str) -> list[tuple[str, int]]:
    """The values of a line, each with the place where it begins; quotes around one are taken away."""
    found, place = [], 0
    for part in line.split(","):
        text = part.strip()
        at = place + len(part) - len(part.lstrip())
        found.append((text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text, at))
        place += len(part) + 1
    return found
