"""Heat map: one outcome over the settings of two factors."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.names import Spoken
from sim.charts.page import Box, Page, points
from sim.charts.sheet import HIGHER, LOWER, Names, Origin, estimate, number, places_of, setting, spoken_of, unit_words
from sim.charts.style import FAINT, GREY, INK, PAPER, SLIDE, Size, contrast, house_style, literal, shortened, tint, width_of
from sim.charts.words import large

SIDE = "difference"
Factors = tuple[str, str]


def data(table: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    """The settings in rising order of the first factor and then of the second, as `grid` gives them."""
    return table.sort_values(list(factors), ignore_index=True)


def value_column(table: pd.DataFrame) -> str:
    """What is coloured: the difference from a setting where the table has one, else the mean."""
    return SIDE if SIDE in table.columns else "mean"


def title(table: pd.DataFrame, factors: Factors, outcome: Spoken, names: Names) -> str:
    """Where the outcome is highest and where lowest."""
    column = value_column(table)
    values = table[column].to_numpy(dtype=np.float64)
    what = large(outcome.in_sentence)
    top, bottom = table.iloc[int(values.argmax())], table.iloc[int(values.argmin())]
    if np.ptp(values) <= 1e-6 * max(np.abs(values).max(), 1e-12):
        same = f"is {estimate(values[0] * outcome.scale, unit=outcome.unit)} everywhere" if column == "mean" else "changes nowhere"
        return f"{what} {same}"
    where = [
        " and ".join(f"{spoken_of(names, factor).in_sentence} is {setting(float(row[factor]))}" for factor in factors)
        for row in (top, bottom)
    ]
    ends = [estimate(float(row[column]) * outcome.scale, unit=outcome.unit, signed=column == SIDE) for row in (top, bottom)]
    if column == SIDE and values.min() < 0 < values.max():
        return f"{what} rises most ({ends[0]}) where {where[0]}; elsewhere it falls, by up to {ends[1].lstrip('−')}"
    if column == SIDE:
        most, place = (ends[0], where[0]) if values.max() > 0 else (ends[1], where[1])
        return f"{what} {'rises' if values.max() > 0 else 'falls'} most ({most}) where {place}"
    return f"{what} is highest ({ends[0]}) where {where[0]}; it goes as low as {ends[1]}"


def draw(table: pd.DataFrame, factors: Factors, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """A cell a setting: the first factor across, the second upwards, the value in each cell where there is room.

    Colours run from light to dark. Around 0 for differences, or the outcome's mark, they run two ways, and a line goes
    where the value crosses it; a value in brackets has an interval that reaches over it.
    """
    ordered = data(table, factors)
    column = value_column(ordered)
    centre = 0.0 if column == SIDE else outcome.mark
    against = " against the setting compared with" if column == SIDE else ""
    brackets = f"; in brackets: the 95% interval reaches over {number(centre * outcome.scale)}" if centre is not None else ""
    change = "change of the mean" if column == SIDE else "mean over runs"
    subtitle = f"{outcome.name}, in {unit_words(outcome)}: {change}{against}{brackets}"
    with house_style():
        page = origin.page(size, (title(ordered, factors, outcome, names), subtitle), size.width * 0.72, "shade: the value in each cell")
        cells = Cells(page, ordered, factors, column, centre, outcome)
        cells.paint()
        if centre is not None:
            cells.crossing()
        cells.settings(names)
    return page.figure


class Cells:
    """The cells of a map, by their place on both scales."""

    def __init__(self, page: Page, table: pd.DataFrame, factors: Factors, column: str, centre: float | None, outcome: Spoken) -> None:
        self.page, self.table, self.factors, self.column = page, table, factors, column
        self.centre, self.outcome = centre, outcome
        self.places = [np.unique(table[factor].to_numpy(dtype=np.float64)) for factor in factors]
        across, up = (len(places) for places in self.places)
        self.values = np.full((up, across), np.nan)
        self.rows: dict[tuple[int, int], pd.Series] = {}
        for _, row in table.iterrows():
            x, y = (int(np.searchsorted(places, row[factor])) for places, factor in zip(self.places, factors, strict=True))
            self.values[y, x] = row[column]
            self.rows[y, x] = row
        self.ax = self._axes(across, up)

    def _axes(self, across: int, up: int) -> Axes:
        size, body = self.page.size, self.page.body
        gutter = max(width_of(setting(float(each)), size.label) for each in self.places[1]) + size.label * 1.2
        above, below = size.label * 2.2, size.label * 4
        # Cells no wider than three times their height, and none larger than a hand on a slide.
        high = min((body.height - above - below) / up, 130)
        wide = min((body.width - gutter) / across, 3 * high, 260)
        ax = self.page.axes(Box(body.x + gutter, body.y + above, wide * across, high * up))
        ax.set_xlim(-0.5, across - 0.5)
        ax.set_ylim(-0.5, up - 0.5)
        self.cell = (wide, high)
        return ax

    def colour(self, value: float) -> str:
        """Light to dark from the least to the most; two ways from the middle where there is one."""
        known = self.values[np.isfinite(self.values)]
        if self.centre is not None:
            reach = float(np.abs(known - self.centre).max())
            share = abs(value - self.centre) / reach if reach > 0 else 0.0
            return tint(HIGHER if value >= self.centre else LOWER, 0.06 + 0.9 * share)
        span = float(np.ptp(known))
        return tint(HIGHER, 0.1 + 0.86 * ((value - float(known.min())) / span if span > 0 else 0.4))

    def paint(self) -> None:
        """Colours, and values where they fit all cells."""
        size, scale = self.page.size, self.outcome.scale
        known = [float(value) * scale for value in self.values[np.isfinite(self.values)]]
        places = max(places_of(*known), places_of(float(np.ptp(known))) if len(known) > 1 and np.ptp(known) > 0 else 0)
        signed = self.column == SIDE
        words = {at: self._bracketed(row, number(float(row[self.column]) * scale, signed, places)) for at, row in self.rows.items()}
        fits = max(width_of(said, size.label) for said in words.values()) + 6 <= self.cell[0] and size.label * 1.3 <= self.cell[1]
        for (y, x), said in words.items():
            ground = self.colour(float(self.values[y, x]))
            self.ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=ground, edgecolor=PAPER, linewidth=1.2, zorder=1))
            if fits:
                on = INK if contrast(INK, ground) >= contrast(PAPER, ground) else PAPER
                self.ax.text(x, y, said, fontsize=points(size.label), color=on, ha="center", va="center_baseline", zorder=5)
        for y, x in zip(*np.nonzero(np.isnan(self.values)), strict=True):
            self.ax.add_patch(Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, facecolor="none", edgecolor=FAINT, linewidth=0.8, zorder=1))
        if not fits:
            self._key(places)

    def _bracketed(self, row: pd.Series, said: str) -> str:
        ends = ("difference_low", "difference_high") if self.column == SIDE else ("low", "high")
        if self.centre is None or not np.isfinite([row[ends[0]], row[ends[1]]]).all():
            return said
        return f"({said})" if row[ends[0]] <= self.centre <= row[ends[1]] else said

    def _key(self, places: int) -> None:
        """What the shades stand for, where cells have no room for words."""
        size, place = self.page.size, self.ax.get_position()
        known = self.values[np.isfinite(self.values)]
        x, y = (place.x0 + place.width) * size.width, self.page.body.y
        for step in np.linspace(float(known.max()), float(known.min()), 5):
            said = number(step * self.outcome.scale, self.column == SIDE, places)
            x -= width_of(said, size.label) + size.label * 0.6
            self.page.write(x, y, said, size.label, va="top", color=GREY)
            x -= size.label * 1.2
            self.page.figure.add_artist(
                Rectangle(
                    (x / size.width, 1 - (y + size.label * 1.1) / self.page.height), size.label / size.width, size.label / self.page.height,
                    transform=self.page.figure.transFigure, facecolor=self.colour(float(step)), linewidth=0,
                )
            )  # fmt: skip
            x -= size.label * 0.4

    def crossing(self) -> None:
        """A line between neighbours on either side of the middle."""
        above = np.where(np.isfinite(self.values), np.where(self.values >= (self.centre or 0.0), 1.0, -1.0), np.nan)
        for y, x in zip(*np.nonzero(above[:, 1:] * above[:, :-1] < 0), strict=True):
            self._edge([x + 0.5] * 2, [y - 0.5, y + 0.5], ((y, x), (y, x + 1)))
        for y, x in zip(*np.nonzero(above[1:] * above[:-1] < 0), strict=True):
            self._edge([x - 0.5, x + 0.5], [y + 0.5] * 2, ((y, x), (y + 1, x)))

    def _edge(self, across: list[float], up: list[float], cells: tuple[tuple[int, int], tuple[int, int]]) -> None:
        """A piece of the line, thick between cells that both lie clear of the middle."""
        clear = all(self._bracketed(self.rows[at], "x") == "x" for at in cells)
        self.ax.plot(across, up, color=INK, linewidth=2.4 if clear else 1.0, zorder=6, solid_capstyle="projecting")

    def settings(self, names: Names) -> None:
        """Settings on both scales, as many as have room, and the names of the factors."""
        size, place = self.page.size, self.ax.get_position()
        words = [[setting(float(each)) for each in places] for places in self.places]
        step = max(1, int(np.ceil((max(width_of(said, size.label) for said in words[0]) + 8) / self.cell[0])))
        self.ax.set_xticks(range(0, len(words[0]), step), words[0][::step], fontsize=points(size.label), color=GREY)
        step = max(1, int(np.ceil(size.label * 1.4 / self.cell[1])))
        self.ax.set_yticks(range(0, len(words[1]), step), words[1][::step], fontsize=points(size.label), color=GREY)
        first, second = (literal(spoken_of(names, factor).name) for factor in self.factors)
        room = self.page.room
        below = (1 - place.y0) * self.page.height + size.label * 2.1
        self.page.write(place.x0 * size.width, below, shortened(f"→ {first}", room, size.label), size.label, va="top", color=INK)
        above = (1 - place.y1) * self.page.height - size.label * 0.5
        self.page.write(self.page.body.x, above, shortened(f"↑ {second}", room, size.label), size.label, va="bottom", color=INK)
