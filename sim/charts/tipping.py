"""Tipping: an outcome along one lever, with the place where it crosses a level or changes most steeply."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.analysis.tipping import WINDOW, Tip
from sim.charts.levels import curve, named, settings
from sim.charts.page import Box, Page
from sim.charts.sheet import LOWER, Names, Origin, number, places_of, setting, spoken_of, unit_words
from sim.charts.style import GREY, INK, SLIDE, Size, house_style, ink, literal, shortened, tint, width_of
from sim.charts.words import large, percent

# A change counts as a step where so much of it, by its interval's lower end, falls within a quarter of the lever's range.
STEP = 0.4


def data(found: Tip) -> pd.DataFrame:
    """The settings in rising order with the mean, and the place in every row."""
    told = {"place": found.place, "place_low": found.low, "place_high": found.high, "window": found.window}
    return found.levels.assign(**{name: [value] * len(found.levels) for name, value in told.items()})


def title(found: Tip, outcome: Spoken, names: Names) -> str:
    """Where it tips, how sure that is, or that it does not."""
    what, lever = large(outcome.in_sentence), spoken_of(names, found.factor)
    at = [setting(float(each)) for each in found.levels[found.factor].iloc[[0, -1]]]
    if found.level is not None:
        level = worded(found.level, outcome)
        way, side = ("rises above", "below") if found.rises else ("falls below", "above")
        if np.isinf(found.place):
            stays = side if found.place > 0 else ("above" if found.rises else "below")
            return f"{what} stays {stays} {level} as {lever.in_sentence} goes from {at[0]} to {at[1]}{times(lever)}"
        more = f", the last of {found.crossings} crossings" if found.crossings > 1 else ""
        return f"{what} {way} {level} once {lever.in_sentence} passes {place_words(found, at)}{times(lever)}{more}"
    way = "rises" if found.rises else "falls"
    if not found.window_low > STEP:
        return (
            f"{what} {way} without a tipping point as {lever.in_sentence} goes from {at[0]} to {at[1]}{times(lever)}: its steepest quarter "
            f"has {percent(found.window)} of the change"
        )
    if at_edge(found):
        end = "lower" if found.place < float(found.levels[found.factor].median()) else "upper"
        held = f"a quarter of the range has {percent(found.window)} of the change"
        return f"{what} {way} most steeply at the {end} end of the range of {lever.in_sentence}: {held}"
    tips = f"{what} tips where {lever.in_sentence} is {place_words(found, at)}{times(lever)}"
    return f"{tips}: a quarter of the range has {percent(found.window)} of the change"


def at_edge(found: Tip) -> bool:
    """Whether the steepest place is the first or the last that could have been found, so that it may lie further out."""
    inner = found.levels[found.factor].to_numpy(dtype=np.float64)[1:-1]
    return bool(np.isclose(found.place, [inner[0], inner[-1]]).any())


def worded(level: float, outcome: Spoken) -> str:
    """A level in the outcome's unit: '20 points', '50 runs of 100'."""
    return f"{number(level * outcome.scale)} {outcome.unit}".strip()


def times(lever: Spoken) -> str:
    """What the values of a lever are in, where they are not the number itself."""
    return f" {lever.unit}" if lever.unit else ""


def place_words(found: Tip, at: list[str]) -> str:
    """The place with its interval, ends beyond the range in words: '1.8 (1.6 to beyond 3)'."""
    known = [end for end in (found.low, found.high) if np.isfinite(end)]
    places = max((places_of(abs(end - found.place) or 1.0) for end in known), default=2)
    low = f"below {at[0]}" if np.isinf(found.low) else number(found.low, places=places)
    high = f"beyond {at[1]}" if np.isinf(found.high) else number(found.high, places=places)
    middle = number(found.place, places=places)
    return f"{middle} ({low} to {high})" if low != high else middle


def draw(found: Tip, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """The mean over the band of 90% of runs, an upright with its shaded interval where it tips, a level where one is asked for."""
    lever = spoken_of(names, found.factor)
    name = f"{literal(lever.name)},{times(lever)}" if lever.unit else literal(lever.name)
    ordered, band = found.levels, "90% of runs"
    if outcome.unit == "runs of 100":  # a yes or no has no band of runs, only a share that may be off
        ordered, band = ordered.assign(q05=ordered["low"], q95=ordered["high"]), "95% interval"
    asked = "where it crosses the dashed level" if found.level is not None else "where it changes most steeply"
    subtitle = f"{outcome.name}, in {unit_words(outcome)}; upright: {asked}; shaded: the middle 95% of resampled runs"
    with house_style():
        head = title(found, outcome, names), subtitle
        page = origin.page(size, head, size.width * 0.62, f"band: {band}; short uprights: 95% interval of the mean")
        words = f"mean {number(float(ordered['mean'].iloc[-1]) * outcome.scale)}", band
        room = max(width_of(each, size.label, bold=True) for each in words) + size.label
        body, gutter = page.body, size.label * 4
        ax = page.axes(Box(body.x + gutter, body.y + size.label * 1.6, body.width - gutter - room, body.height - size.label * 5.2))
        at = ordered[found.factor].to_numpy(dtype=np.float64)
        settings(page, ax, at)
        curve(page, ax, ordered, at, outcome)
        mark(ax, found)
        named(page, ax, ordered, words)
        place = ax.get_position()
        below = (1 - place.y0) * page.height + size.label * 2.1
        page.write((place.x0 + place.width) * size.width, below, name, size.label, va="top", ha="right", color=GREY)
        said(page, ax, found)
    return page.figure


def mark(ax: Axes, found: Tip) -> None:
    """The place, its interval and the level."""
    low, high = ax.get_xlim()
    if found.level is not None:
        ax.axhline(found.level, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=2)
    if np.isnan([found.low, found.high]).any() or (np.isinf(found.low) and np.isinf(found.high) and found.low == found.high):
        return
    ends = float(np.clip(found.low, low, high)), float(np.clip(found.high, low, high))
    ax.axvspan(*ends, color=tint(LOWER, 0.28), linewidth=0, zorder=0.5)
    if np.isfinite(found.place):
        ax.axvline(found.place, color=LOWER, linewidth=1.8, zorder=2)


def said(page: Page, ax: Axes, found: Tip) -> None:
    """Over the panel: how much of the change a quarter of the range holds, beside an even change."""
    place, size = ax.get_position(), page.size
    words = f"steepest quarter: {percent(found.window)} of the change ({percent(WINDOW)} if even)"
    top = (1 - place.y1) * page.height - size.label * 0.3
    left = place.x0 * size.width
    page.write(left, top, shortened(words, page.room + size.margin - left, size.label), size.label, va="bottom", color=ink(LOWER))
