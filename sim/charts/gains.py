"""Gains: what every policy changes for every actor with goals, against doing nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.policies import Policies
from sim.charts.page import Box, points
from sim.charts.sheet import HIGHER, LOWER, Names, Origin, number, spoken_of
from sim.charts.style import INK, PAPER, SLIDE, Size, contrast, house_style, literal, shortened, tint, width_of
from sim.charts.words import large, the

HUNDRED = 100.0


def data(found: Policies) -> pd.DataFrame:
    """One row a policy and actor, as `Policies` gives it."""
    return found.gains


def title(found: Policies, names: Names, actors: Names) -> str:
    """Who gains and who loses most by which policy."""
    table = found.gains
    sure = table[(table["gain_low"] > 0) | (table["gain_high"] < 0)]
    if sure.empty:
        return "No policy changes anything for anybody beyond chance"
    top, bottom = sure.iloc[int(sure["gain"].to_numpy().argmax())], sure.iloc[int(sure["gain"].to_numpy().argmin())]
    told = []
    for row, way in ((top, "gains"), (bottom, "loses")):
        if (row["gain"] > 0) == (way == "gains"):
            who, what = spoken_of(actors, str(row["owner"])).brief, spoken_of(names, str(row["policy"])).in_sentence
            told.append(f"{the(who)} {way} most by {what} ({number(HUNDRED * float(row['gain']), signed=True)})")
    both = [policy for policy, own in sure.groupby("policy", sort=False) if (own["gain"] > 0).any() and (own["gain"] < 0).any()]
    tail = f"; {len(both)} of {table['policy'].nunique()} policies help one and hurt another" if table["owner"].nunique() > 1 else ""
    return large(" and ".join(told)) + tail


def draw(found: Policies, origin: Origin, names: Names, actors: Names, size: Size = SLIDE) -> Figure:
    """A row a policy, a column an actor: the change of the actor's value, in brackets where chance could have made it."""
    table = found.gains
    order, who = list(dict.fromkeys(table["policy"])), list(found.owners)
    subtitle = (
        "Change of each actor's value against doing nothing, mean over all points, in hundredths of the actor's span over all points and "
        "policies; in brackets where the 95% interval holds 0"
    )
    with house_style():
        cell = {"slide": 60.0, "column": 34.0, "phone": 34.0}[size.name]
        page = origin.page(size, (title(found, names, actors), subtitle), cell * (len(order) + 1) + size.label * 2)
        body = page.body
        said = [literal(large(spoken_of(names, policy).name)) for policy in order]
        left = min(max(width_of(words, size.label) for words in said) + size.label, body.width * (0.4 if size.name == "phone" else 0.5))
        cell = min(cell, (body.height - size.label * 3) / (len(order) + 0.2))
        wide = min((body.width - left) / len(who), 190.0 if size.name == "slide" else 120.0)
        ax = page.axes(Box(body.x + left, body.y + size.label * 2.2, wide * len(who), cell * len(order)))
        ax.set_axis_off()
        ax.set_xlim(0, len(who))
        ax.set_ylim(len(order), 0)
        for place, owner in enumerate(who):
            words = shortened(literal(spoken_of(actors, owner).brief), wide - 6, size.label)
            page.write(
                body.x + left + (place + 0.5) * wide, body.y + size.label * 1.7, words, size.label, va="bottom", ha="center", color=INK
            )
        for place, words in enumerate(said):
            y = body.y + size.label * 2.2 + (place + 0.5) * cell
            page.write(body.x, y, shortened(words, left - size.label * 0.6, size.label), size.label, va="center", color=INK)
        most = max(float(table["gain"].abs().max()), 1e-12)
        for _, row in table.iterrows():
            gain, sure = float(row["gain"]), row["gain_low"] > 0 or row["gain_high"] < 0
            x, y = who.index(str(row["owner"])), order.index(str(row["policy"]))
            colour = tint(HIGHER if gain > 0 else LOWER, 0.85 * np.sqrt(abs(gain) / most)) if sure else PAPER
            ax.add_patch(Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, facecolor=colour, linewidth=0))
            told = number(HUNDRED * gain, signed=True)
            ax.text(x + 0.5, y + 0.5, told if sure else f"({told})", fontsize=points(size.label), ha="center", va="center",
                    color=INK if contrast(INK, colour) >= 4.5 else PAPER)  # fmt: skip
    return page.figure
