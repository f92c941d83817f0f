"""What tables of claims tell, read back out of them: claims, their trials over each reading, and the boxes where questions break."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Row = Mapping[str, str]
Rows = Sequence[Row]

NOT_EXPRESSIBLE = "not expressible"
# Groups of claims by what their test can be worth, and the standings that belong to each. Only the first is counted as found.
GROUPS: dict[str, tuple[str, ...]] = {
    "Findings": ("finding",),
    "Partly by construction": ("partly by construction",),
    "By construction or coding, no findings": ("by construction", "circular by coding"),
}


@dataclass(frozen=True)
class Span:
    """An effect with its 95% interval; NaN where there is none."""

    value: float
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether it can be drawn: a number and both ends."""
        return math.isfinite(self.value) and math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True)
class Check:
    """A null with Russia's capacity scaled: the effect, and whether it lies wholly outside the bound."""

    multiple: float
    effect: Span
    leaves: bool


@dataclass(frozen=True)
class Half:
    """What came of one expectation: what was asked, in which unit, and the effect. `expects` is sign +, sign -, within, above or below."""

    about: str
    contrast: str
    expects: str
    bound: float
    unit: str
    effect: Span
    verdict: str
    why: str
    holds_in: float
    checks: tuple[Check, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether it says that something makes no difference."""
        return self.expects == "within"

    @property
    def is_level(self) -> bool:
        """Whether it is about one arm alone, and so no difference."""
        return " " not in self.contrast


@dataclass(frozen=True)
class Tried:
    """A claim over one reading."""

    verdict: str
    holds_in: float
    runs: int
    halves: tuple[Half, ...]

    @property
    def deciding(self) -> Half:
        """The expectation that the verdict rests on: the first whose own verdict is that of the whole."""
        return next((half for half in self.halves if half.verdict == self.verdict), self.halves[0])


@dataclass(frozen=True)
class Form:
    """A claim in another form of the model, with fewer runs."""

    title: str
    runs: int
    before: str
    verdict: str
    flips: bool


@dataclass(frozen=True)
class Labels:
    """A claim where countries have changed places: the verdict, both effects, and whether the verdict changes."""

    named: tuple[str, ...]
    verdict: str
    effect: float
    other: float
    changed: bool


@dataclass(frozen=True)
class ToldClaim:
    """A claim in our words, where it stands in the documents, what its test can be worth, and all that came of it.

    `title` says what was set against what.
    """

    id: str
    title: str
    says: str
    refs: tuple[str, ...]
    standing: str
    sure: str
    note: str
    reason: str
    tried: Mapping[str, Tried]
    forms: tuple[Form, ...] = ()
    labels: Labels | None = None

    @property
    def main(self) -> Tried | None:
        """The trial whose verdict is the claim's."""
        return next(iter(self.tried.values()), None)

    @property
    def verdict(self) -> str:
        """The claim's verdict."""
        return self.main.verdict if self.main is not None else NOT_EXPRESSIBLE

    @property
    def differs(self) -> bool:
        """Whether the readings come to different verdicts."""
        return len({tried.verdict for tried in self.tried.values()}) > 1

    @property
    def fragile(self) -> tuple[Form, ...]:
        """The forms of the model in which the verdict turns over."""
        return tuple(form for form in self.forms if form.flips)


@dataclass(frozen=True)
class Broken:
    """Where a question breaks, from a finished sweep: its title, the command that makes it again, and sentences by kind."""

    title: str
    command: str
    sentences: tuple[tuple[str, str], ...]

    def of(self, kind: str) -> list[str]:
        """The sentences of a kind: asked, headline, measure, limit, leaf, refused."""
        return [words for each, words in self.sentences if each == kind]


@dataclass(frozen=True)
class Told:
    """All claims with what they were made by; `readings` are titles by id."""

    claims: tuple[ToldClaim, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    command: str = "suasion claims"
    boxes: tuple[Broken, ...] = ()

    def of(self, group: str) -> list[ToldClaim]:
        """The claims of a group."""
        return [claim for claim in self.claims if claim.standing in GROUPS[group]]


def told(texts: Mapping[str, str], readings: Mapping[str, str] | None = None, command: str = "suasion claims") -> Told:
    """What tables tell, given as the texts of their CSV files by name; all but claims may be missing."""
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}
    groups: dict[str, list[Row]] = {}
    for row in tables["claims"]:
        groups.setdefault(row["claim"], []).append(row)
    titles = dict(readings or {})
    used = dict.fromkeys(row["reading"] for row in tables["claims"] if row["reading"])
    return Told(
        tuple(_claim(id, rows, tables) for id, rows in groups.items()),
        {reading: titles.get(reading, reading) for reading in used},
        command,
        tuple(_boxes(tables.get("boxes", []))),
    )


def _claim(id: str, rows: Rows, tables: Mapping[str, Rows]) -> ToldClaim:
    first = rows[0]
    tried = {row["reading"]: _tried(row, tables) for row in rows if row["reading"]}
    return ToldClaim(
        id,
        first["title"],
        first["says"] or first["title"],
        tuple(first.get("refs", "").split()),
        first["standing"],
        first["sure"],
        first.get("note", ""),
        "" if tried else first["why"],
        tried,
        tuple(_form(row) for row in tables.get("robustness", []) if row["claim"] == id),
        next((_labels(row) for row in tables.get("control", []) if row["claim"] == id), None),
    )


def _tried(row: Row, tables: Mapping[str, Rows]) -> Tried:
    own = [each for each in tables["expectations"] if (each["claim"], each["reading"]) == (row["claim"], row["reading"])]
    checks = [each for each in tables.get("power", []) if (each["claim"], each["reading"]) == (row["claim"], row["reading"])]
    halves = [_half(each, [check for check in checks if check["number"] == each["number"]]) for each in own]
    return Tried(row["verdict"], _number(row["holds_in"]), int(row["runs"]), tuple(halves))


def _half(row: Row, checks: Rows) -> Half:
    return Half(
        row["about"] or row["measure"],
        row["contrast"],
        row["expects"],
        _number(row["bound"]),
        row.get("unit", ""),
        _span(row),
        row["verdict"],
        row["why"],
        _number(row["holds_in"]),
        tuple(Check(_number(check["multiple"]), _span(check), check["leaves"] == "yes") for check in checks),
    )


def _form(row: Row) -> Form:
    return Form(row["title"], int(row["runs"]), row["verdict_as_it_is"], row["verdict"], row["flips"] == "yes")


def _labels(row: Row) -> Labels:
    both = _number(row["effect"]), _number(row["effect_with_other_labels"])
    return Labels(tuple(row["named"].split()), row["verdict_with_other_labels"], *both, row["changed"] == "yes")


def _boxes(rows: Rows) -> Iterator[Broken]:
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:
        groups.setdefault((row["title"], row["command"]), []).append((row["kind"], row["words"]))
    for (title, command), sentences in groups.items():
        yield Broken(title, command, tuple(sentences))


def _span(row: Row) -> Span:
    return Span(_number(row["effect"]), _number(row["low"]), _number(row["high"]))


def _number(text: str) -> float:
    return float(text) if text else math.nan
