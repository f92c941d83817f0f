"""Pareto: an owner's choices over two of its goals, and those that none betters in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.analysis.policies import Policies
from sim.charts.page import Box, Page, points
from sim.charts.sheet import HIGHER, Names, Origin, height_axis, padded, spoken_of, value_axis
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, literal, shortened
from sim.charts.words import count, large, listed, the

ROW = 2.0
CHANGE = ("change", "change_low", "change_high")


def goals_of(found: Policies, owner: str) -> list[str]:
    """The outcomes that an owner has goals for, at most two of them."""
    return list(dict.fromkeys(aim.outcome for aim in found.aims if aim.owner in ("", owner)))[:2]


def data(found: Policies, owner: str) -> pd.DataFrame:
    """The choices of an owner with what they change in two goals and the intervals of that, the best ranked first."""
    own = found.goals[found.goals["owner"].isin(["", owner])]
    table = found.menu(owner)[["policy", "rank", "undominated", "undominated_share"]]
    for outcome in goals_of(found, owner):
        columns = own[own["outcome"] == outcome].set_index("policy")[list(CHANGE)].add_prefix(f"{outcome} ")
        table = table.join(columns[~columns.index.duplicated()], on="policy")
    return table


def title(found: Policies, owner: str, names: Names, actors: Names) -> str:
    """Which choices no other betters in all goals of their owner."""
    table, who = data(found, owner), the(spoken_of(actors, owner).brief)
    good = [spoken_of(names, str(policy)).in_sentence for policy in table.loc[table["undominated"] > 0.5, "policy"]]
    every = "both goals" if len([aim for aim in found.aims if aim.owner in ("", owner)]) == 2 else "all goals at once"
    verb = "is" if len(good) == 1 else "are"
    return large(f"of {count(len(table))} choices of {who}, {listed(good)} {verb} bettered by no other in {every}")


def draw(found: Policies, owner: str, origin: Origin, words: tuple[Names, Names, tuple[Spoken, Spoken]], size: Size = SLIDE) -> Figure:
    """What each choice changes in two goals over all points, with 95% intervals; a number a choice, dark where no other betters it.

    `words` are those for policies, for actors and for the two outcomes.
    """
    names, actors, spoken = words
    table, better = data(found, owner), {aim.outcome: aim.higher for aim in found.aims if aim.owner in ("", owner)}
    ways = ["more" if better[outcome] else "less" for outcome in goals_of(found, owner)]
    both = [f"{each.name} ({way} is better)" for each, way in zip(spoken, ways, strict=True)]
    subtitle = f"{both[0]} and {both[1]}: change against doing nothing, mean over all points, with 95% intervals"
    with house_style():
        across, listing = size.name == "slide", (len(table) + 1) * size.label * ROW
        page = origin.page(size, (title(found, owner, names, actors), subtitle), size.width * 0.72 + listing, "numbers by rank of regret")
        body, left = page.body, size.label * 4.4
        if across:
            square = Box(body.x + left, body.y + size.label * 1.6, body.width * 0.6, body.height - size.label * 5.4)
            names_at = Box(body.x + body.width * 0.7, body.y + size.label * 2, body.width * 0.3, body.height)
        else:
            square = Box(body.x + left, body.y + size.label * 1.6, body.width - left - size.label, size.width * 0.72 - size.label * 6)
            names_at = Box(body.x, body.y + size.width * 0.72, body.width, listing)
        plane(page, page.axes(square), table, goals_of(found, owner), spoken)
        for place, (_, row) in enumerate(table.iterrows()):
            said = f"{place + 1}  {literal(large(spoken_of(names, str(row['policy'])).name))}"
            colour = INK if row["undominated"] > 0.5 else GREY
            page.write(names_at.x, names_at.y + place * size.label * ROW, shortened(said, names_at.width, size.label), size.label, va="top",
                       color=colour)  # fmt: skip
    return page.figure


def plane(page: Page, ax: Axes, table: pd.DataFrame, outcomes: list[str], spoken: tuple[Spoken, Spoken]) -> None:
    """Dots with their numbers and intervals."""
    size = page.size
    x, y = (table[[f"{outcome} {end}" for end in CHANGE]].to_numpy(dtype=np.float64) for outcome in outcomes)
    ax.set_xlim(*padded(float(np.nanmin(x)), float(np.nanmax(x)), 0.08))
    ax.set_ylim(*padded(float(np.nanmin(y)), float(np.nanmax(y)), 0.08))
    value_axis(page, ax, spoken[0].scale, signed=True)
    height_axis(page, ax, spoken[1].scale, signed=True)
    for place in reversed(range(len(table))):
        colour = HIGHER if table["undominated"].iloc[place] > 0.5 else GREY
        ax.plot(x[place, 1:], [y[place, 0]] * 2, color=colour, linewidth=0.8, alpha=0.5, zorder=2)
        ax.plot([x[place, 0]] * 2, y[place, 1:], color=colour, linewidth=0.8, alpha=0.5, zorder=2)
        ax.plot(
            x[place, :1], y[place, :1], "o", markersize=size.label * 1.1, color=colour, markeredgecolor=PAPER, zorder=3 + len(table) - place
        )
    for place, (a, b) in enumerate(numbered(page, ax, x[:, 0], y[:, 0])):
        ax.text(a, b, str(place + 1), fontsize=points(size.label * 0.72), color=PAPER if (a, b) == (x[place, 0], y[place, 0]) else INK,
                ha="center", va="center_baseline", zorder=50)  # fmt: skip
    box = ax.get_position()
    left, top = box.x0 * size.width, (1 - box.y1) * page.height
    room = box.width * size.width + size.label * 4
    page.write(left - size.label * 4, top - size.label * 0.5, shortened(f"↑ {literal(spoken[1].brief)}", room, size.label), size.label,
               va="bottom", color=INK)  # fmt: skip
    below = (1 - box.y0) * page.height + size.label * 2.1
    page.write(left - size.label * 4, below, shortened(f"→ {literal(spoken[0].brief)}", room, size.label), size.label, va="top", color=INK)


def numbered(page: Page, ax: Axes, x: np.ndarray, y: np.ndarray) -> list[tuple[float, float]]:
    """Where each number stands: on its dot, or beside it where an earlier number stands there."""
    place = ax.get_position()
    per = place.width * page.size.width / np.ptp(ax.get_xlim()), place.height * page.height / np.ptp(ax.get_ylim())
    gap, kept = page.size.label * 1.15, list[tuple[float, float]]()
    for a, b in zip(x, y, strict=True):
        steps = [(0.0, 0.0), *((gap * r * np.cos(t), gap * r * np.sin(t)) for r in (1.3, 2.2, 3.1) for t in np.arange(8) * np.pi / 4)]
        spots = [(a + dx / per[0], b + dy / per[1]) for dx, dy in steps]
        free = (spot for spot in spots if all(np.hypot((spot[0] - u) * per[0], (spot[1] - v) * per[1]) >= gap for u, v in kept))
        kept.append(next(free, (a, b)))
    return kept
