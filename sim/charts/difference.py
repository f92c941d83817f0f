"""Difference: what a change did to a quantity month by month, run beside run, with the levels small beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.parting import NEVER, PairedSeries, parting
from sim.charts.fans import bands
from sim.charts.page import Box, Page, points, year
from sim.charts.sheet import HIGHER, Origin, estimate, height_axis, number, padded
from sim.charts.spread import QUANTILES, SINGLE_RUNS
from sim.charts.style import GREY, INK, SLIDE, Size, house_style, literal, shortened, width_of, wrapped
from sim.charts.words import large, month

MOST = {"slide": 6, "column": 8, "phone": 8}
ROW = {"column": 190, "phone": 300}
WORDS_ROOM = 0.16
ARMS = ("base", "other")
Names = tuple[str, str]


def data(series: Sequence[PairedSeries]) -> pd.DataFrame:
    """One row a series and month: date, quantiles, mean and first runs of the paired difference, and quantiles of both arms."""
    tables = []
    for each in series:
        change = each.difference
        found = np.quantile(change, list(QUANTILES.values()), axis=1)
        columns: dict[str, object] = {"series": each.name, "date": each.dates.astype("datetime64[M]").astype(str)}
        columns |= dict(zip(QUANTILES, found, strict=True)) | {"mean": change.mean(axis=1)}
        for arm in ARMS:
            levels = np.quantile(getattr(each, arm), [0.25, 0.5, 0.75], axis=1)
            columns |= dict(zip((f"{arm}_q25", f"{arm}_median", f"{arm}_q75"), levels, strict=True))
        columns |= {f"run_{place}": change[:, place] for place in range(min(SINGLE_RUNS, change.shape[1]))}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def scaled(series: PairedSeries) -> tuple[float, str]:
    """What to multiply a series by, and the unit it is then in."""
    return series.words.scale, series.words.unit


def title(series: Sequence[PairedSeries], names: Names, tolerance: float = 0.01) -> str:
    """Which of the series ends farthest apart, by how much, and since when."""
    table = parting(series, tolerance)
    scales = [scaled(each)[0] for each in series]
    only = series[0].base.shape[1] == 1
    sure = [bool(row["end_low"] > 0 or row["end_high"] < 0 or (only and row["end"] != 0)) for _, row in table.iterrows()]
    if not any(sure):
        what = literal(series[0].words.in_sentence) if len(series) == 1 else f"any of {len(series)} quantities"
        runs = "one run" if only else f"{series[0].base.shape[1]:,} runs"
        return f"{large(names[1])}: at the end no difference in {what} that {runs} could show"
    place = max((at for at, yes in enumerate(sure) if yes), key=lambda at: abs(table["end"].iloc[at]) * scales[at])
    row, unit = table.iloc[place], scaled(series[place])[1]
    value, low, high = (float(row[key]) * scales[place] for key in ("end", "end_low", "end_high"))
    said = estimate(abs(value), (min(abs(low), abs(high)), max(abs(low), abs(high))), unit)
    what = ("in its one run " if only else "") + literal(series[place].words.in_sentence)
    words = f"{large(names[1])}: {what} ends {said} {'higher' if value > 0 else 'lower'}"
    since = str(row["parts"])
    if since == NEVER or only:
        return words
    begins = since == str(series[place].dates[0])
    return f"{words}; half of the runs part {'at once' if begins else f'by {month(np.datetime64(since))}'}"


def draw(series: Sequence[PairedSeries], origin: Origin, names: Names, size: Size = SLIDE, tolerance: float = 0.01) -> Figure:
    """A panel a series: the paired difference with its bands around a zero line, and small beside it both arms.

    `names` are those of base and other arm; `tolerance` is what counts as parted, in units of the series.
    """
    shown = list(series)[: MOST[size.name]]
    table, parted = data(shown), parting(shown, tolerance)
    base, other = (literal(name) for name in names)
    more = f". {len(series) - len(shown)} more are in the data" if len(series) > len(shown) else ""
    units = {scaled(each) for each in shown}
    times, unit = units.pop() if len(units) == 1 else (1.0, "")
    apart = estimate(tolerance * times, unit=unit)
    subtitle = (
        f"{other} less {base}, the same run in both: median, middle 50% and 90% of runs, single runs. Small, right: both arms, median and "
        f"middle 50%. Dashed: first month in which half of the runs differ by more than {apart}{more}"
    )
    with house_style():
        body = len(shown) * ROW.get(size.name, 0) + size.label * 3
        page = origin.page(
            size, (title(series, names, tolerance), subtitle), body, f"{shown[0].base.shape[1]:,} runs paired", changes=size.name != "phone"
        )
        key(page, base, other)
        scales = limits(shown, table)
        for place, (each, left, right) in enumerate(boxes(page, shown)):
            own = table[table["series"] == each.name].reset_index(drop=True)
            change(page, left, own, each, scales[scaled(each)], str(parted["parts"].iloc[place]))
            levels_beside(page, right, own, each)
    return page.figure


def key(page: Page, base: str, other: str) -> None:
    """Which colour is which arm, over the panels; the body begins below it."""
    size, x, y = page.size, page.body.x, page.body.y + page.size.label * 0.6
    for words, colour in ((f"{base} (dashed)", GREY), (other, HIGHER)):
        said = shortened(words, page.room - size.label * 1.3, size.label)
        width = width_of(said, size.label) + size.label * 3
        if x > page.body.x and x + width > page.body.x + page.room:
            x, y = page.body.x, y + size.label * 1.5
        page.write(x, y, "■", size.label, va="center", color=colour)
        page.write(x + size.label * 1.3, y, said, size.label, va="center", color=INK)
        x += width
    used = y + size.label * 1.2 - page.body.y
    page.body = page.body._replace(y=page.body.y + used, height=page.body.height - used)


def limits(shown: Sequence[PairedSeries], table: pd.DataFrame) -> dict[tuple[float, str], tuple[float, float]]:
    """One scale of differences for all series of a unit, with 0 on it."""
    found = {}
    for unit in {scaled(each) for each in shown}:
        named = [each.name for each in shown if scaled(each) == unit]
        own = table[table["series"].isin(named)]
        low, high = min(float(own["q05"].min()), 0.0), max(float(own["q95"].max()), 0.0)
        # Where all of it lies on one side of 0, the other has room for words.
        low, high = (low, high) if high - low > 1e-9 else (-1 / unit[0], 1 / unit[0])
        room = (high - low) * WORDS_ROOM
        found[unit] = min(low * 1.06, -room), max(high * 1.06, room)
    return found


def boxes(page: Page, shown: Sequence[PairedSeries]) -> list[tuple[PairedSeries, Box, Box]]:
    """A large box for the difference of each series and a small one for its levels, under its name."""
    size = page.size
    across = 1 if size.name != "slide" or len(shown) == 1 else 2 if len(shown) <= 4 else 3
    found = []
    for each, box in zip(shown, page.grid(len(shown), across, (size.margin * 0.9, size.panel)), strict=True):
        fits = width_of(each.name, size.panel, bold=True) <= box.width
        lines = wrapped(
            literal(each.name if fits else each.words.brief), box.width, size.panel, bold=True, lines=2 if size.name == "phone" else 1
        )
        for line, words in enumerate(lines):
            page.write(box.x, box.y + line * size.panel * 1.3, words, size.panel, va="top", weight="bold")
        top = size.panel * 1.3 * len(lines) + size.label * (2.2 if page.changes else 0.8)
        gutter, years = size.label * 2.9, size.label * 2.4
        high = box.height - top - years
        if size.name == "phone":
            large_box = Box(box.x + gutter, box.y + top, box.width - gutter, high * 0.62)
            small = Box(box.x + gutter, box.y + top + high * 0.62 + years, box.width - gutter, high * 0.38 - years * 0.6)
        else:
            wide = (box.width - 2 * gutter) * 0.7
            large_box = Box(box.x + gutter, box.y + top, wide, high)
            small = Box(box.x + 2 * gutter + wide + size.label, box.y + top, box.width - 2 * gutter - wide - size.label, high)
        found.append((each, large_box, small))
    return found


def change(page: Page, box: Box, own: pd.DataFrame, series: PairedSeries, scale: tuple[float, float], parts: str) -> None:
    """The paired difference around its zero line, with the month in which histories part."""
    ax = page.axes(box)
    ax.set_ylim(*scale)
    times, unit = scaled(series)
    bands(ax, own, HIGHER, single=page.size.single)
    page.years(ax)
    height_axis(page, ax, times, signed=True)
    ax.axhline(0, color=INK, linewidth=1, zorder=4)
    page.verticals(ax)
    if parts != NEVER:
        at = float(year(np.datetime64(parts)))
        ax.axvline(at, color=HIGHER, linewidth=1.4, linestyle=(0, (4, 2)), zorder=6)
    said(page, ax, own, times, unit)


def said(page: Page, ax: Axes, own: pd.DataFrame, times: float, unit: str) -> None:
    """The mean at the end, on the side that the fan leaves free."""
    end = float(own["mean"].iloc[-1]) * times
    words = f"mean at the end {number(end, signed=True)} {unit}".strip()
    low, high = ax.get_ylim()
    free_above = high - float(own["q95"].max()) > float(own["q05"].min()) - low
    y = 0.98 if free_above else 0.03
    ax.text(
        0.99, y, words, transform=ax.transAxes, fontsize=points(page.size.label), color=HIGHER, weight="bold",
        ha="right", va="top" if free_above else "bottom", zorder=7,
    )  # fmt: skip


def levels_beside(page: Page, box: Box, own: pd.DataFrame, series: PairedSeries) -> None:
    """Both arms, median and middle half of runs."""
    ax = page.axes(box)
    at = year(own["date"].to_numpy(dtype="datetime64[M]"))
    columns = [f"{arm}_{end}" for arm in ARMS for end in ("q25", "q75")]
    numbers = own[columns].to_numpy(dtype=np.float64)
    ax.set_ylim(*padded(float(numbers.min()), float(numbers.max()), 0.1))
    for arm, colour, style in (("base", GREY, (0, (3, 1.5))), ("other", HIGHER, "solid")):
        ax.fill_between(at, own[f"{arm}_q25"], own[f"{arm}_q75"], color=colour, alpha=0.18, linewidth=0, zorder=1)
        ax.plot(at, own[f"{arm}_median"], color=colour, linewidth=1.5, linestyle=style, zorder=3)
    page.years(ax)
    height_axis(page, ax, scaled(series)[0], most=3)
