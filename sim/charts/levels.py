"""Levels: an outcome over the settings of one factor, its mean with an interval and the spread of runs around it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator

from sim.analysis.names import Spoken
from sim.charts.page import Box, Page, beside, letter, points
from sim.charts.sheet import HIGHER, Names, Origin, estimate, height_axis, number, padded, setting, spoken_of, unit_words
from sim.charts.style import FAINT, GREY, INK, PAPER, SLIDE, Size, apart, house_style, ink, width_of
from sim.charts.words import large

# Settings that differ by more than this factor, each the same multiple of the last, stand on a scale of equal factors.
LOG_SPAN = 20.0


def data(table: pd.DataFrame, factor: str) -> pd.DataFrame:
    """The settings in rising order, as `grid` gives them."""
    return table.sort_values(factor, ignore_index=True)


def title(table: pd.DataFrame, factor: str, outcome: Spoken, names: Names) -> str:
    """Where the outcome goes as the factor rises: up, down, to a peak or a trough, or nowhere."""
    ordered = data(table, factor)
    who, what = spoken_of(names, factor).in_sentence, large(outcome.in_sentence)
    means = ordered["mean"].to_numpy(dtype=np.float64) * outcome.scale
    low, high = int(means.argmin()), int(means.argmax())
    at = [setting(float(value)) for value in ordered[factor]]
    if len(ordered) == 1:
        return f"{what} is {estimate(float(means[0]), unit=outcome.unit)} where {who} is {at[0]}"
    if not apart_from(ordered, low, high):
        return f"{what} hardly moves with {who}"
    ends = {0, len(ordered) - 1}
    if {low, high} == ends:
        way = "rises" if high > low else "falls"
        return f"{what} {way} from {number(means[0])} to {estimate(means[-1], unit=outcome.unit)} as {who} goes from {at[0]} to {at[-1]}"
    word, place = ("highest", high) if high not in ends else ("lowest", low)
    return f"{what} is {word} where {who} is {at[place]}, at {estimate(means[place], unit=outcome.unit)}"


def apart_from(ordered: pd.DataFrame, low: int, high: int) -> bool:
    """Whether the highest and the lowest mean differ by more than their intervals can explain."""
    bottom, top = ordered.iloc[low], ordered.iloc[high]
    if not np.isfinite([bottom["high"], top["low"]]).all():
        return bool(top["mean"] > bottom["mean"])
    return bool(top["low"] > bottom["high"])


def draw(table: pd.DataFrame, factor: str, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """The mean as a line with its 95% interval at each setting, over the band that holds 90% of runs.

    The factor's own mark, its value in the scenario, is an upright on the scale.
    """
    ordered, usual = data(table, factor), spoken_of(names, factor).mark
    subtitle = (
        f"{outcome.name}, in {unit_words(outcome)}, over {spoken_of(names, factor).name}: mean, 95% interval of the mean, 90% of runs"
    )
    with house_style():
        head = title(table, factor, outcome, names), subtitle
        page = origin.page(size, head, size.width * 0.62, "shaded: 90% of runs; upright lines: 95% interval of the mean")
        words = f"mean {number(float(ordered['mean'].iloc[-1]) * outcome.scale)}", "90% of runs"
        room = max(width_of(each, size.label, bold=True) for each in words) + size.label
        body, gutter = page.body, size.label * 4
        ax = page.axes(Box(body.x + gutter, body.y + size.label * 1.6, body.width - gutter - room, body.height - size.label * 5.2))
        at = ordered[factor].to_numpy(dtype=np.float64)
        settings(page, ax, at)
        curve(page, ax, ordered, at, outcome)
        if usual is not None and len(at) > 1 and ax.get_xlim()[0] <= usual <= ax.get_xlim()[1]:
            ax.axvline(usual, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
            letter(ax, usual, 1.0, f"as it is, {setting(usual)}", size.label, pad=4, color=GREY)
        named(page, ax, ordered, words)
        place = ax.get_position()
        below = (1 - place.y0) * page.height + size.label * 2.1
        right = (place.x0 + place.width) * size.width
        page.write(right, below, spoken_of(names, factor).name, size.label, va="top", ha="right", color=GREY)
    return page.figure


def settings(page: Page, ax: Axes, at: np.ndarray) -> None:
    """The scale of settings, each named where there is room; even where they are evenly apart, by equal factors where they are not."""
    if len(at) > 2 and at[0] > 0 and at[-1] / at[0] >= LOG_SPAN and np.ptp(np.diff(np.log(at))) < 1e-6:
        ax.set_xscale("log")
        ax.set_xlim(at[0], at[-1])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_minor_formatter(NullFormatter())
        places = (np.log(at) - np.log(at[0])) / np.log(at[-1] / at[0])
    else:
        ax.set_xlim(*padded(float(at[0]), float(at[-1]), 0.0))
        places = (at - ax.get_xlim()[0]) / np.ptp(ax.get_xlim())
    words = [setting(float(each)) for each in at]
    width = ax.get_position().width * page.size.width
    kept: list[int] = []
    for place in range(len(at)):
        gap = (width_of(words[place], page.size.label) + width_of(words[kept[-1]], page.size.label)) / 2 + 8 if kept else 0.0
        if not kept or (places[place] - places[kept[-1]]) * width >= gap:
            kept.append(place)
    ax.set_xticks([at[place] for place in kept], [words[place] for place in kept], fontsize=points(page.size.label), color=GREY)


def curve(page: Page, ax: Axes, ordered: pd.DataFrame, at: np.ndarray, outcome: Spoken) -> None:
    """Band, line and intervals."""
    numbers = ordered[["mean", "low", "high", "q05", "q95"]].to_numpy(dtype=np.float64)
    low, high = padded(float(np.nanmin(numbers)), float(np.nanmax(numbers)))
    ax.set_ylim(low, high)
    height_axis(page, ax, outcome.scale)
    ax.axhline(low, color=FAINT, linewidth=0.8, zorder=0)
    if len(at) == 1:
        ax.plot([at[0]] * 2, [ordered["q05"].iloc[0], ordered["q95"].iloc[0]], color=HIGHER, linewidth=9, alpha=0.22, solid_capstyle="butt")
    ax.fill_between(at, ordered["q05"], ordered["q95"], color=HIGHER, alpha=0.18, linewidth=0, zorder=1)
    ax.plot(at, ordered["mean"], color=HIGHER, linewidth=2, zorder=3, solid_capstyle="round")
    ax.vlines(at, ordered["low"], ordered["high"], color=HIGHER, linewidth=1.6, zorder=3)
    ax.plot(at, ordered["mean"], color=HIGHER, linewidth=0, marker="o", markersize=page.size.label * 0.5, markeredgecolor=PAPER, zorder=4,
            clip_on=False)  # fmt: skip


def named(page: Page, ax: Axes, ordered: pd.DataFrame, words: tuple[str, str]) -> None:
    """The line and the band, named at their right ends."""
    last, size = ordered.iloc[-1], page.size
    low, high = ax.get_ylim()
    gap = 1.3 * size.label * (high - low) / (ax.get_position().height * page.height)
    wanted = [float(last["mean"]), (float(last["q95"]) + float(last["mean"])) / 2]
    for y, said, weight in zip(apart(wanted, gap, low, high), words, ("bold", "normal"), strict=True):
        beside(ax, y, said, size.label, color=ink(HIGHER), weight=weight)


def effect(table: pd.DataFrame, factor: str, outcome: Spoken) -> str:
    """What going from the lowest to the highest setting does, where the table was made `against` the lowest."""
    last = data(table, factor).iloc[-1]
    value, low, high = (float(last[f"difference{end}"]) * outcome.scale for end in ("", "_low", "_high"))
    return estimate(value, (low, high), outcome.unit, signed=True)
