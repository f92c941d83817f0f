"""How every picture looks: colours, sizes, and words that are never read as anything but words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from warnings import catch_warnings, filterwarnings

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from sim.roster import SELF, Roster

PAPER, INK, GREY, FAINT = "#ffffff", "#222222", "#666666", "#dedad3"
FONT = "DejaVu Sans"

# One colour a power, on every page. Each is at least 3:1 on paper, and their greys stand apart.
POWERS = {"russia": "#a2432a", "eu": "#1c3f85", "nato": "#7c95b3", "us": "#1d766f"}
OWN = "#948a7c"
# Powers without a colour of their own take these in the order of their stream keys.
OTHERS = ("#7b4fa3", "#a8740a", "#55702a", "#b0487c", "#4a4a4a", "#2f7fb5", "#7a5230", "#c2571a", "#3d5a6c", "#8b2252")


@dataclass(frozen=True)
class Size:
    """A page in pixels, with the height of its letters; a height of 0 follows from what is on the page."""

    name: str
    width: int
    height: int
    margin: int
    title: float
    subtitle: float
    panel: float
    label: float
    foot: float
    single: int = 8


SLIDE = Size("slide", 1600, 900, 48, title=32, subtitle=18, panel=17, label=14, foot=12.5)
COLUMN = Size("column", 700, 0, 20, title=21, subtitle=13.5, panel=13, label=11.5, foot=10.5)
PHONE = Size("phone", 360, 0, 12, title=17.5, subtitle=12, panel=12.5, label=11, foot=9.5, single=4)
DPI = 100

RC: dict[str, Any] = {
    "font.family": [FONT],
    "text.parse_math": False,
    "text.usetex": False,
    "axes.spines.left": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.bottom": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "text.color": INK,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "path.simplify": True,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw as this house draws, whatever the reader's own settings are; a letter no font has is drawn as a box, silently."""
    with catch_warnings(), matplotlib.rc_context():
        filterwarnings("ignore", message=r"Glyph .* missing from font")
        matplotlib.rcParams.update(matplotlib.rcParamsDefault | RC)  # type: ignore[arg-type]  # stubs know single keys only
        yield


def colour_of(roster: Roster, axis: str, id: str) -> str:
    """The colour of a power, a bloc, a side or an instrument's power; a bloc has the shade of its powers.

    A bloc of one power is that power. A bloc of several is their mean, darkened, so that it is none of them.
    """
    if axis == "power":
        return _power(roster, id)
    if id == SELF:
        return OWN
    members = [_power(roster, power) for power in roster.ids["power"] if roster.scenario.powers[power].bloc == id]
    if len(members) == 1:
        return members[0]
    mean = [sum(channel) / len(members) for channel in zip(*(_rgb(member) for member in members), strict=True)]
    return _hex([0.8 * channel for channel in mean])


def _power(roster: Roster, id: str) -> str:
    strangers = [power for power in roster.ids["power"] if power not in POWERS]
    return POWERS[id] if id in POWERS else OTHERS[strangers.index(id) % len(OTHERS)]


def _rgb(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _hex(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * min(max(channel, 0), 1)):02x}" for channel in channels)


def tint(colour: str, share: float) -> str:
    """A colour thinned with paper: 1 is the colour itself, 0 is paper."""
    return _hex([share * a + (1 - share) * b for a, b in zip(_rgb(colour), _rgb(PAPER), strict=True)])


def luminance(colour: str) -> float:
    """Relative luminance. Units: 0 black to 1 white. Source: WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21. Source: WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=256)
def ink(colour: str, on: str = PAPER) -> str:
    """A colour darkened just enough to be read as text on a ground (4.5:1)."""
    channels = _rgb(colour)
    while contrast(_hex(channels), on) < 4.5 and max(channels) > 0.02:
        channels = [0.95 * channel for channel in channels]
    return _hex(channels)


def literal(words: object) -> str:
    """A stranger's words made safe to draw: one line, nothing that controls a printer or turns the direction of writing."""
    kept = (" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in str(words))
    return " ".join("".join(letter for letter in kept if letter not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069").split())


@lru_cache(maxsize=4096)
def width_of(words: str, height: float, bold: bool = False) -> float:
    """How wide words are. Units: pixels, at a letter height in pixels."""
    font = FontProperties(family=FONT, weight="bold" if bold else "normal", size=height * 72 / DPI)
    with catch_warnings():
        filterwarnings("ignore", message=r"Glyph .* missing from font")
        return float(_METRICS.get_text_width_height_descent(words, font, ismath=False)[0])  # type: ignore[no-untyped-call]


# Letters are measured as they are drawn on a picture, whole pixels and all.
_METRICS = RendererAgg(8, 8, DPI)  # type: ignore[no-untyped-call]


def wrapped(words: str, room: float, height: float, bold: bool = False, lines: int = 3) -> list[str]:
    """Words broken into lines that fit a width in pixels; what does not fit the last line ends in an ellipsis."""
    made: list[str] = []
    rest = words.split()
    while rest and len(made) < lines:
        take = 1
        while take < len(rest) and width_of(" ".join(rest[: take + 1]), height, bold) <= room:
            take += 1
        made.append(" ".join(rest[:take]))
        rest = rest[take:]
    if rest and made:
        made[-1] += " " + " ".join(rest)
    return [shortened(line, room, height, bold) for line in made]


def shortened(words: str, room: float, height: float, bold: bool = False) -> str:
    """Words cut to a width in pixels, with an ellipsis where something was cut."""
    if width_of(words, height, bold) <= room:
        return words
    kept = words
    while kept and width_of(kept + "…", height, bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels as near as can be to where they want to stand, each at least `gap` from the next.

    Neighbours that would touch become a block centred on their mean wish; blocks stay between low and high where there is room.
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[tuple[float, int]] = []
    for at in order:
        centre, count = wanted[at], 1
        while True:
            half = gap * (count - 1) / 2
            centre = min(max(centre, low + half), max(high - half, low + half))
            if not blocks or blocks[-1][0] + gap * (blocks[-1][1] - 1) / 2 + gap <= centre - half + 1e-9:
                break
            before, many = blocks.pop()
            centre, count = (before * many + centre * count) / (many + count), many + count
        blocks.append((centre, count))
    places = [centre + gap * (step - (count - 1) / 2) for centre, count in blocks for step in range(count)]
    found = [0.0] * len(order)
    for at, place in zip(order, places, strict=True):
        found[at] = place
    return found
