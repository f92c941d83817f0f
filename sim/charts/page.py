"""A page: title, subtitle, panels, dated changes and foot line, all placed in pixels from the top left corner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.order import inside, name
from sim.charts.style import DPI, FAINT, FONT, GREY, INK, PAPER, Size, apart, house_style, ink, literal, shortened, width_of, wrapped
from sim.charts.words import month
from sim.record import Record
from sim.runs.versions import program_version

MOST_CHANGES = 6
FAN_READING = "shaded: middle 50% and 90% of runs; thin lines: single runs"


class Box(NamedTuple):
    """A rectangle on the page. Units: pixels from the left and from the top."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DatedChange:
    """A month in which the scenario changes something: its mark on every panel and the words for it."""

    at: float
    mark: str
    words: str


def empty_page(record: Record, size: Size, title: str, words: str) -> Figure:
    """A page for a question that a scenario does not raise."""
    with house_style():
        return Page(record, size, title, words, body=40, reading="", changes=False).figure


def columns(size: Size, count: int) -> int:
    """How many panels stand side by side."""
    most = {"slide": 5 if count != 6 else 3, "column": 3, "phone": 2}[size.name]
    return min(count, most)


def rows_high(size: Size, count: int, row: float) -> float:
    """Height of a body with so many panels, each `row` pixels high."""
    return row * -(-count // columns(size, count))


def year(months: Any) -> Any:
    """Months as years with fractions: February 2019 is 2019 and a twelfth."""
    return np.asarray(months, dtype="datetime64[M]").astype(np.int64) / 12 + 1970


def dated_changes(record: Record) -> list[DatedChange]:
    """Shocks and policies of the scenario that fall into its time, those of one month together, lettered in order of time.

    Where there are more than six months, those with most changes are kept.
    """
    by_month: dict[str, list[str]] = {}
    first, last = str(record.months[0]), str(record.months[-1])
    for change in [*record.scenario.shocks, *record.scenario.policies]:
        if first <= change.at <= last:
            by_month.setdefault(change.at, []).append(literal(change.name or change.id.replace("_", " ")))
    kept = sorted(sorted(by_month, key=lambda month: (-len(by_month[month]), month))[:MOST_CHANGES])
    return [DatedChange(float(year(np.datetime64(at))), chr(ord("a") + place), _together(by_month[at])) for place, at in enumerate(kept)]


def _together(names: Sequence[str]) -> str:
    """The names of the changes of one month, the first letter large, at most two of them in full."""
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - 2} more" if len(distinct) > 2 else ""
    said = ", ".join([distinct[0], *(name[:1].lower() + name[1:] if name[1:2].islower() else name for name in distinct[1:2])])
    return said[:1].upper() + said[1:] + more


class Page:
    """A figure with its head and foot drawn and a body to put panels in.

    `body` is the height of the panels in pixels on a page whose height is open; on a slide they take what is left.
    """

    def __init__(
        self, record: Record, size: Size, title: str, subtitle: str, body: float = 0, reading: str = FAN_READING, changes: bool = True
    ) -> None:
        self.record, self.size = record, size
        self.room = size.width - 2 * size.margin
        self.changes = dated_changes(record) if changes else []
        head = self._head(literal(title), literal(subtitle))
        foot = wrapped(foot_line(record, reading), self.room, size.foot, lines=3)
        top = size.margin * 0.8 + sum(height for _, height, _, _ in head) + size.label
        bottom = len(foot) * size.foot * 1.35 + size.margin * 0.7
        self.height = float(size.height or round(top + body + bottom + size.label))
        self.body = Box(size.margin, top, self.room, self.height - top - bottom - size.label)
        self.figure = Figure(figsize=(size.width / DPI, self.height / DPI), dpi=DPI)
        y = size.margin * 0.8
        for words, height, letters, looks in head:
            self.write(size.margin, y, words, letters, va="top", **looks)
            y += height
        for line, words in enumerate(foot):
            self.write(
                size.margin, self.height - bottom + line * size.foot * 1.35 + size.foot * 0.3, words, size.foot, va="top", color=GREY
            )

    def _head(self, title: str, subtitle: str) -> list[tuple[str, float, float, dict[str, Any]]]:
        """Lines at the top: words, height of the line, height of the letters, looks."""
        size = self.size
        lines = [
            (words, size.title * 1.3, size.title, {"weight": "bold", "color": INK})
            for words in wrapped(title, self.room, size.title, bold=True, lines=6)
        ]
        lines += [
            (words, size.subtitle * 1.5, size.subtitle, {"color": GREY}) for words in wrapped(subtitle, self.room, size.subtitle, lines=5)
        ]
        for words in self._key():
            lines.append((words, size.label * 1.5, size.label, {"color": INK}))
        return lines

    def _key(self) -> list[str]:
        """What the letters over the verticals mean, each meaning whole on its line where it fits."""
        lines: list[str] = []
        for change in self.changes:
            said = shortened(f"{change.mark}  {change.words} ({_when(change.at)})", self.room, self.size.label)
            longer = f"{lines[-1]}    {said}" if lines else said
            if lines and width_of(longer, self.size.label) <= self.room:
                lines[-1] = longer
            else:
                lines.append(said)
        return lines

    def write(self, x: float, y: float, words: str, letters: float, **looks: Any) -> None:
        """Words on the page at pixels from the top left."""
        self.figure.text(x / self.size.width, 1 - y / self.height, words, fontsize=points(letters), family=FONT, parse_math=False, **looks)

    def axes(self, box: Box) -> Axes:
        """Axes on a rectangle of the page, with nothing drawn yet."""
        return self.figure.add_axes(
            (box.x / self.size.width, 1 - (box.y + box.height) / self.height, box.width / self.size.width, box.height / self.height)
        )

    def grid(self, count: int, columns: int, gap: tuple[float, float], body: Box | None = None) -> list[Box]:
        """Rectangles of equal size in rows from the top left. `gap` is across and down."""
        body = body or self.body
        rows = -(-count // columns)
        width = (body.width - gap[0] * (columns - 1)) / columns
        height = (body.height - gap[1] * (rows - 1)) / rows
        return [
            Box(body.x + (place % columns) * (width + gap[0]), body.y + (place // columns) * (height + gap[1]), width, height)
            for place in range(count)
        ]

    def panels(self, shown: Sequence[str], room: float = 0, gutter: float = 0) -> Iterator[tuple[str, Axes, bool, bool]]:
        """A panel a country, in rows: country, axes, whether it is first in its row, whether it is the lowest of its column."""
        frames = [(id, inside(self.record, id)) for id in shown]
        for place, ax, first, last in self.frames(frames, room, gutter, columns(self.size, len(shown))):
            yield shown[place], ax, first, last

    def frames(self, named: Sequence[tuple[str, str]], room: float, gutter: float, across: int) -> Iterator[tuple[int, Axes, bool, bool]]:
        """Panels in rows, each named for a country with a second line; `room` pixels are free at the right of each, `gutter` left of all.

        Gives the place, axes, whether it is first in its row and whether nothing stands below it. A place without a country stays empty.
        """
        body = self.body._replace(x=self.body.x + gutter, width=self.body.width - gutter)
        above = self.size.panel * 1.35 + self.size.label * 2.6
        for place, box in enumerate(self.grid(len(named), across, (self.size.margin * 0.5, self.size.panel), body)):
            country, second = named[place]
            if not country:
                self.name(box, "", second)
                continue
            self.name(box, name(self.record, "country", country, box.width, self.size.panel, bold=True), second)
            ax = self.axes(Box(box.x, box.y + above, box.width - room, box.height - above - self.size.label * 1.9))
            lowest = not any(below for below, _ in named[place + across :: across])
            yield place, ax, place % across == 0, lowest

    def name(self, box: Box, words: str, second: str = "") -> None:
        """The name of a panel in its top left corner, with a smaller line below it."""
        size = self.size
        if words:
            self.write(box.x, box.y, shortened(words, box.width, size.panel, bold=True), size.panel, va="top", weight="bold")
        if second:
            self.write(box.x, box.y + size.panel * 1.35, shortened(second, box.width, size.label), size.label, va="top", color=GREY)

    def verticals(self, ax: Axes, lettered: bool = True, over: bool = False) -> None:
        """The dated changes on a panel, each with its letter on top; letters too near each other share a place.

        They run behind what is drawn, or `over` areas that would hide them.
        """
        colour, strength, depth = (PAPER, 0.75, 4) if over else (INK, 0.3, 0.5)
        low, high = ax.get_xlim()
        per_pixel = (high - low) / max(ax.get_position().width * self.size.width, 1)
        groups: list[list[DatedChange]] = []
        for change in self.changes:
            ax.axvline(change.at, color=colour, linewidth=0.7, alpha=strength, zorder=depth)
            if groups and change.at - groups[-1][-1].at < 1.3 * self.size.label * per_pixel:
                groups[-1].append(change)
            else:
                groups.append([change])
        for group in groups if lettered else []:
            middle = sum(change.at for change in group) / len(group)
            letter(ax, middle, 1.0, "".join(change.mark for change in group), self.size.label * 0.9, va="bottom", color=GREY, pad=1)

    def years(self, ax: Axes, words: bool = True) -> None:
        """A time axis over the months of the record with as few years as can be read."""
        spread_years(ax, self.record, ax.get_position().width * self.size.width, self.size.label, words)


def spread_years(ax: Axes, record: Record, width: float, letters: float, words: bool = True) -> None:
    """Limits and sparse year labels of a time axis `width` pixels wide; the last year is named where the steps allow it."""
    months = year(record.months)
    low, high = float(months[0]), float(months[-1]) if len(months) > 1 else float(months[0]) + 1 / 12
    ax.set_xlim(low, high)
    inside = range(int(np.ceil(low - 1e-9)), int(high + 1e-9) + 1)
    room = width_of("2000", letters) * 1.7 * (high - low) / max(width, 1)
    step = next((step for step in range(1, len(inside)) if step >= room and (len(inside) - 1) % step == 0), max(len(inside) - 1, 1))
    chosen = list(inside[::step]) if step >= room else list(inside[:1])
    ax.set_xticks(chosen, [str(each) for each in chosen] if words else [""] * len(chosen), fontsize=points(letters), color=GREY)
    # Far enough down that the first year is clear of the zero beside it.
    ax.tick_params(axis="x", pad=points(0.62 * letters))


def levels(ax: Axes, places: Sequence[float], words: Sequence[str], letters: float) -> None:
    """Faint horizontals, with words at the left where there are any."""
    for place in places:
        ax.axhline(place, color=FAINT, linewidth=0.8, zorder=0)
    ax.set_yticks(list(places), list(words) or [""] * len(places), fontsize=points(letters), color=GREY)


def letter(ax: Axes, x: float, height: float, words: str, letters: float, pad: float = 0, **looks: Any) -> None:
    """Words at a time and at a share of a panel's height, `pad` pixels above it."""
    ax.annotate(
        words, (x, height), xycoords=("data", "axes fraction"), xytext=(0, pad * 0.72), textcoords="offset points",
        fontsize=points(letters), family=FONT, ha="center", parse_math=False, annotation_clip=False, **looks,
    )  # fmt: skip


def beside(ax: Axes, y: float, words: str, letters: float, **looks: Any) -> None:
    """Words just right of a panel at a height of its scale."""
    ax.annotate(
        words, (1, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
        fontsize=points(letters), family=FONT, va="center", parse_math=False, annotation_clip=False, **looks,
    )  # fmt: skip


def ends(page: Page, ax: Axes, labels: Sequence[tuple[float, str, str]], room: float, lines: int = 1) -> None:
    """Labels right of a panel, each (height on its scale, words, colour), moved apart so that none touches another.

    With two lines the number at the end of the words stands below them, where the panel is high enough for all.
    """
    low, high = ax.get_ylim()
    letters = page.size.label
    per_line = 1.25 * letters * (high - low) / max(ax.get_position().height * page.height, 1)
    lines = lines if per_line * lines * len(labels) <= high - low else 1
    for y, (_, words, colour) in zip(apart([at for at, _, _ in labels], per_line * lines, low, high), labels, strict=True):
        name, _, number = words.rpartition(" ")
        said = f"{shortened(name, room - 4, letters, bold=True)}\n{number}" if lines == 2 and name else fitting(words, room - 4, letters)
        beside(ax, y, said, letters, color=ink(colour), weight="bold", linespacing=1.1)


def fitting(words: str, room: float, letters: float) -> str:
    """A label as it is, without its number, or cut, whichever is the first to fit."""
    name, _, number = words.rpartition(" ")
    if width_of(words, letters, bold=True) <= room or not name:
        return shortened(words, room, letters, bold=True)
    return (
        name
        if width_of(name, letters, bold=True) <= room
        else shortened(name, room - width_of(f" {number}", letters, bold=True), letters, bold=True) + f" {number}"
    )


def points(pixels: float) -> float:
    """A letter height in points, as the drawing library counts."""
    return pixels * 72 / DPI


def foot_line(record: Record, reading: str = "") -> str:
    """Where the picture comes from: scenario, runs, seed, version and interval."""
    went_well = int(record.ok.sum())
    runs = f"{went_well} runs" if went_well == record.runs else f"{went_well} of {record.runs} runs (the others failed)"
    parts = [literal(record.scenario.title), runs, f"seed {record.seed}", f"suasion {program_version()}"]
    return " · ".join([*parts, *([reading] if reading else [])])


def _when(at: float) -> str:
    return month(np.datetime64(round((at - 1970) * 12), "M"), short=True)
