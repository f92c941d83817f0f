"""What stands below the lanes of a chronicle: what its marks mean, and the most telling entries in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sim.charts.happenings import AGAINST, NEITHER, WITH, actor_of
from sim.charts.map_key import plain, write
from sim.charts.order import name
from sim.charts.page import Box, Page
from sim.charts.style import GREY, INK, Size, width_of, wrapped
from sim.charts.tracks import MARKS, MOST_TOLD, marks
from sim.charts.words import month
from sim.record import Record

KINDS = {
    "event": "event", "deed": "deed", "accession": "stage reached", "talks": "talks, deal",
    "linkage": "offer of calm", "leader": "new leader",
}  # fmt: skip
SIDES = {AGAINST: "conflict", WITH: "cooperation", NEITHER: "neither, or an end"}
SWATCH = 16


def signs(entries: pd.DataFrame) -> list[tuple[str, str, str]]:
    """What has to be explained: kind and side of a sign, and its words. A kind is shown without a side."""
    kinds = [(kind, "", words) for kind, words in KINDS.items() if (entries["kind"] == kind).any()]
    return kinds + [("event", side, words) for side, words in SIDES.items() if (entries["side"] == side).any()]


def rows_of(size: Size, entries: pd.DataFrame) -> list[list[tuple[str, str, str]]]:
    """The signs in rows that fit the page."""
    room = size.width - 2 * size.margin
    rows: list[list[tuple[str, str, str]]] = []
    left = 0.0
    for sign in signs(entries):
        need = sign_width(size, sign[2])
        if not rows or need > left:
            rows.append([])
            left = room
        rows[-1].append(sign)
        left -= need
    return rows


def sign_width(size: Size, words: str) -> float:
    """How wide a sign and its words are, with the gap after them. Units: pixels."""
    return SWATCH + width_of(words, 0.95 * size.label) + 16


def key_height(size: Size, entries: pd.DataFrame) -> float:
    """How high the key is. Units: pixels."""
    return len(rows_of(size, entries)) * size.label * 1.6 + size.label * 0.6


def key(page: Page, box: Box, entries: pd.DataFrame, wide: float) -> None:
    """Draws the key; `wide` is the width of a mark in pixels."""
    ax, letters = plain(page, box), 0.95 * page.size.label
    y = page.size.label * 0.8
    for row in rows_of(page.size, entries):
        x = 0.0
        for kind, side, words in row:
            if side:
                marks(ax, [(x + 6, y)], kind, side, wide)
            else:
                ax.plot([x + 6], [y], **_shape(kind, wide))
            write(ax, x + SWATCH, y, words, letters, color=INK)
            x += sign_width(page.size, words)
        y += page.size.label * 1.6


def _shape(kind: str, wide: float) -> dict[str, Any]:
    """The looks of a kind of mark without a side: an outline."""
    hollow = {"markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 1.2, "linestyle": "none"}
    return hollow | {"marker": MARKS[kind], "markersize": wide * 0.72}


def telling(record: Record, size: Size, entries: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """The most telling entries in order of time: the month, and lines of words with whose it is and what spoke for it."""
    most = entries[(entries["rank"] <= MOST_TOLD[size.name])].sort_values("date", kind="stable")
    room = size.width - 2 * size.margin - month_width(size)
    for _, entry in most.iterrows():
        who = actor_of(record, entry) or name(record, "country", str(entry["lane"]), 100, size.label)
        why = f". Because of {entry['causes']}" if entry["causes"] else ""
        yield month(np.datetime64(str(entry["date"]), "M"), short=True), wrapped(f"{who}: {entry['what']}{why}", room, size.label, lines=3)


def month_width(size: Size) -> float:
    """How wide the column of months is. Units: pixels."""
    return width_of("Mar 2000", size.label) + 10


def list_height(record: Record, size: Size, entries: pd.DataFrame) -> float:
    """How high the list is. Units: pixels."""
    return sum(len(lines) * 1.3 + 0.35 for _, lines in telling(record, size, entries)) * size.label + 2.6 * size.label


def listing(page: Page, box: Box, entries: pd.DataFrame) -> None:
    """Writes the list."""
    ax, letters = plain(page, box), page.size.label
    write(ax, 0, letters * 1.2, "The most telling", page.size.panel, color=INK, weight="bold")
    y = letters * 2.9
    for when, lines in telling(page.record, page.size, entries):
        write(ax, 0, y, when, letters, color=GREY)
        for line in lines:
            write(ax, month_width(page.size), y, line, letters, color=INK)
            y += 1.3 * letters
        y += 0.35 * letters
