"""Discovery: the box of factors in which something happens, over the points that it was found among."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.boxes import HIGH, LOW, Box, Limit
from sim.analysis.discovery import Discovery
from sim.analysis.tree import leaves_of
from sim.charts.page import Box as Frame
from sim.charts.page import Page
from sim.charts.sheet import HIGHER, Names, Origin, height_axis, setting, spoken_of, value_axis
from sim.charts.style import FAINT, GREY, INK, PAPER, SLIDE, Size, house_style, literal, shortened, tint, width_of
from sim.charts.words import large, listed, percent

OTHER = "#b9b2a6"
# Limits that a title names.
MOST_NAMED = 3
# Rows of limits are this many letters high.
ROW = 4.2


def data(found: Discovery) -> pd.DataFrame:
    """The limits of the box, as `Discovery` gives them."""
    return found.table


def condition(factor: str, limit: Limit, names: Names) -> str:
    """A limit in words: 'the price of oil is at most 40', or 'the arm is invasion'."""
    if isinstance(limit, frozenset):
        return f"the {literal(factor)} is {listed([literal(name).replace('_', ' ') for name in sorted(limit)])}"
    spoken = spoken_of(names, factor)
    return f"{spoken.in_sentence} is {span(limit)} {spoken.unit}".rstrip()


def axis_words(names: Names, factor: str) -> str:
    """The name of a factor with what its values are in: 'The Union's effort, times its own'."""
    spoken = spoken_of(names, factor)
    return literal(f"{spoken.name}, {spoken.unit}" if spoken.unit else spoken.name)


def span(limit: Limit) -> str:
    """A limit without its factor: 'at most 40', 'from 0.2 to 0.4'."""
    if isinstance(limit, frozenset):
        return listed([literal(name).replace("_", " ") for name in sorted(limit)])
    low, high = limit
    if np.isinf(low):
        return f"{HIGH} {rounded(high)}"
    return f"{LOW} {rounded(low)}" if np.isinf(high) else f"from {rounded(low)} to {rounded(high)}"


def rounded(value: float) -> str:
    """A limit to two digits that matter, or three where it begins with a 1."""
    digits = 3 if f"{abs(value):e}"[0] == "1" else 2
    return setting(float(f"{value:.{digits}g}"))


def where(box: Box, names: Names, order: list[str]) -> str:
    """All limits of a box in words, in an order, the rest counted."""
    told = [condition(factor, box.limits[factor], names) for factor in order]
    kept = told if len(told) <= MOST_NAMED else [*told[: MOST_NAMED - 1], f"{len(told) - MOST_NAMED + 1} conditions more hold"]
    return " and ".join(kept)


def order_of(found: Discovery) -> list[str]:
    """The factors of the box, the surest limits first."""
    return list(dict.fromkeys(map(str, found.limits["factor"])))


def often(share: float, noun: str = "points") -> str:
    """A share of points as people say it: '88 of 100 points', 'every point', 'no point'."""
    if share in (0, 1):
        return f"{'every' if share else 'no'} {noun.removesuffix('s')}"
    return f"{min(max(round(100 * share), 1), 99)} of 100 {noun}" if np.isfinite(share) else f"an unknown share of {noun}"


def title(found: Discovery, name: str, names: Names) -> str:
    """Where it happens and how often, and how often it does elsewhere."""
    own, total, count = found.measures, found.cases.total, len(found.cases.interest)
    if not found.box.limits:
        return f"No factor tells where {name}: it is so at {often(total / count)}, wherever they lie"
    elsewhere = (total - own.cases) / max(count - own.inside, 1)
    head = f"{large(name)} at {often(own.density)} where {where(found.box, names, order_of(found))}"
    return f"{head}; elsewhere at {often(elsewhere).removesuffix(' points')}"


def sentences(found: Discovery, name: str, names: Names) -> pd.DataFrame:
    """The leaves of the tree as sentences, the largest share of cases first: sentence, points, cases, share."""
    told = []
    for box, leaf in leaves_of(found.tree, found.cases):
        place = where_all(box, names)
        said = f"{large(place)} {name} at {often(leaf.share)} ({leaf.cases} of {leaf.points})"
        told.append({"sentence": said, "points": leaf.points, "cases": leaf.cases, "share": leaf.share})
    return pd.DataFrame(told).sort_values("share", ascending=False, kind="stable", ignore_index=True)


def where_all(box: Box, names: Names) -> str:
    """Where a leaf is, or everywhere."""
    told = [condition(factor, limit, names) for factor, limit in box.limits.items()]
    return f"where {' and '.join(told)}," if told else "everywhere"


def draw(found: Discovery, name: str, origin: Origin, names: Names, size: Size = SLIDE) -> Figure:
    """Left, the points over the two factors that tell most, dark where it happens, with the box; right, its limits and what they cost.

    `name` says what happens, as in 'the deal fails'.
    """
    own, middle = found.measures, found.tested
    subtitle = (
        f"Dark: points where {name}; shaded: the box, with {percent(own.coverage)} of all such points and {percent(own.mass)} of all "
        f"points. Of other points inside boxes made from two thirds of them, {percent(middle['density'][0])} are such "
        f"({interval(middle['density'])})"
    )
    with house_style():
        across = size.name == "slide"
        shown = order_of(found)[:8]
        listing = max(len(shown), 1) * size.label * ROW + size.label * 3
        plane, path = size.width * 0.72, size.width * 0.5
        page = origin.page(size, (title(found, name, names), subtitle), listing + plane + path, "box by patient rule induction")
        body = page.body
        pair = two_factors(found)
        if across:
            square = Frame(body.x + size.label * 4.4, body.y + size.label * 1.6, body.width * 0.42, body.height - size.label * 5.4)
            listing = min(listing, body.height * 0.56)
            right = Frame(body.x + body.width * 0.53, body.y, body.width * 0.47, listing)
            below = body.y + listing + size.label * 2.6
            last = Frame(right.x + size.label * 4.4, below, right.width - size.label * 6, body.y + body.height - below - size.label * 3.6)
        else:
            square = Frame(body.x + size.label * 4.4, body.y + size.label * 1.6, body.width - size.label * 5.4, plane - size.label * 6)
            right = Frame(body.x, body.y + plane, body.width, listing)
            last = Frame(body.x + size.label * 4.4, body.y + plane + listing + size.label * 2, body.width - size.label * 5.4,
                         path - size.label * 6.5)  # fmt: skip
        scatter(page, page.axes(square), found, pair, names)
        page.body = right
        limits(page, found, shown, names)
        page.body = body
        trajectory(page, page.axes(last), found)
    return page.figure


def interval(values: tuple[float, float, float]) -> str:
    """Both ends of a share in words."""
    return f"{round(100 * values[1])} to {percent(values[2])}" if np.isfinite(values).all() else "unknown"


def two_factors(found: Discovery) -> list[str]:
    """Two factors that are numbers: those of the box first, then those that go most with what happens."""
    numbers = found.cases.numbers()
    interest = found.cases.interest.astype(float)
    likeness: Mapping[str, float] = {
        factor: abs(float(np.nan_to_num(np.corrcoef(found.cases.inputs[factor].rank(), interest)[0, 1]))) for factor in numbers
    }
    rest = sorted((factor for factor in numbers if factor not in found.box.limits), key=lambda factor: -likeness[factor])
    return [*(factor for factor in order_of(found) if factor in numbers), *rest][:2]


def scatter(page: Page, ax: Axes, found: Discovery, pair: list[str], names: Names) -> None:
    """The points over one factor or two, and the shadow of the box on them."""
    size, inputs, interest = page.size, found.cases.inputs, found.cases.interest
    columns = [inputs[factor].to_numpy(dtype=np.float64) for factor in pair]
    if len(columns) < 2:
        columns += [np.random.default_rng(1).random(len(interest))] * (2 - len(columns))
    ends = [(float(column.min()), float(column.max())) for column in columns]
    rooms = [max(high - low, 1e-12) * 0.03 for low, high in ends]
    ax.set_xlim(ends[0][0] - rooms[0], ends[0][1] + rooms[0])
    ax.set_ylim(ends[1][0] - rooms[1], ends[1][1] + rooms[1])
    if pair:
        value_axis(page, ax)
    if len(pair) > 1:
        height_axis(page, ax)
    else:
        ax.set_yticks([])
    sides = [_range(found.box, factor, axis) for factor, axis in zip([*pair, "", ""][:2], (ax.get_xlim(), ax.get_ylim()), strict=True)]
    (left, right), (low, high) = sides
    ax.add_patch(Rectangle((left, low), right - left, high - low, facecolor=tint(HIGHER, 0.14), edgecolor=HIGHER, linewidth=1.2, zorder=1))
    mark = max(2.0, min(6.5, 90 / np.sqrt(len(interest)))) * size.label / 14
    ax.plot(columns[0][~interest], columns[1][~interest], "o", color=OTHER, markersize=mark, markeredgewidth=0, zorder=2)
    ax.plot(columns[0][interest], columns[1][interest], "o", color=HIGHER, markersize=mark, markeredgecolor=PAPER,
            markeredgewidth=0.4, zorder=3)  # fmt: skip
    place = ax.get_position()
    edge, top = place.x0 * size.width, (1 - place.y1) * page.height
    room = place.width * size.width + size.label * 4
    if len(pair) > 1:
        words = shortened(f"↑ {axis_words(names, pair[1])}", room, size.label)
        page.write(edge - size.label * 4, top - size.label * 0.5, words, size.label, va="bottom", color=INK)
    below = (1 - place.y0) * page.height + size.label * 2.1
    if pair:
        words = shortened(f"→ {axis_words(names, pair[0])}", room, size.label)
        page.write(edge - size.label * 4, below, words, size.label, va="top", color=INK)


def _range(box: Box, factor: str, axis: tuple[float, float]) -> tuple[float, float]:
    """The ends of a box along an axis of the plane, cut to what is shown."""
    limit = box.limits.get(factor, (-np.inf, np.inf))
    assert not isinstance(limit, frozenset)
    return max(limit[0], axis[0]), min(limit[1], axis[1])


def limits(page: Page, found: Discovery, shown: list[str], names: Names) -> None:
    """A row a factor of the box: its whole range thin, what the box takes of it thick, and how sure that is."""
    size = page.size
    if not shown:
        page.write(page.body.x, page.body.y, "No limit is better than chance.", size.label, va="top", color=GREY)
        return
    named = [axis_words(names, factor) for factor in shown]
    said = [f"{span(found.box.limits[factor])} ({surety(found, factor)})" for factor in shown]
    body, height = page.body, min((page.body.height - size.label * 2) / len(shown), size.label * ROW * 1.4)
    ax = page.axes(Frame(body.x, body.y + size.label * 1.6, body.width, height * len(shown)))
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    place = ax.get_position()
    left, wide = place.x0 * size.width, place.width * size.width
    head = "Limits of the box (chance; kept)"
    page.write(page.body.x, page.body.y - size.label * 0.2, shortened(head, page.body.width, size.label), size.label, va="top", color=GREY)
    for row, factor in enumerate(shown):
        y = (1 - place.y1) * page.height + (row + 0.36) * height
        tail = shortened(said[row], wide * 0.56, size.label)
        room = wide - width_of(tail, size.label) - size.label
        if width_of(named[row], size.label) > room:
            tail = span(found.box.limits[factor])
            room = wide - width_of(tail, size.label) - size.label
        page.write(left, y, shortened(named[row], room, size.label), size.label, va="center", color=INK)
        page.write(left + wide, y, tail, size.label, va="center", ha="right", color=INK)
        track(ax, row + 0.24, found, factor)


def track(ax: Axes, y: float, found: Discovery, factor: str) -> None:
    """The range of a factor over the points as a thin line, the part inside the box thick."""
    ax.plot([0, 1], [y, y], color=FAINT, linewidth=3, solid_capstyle="butt", zorder=1)
    limit = found.box.limits[factor]
    if isinstance(limit, frozenset):
        every = sorted(set(found.cases.inputs[factor].astype(str)))
        for place, name in enumerate(every):
            if name in limit:
                ax.plot([place / len(every), (place + 1) / len(every)], [y, y], color=HIGHER, linewidth=5, solid_capstyle="butt", zorder=2)
        return
    column = found.cases.inputs[factor].to_numpy(dtype=np.float64)
    low, high = float(column.min()), float(column.max())
    ends = [float(np.clip((end - low) / max(high - low, 1e-12), 0, 1)) for end in limit]
    ax.plot(ends, [y, y], color=HIGHER, linewidth=5, solid_capstyle="butt", zorder=2)


def surety(found: Discovery, factor: str) -> str:
    """How likely chance makes a limit as good, and how often boxes from fewer points have it."""
    own = found.limits[found.limits["factor"] == factor]
    chance, kept = float(own["quasi_p"].max()), float(own["kept"].min())
    return f"{'<0.001' if chance < 0.001 else f'{chance:.3f}'}; {round(100 * kept)} of 100"


def trajectory(page: Page, ax: Axes, found: Discovery) -> None:
    """Coverage and density of every box on the way, and of the one that is told."""
    size, way = page.size, found.trajectory
    ax.set_xlim(0, 1.03)
    ax.set_ylim(0, 1.05)
    value_axis(page, ax, 100.0)
    height_axis(page, ax, 100.0, most=3)
    ax.plot(way["coverage"], way["density"], color=tint(HIGHER, 0.5), linewidth=1, zorder=2)
    ax.plot(way["coverage"], way["density"], "o", color=tint(HIGHER, 0.55), markersize=size.label * 0.3, markeredgewidth=0, zorder=3)
    ax.plot([found.measures.coverage], [found.measures.density], "D", color=HIGHER, markersize=size.label * 0.62, markeredgecolor=PAPER,
            zorder=4)  # fmt: skip
    place = ax.get_position()
    left, top = place.x0 * size.width, (1 - place.y1) * page.height
    words = "↑ cases among 100 points inside, of every box on the way; diamond: the box"
    room = place.width * size.width + size.label * 4
    page.write(left - size.label * 4, top - size.label * 0.4, shortened(words, room, size.label), size.label, va="bottom", color=GREY)
    below = (1 - place.y0) * page.height + size.label * 1.9
    right = left + place.width * size.width
    page.write(right, below, shortened("→ of 100 cases, inside", room, size.label), size.label, va="top", ha="right", color=GREY)


__all__ = ["condition", "data", "draw", "sentences", "title"]
