"""Small drawings of the report about claims: marks of verdicts, and effects as dot and interval against the least that counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from sim.charts.style import literal
from sim.claims.told import Half, Span
from sim.claims.wording import amount, effect_told, expected

# Shapes, so that no verdict is told by its colour alone. On a square of 14.
SHAPES = {
    "supported": '<circle cx="7" cy="7" r="6" class="full"/><path d="M3.8 7.2 6.2 9.6 10.4 4.9" class="cut"/>',
    "refuted": '<path d="M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5" class="stroke"/>',
    "undecided": '<circle cx="7" cy="7" r="5.2" class="stroke"/>',
    "not expressible": '<path d="M2.5 7H11.5" class="stroke"/>',
}
# Units of the drawing: its width, the height of a row and of the numbers below, and what is left free at both ends.
WIDTH, ROW, FOOT, EDGE = 220.0, 18.0, 13.0, 8.0
# Below this distance two numbers under the axis would run into each other.
APART = 30.0


def mark(verdict: str, words: bool = True) -> str:
    """A verdict: its shape, and in words."""
    kind = verdict.replace(" ", "-")
    drawn = f'<svg class="mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">{SHAPES[verdict]}</svg>'
    return f'<span class="verdict {kind}">{drawn}{escape(verdict) if words else ""}</span>'


def drawing(halves: Sequence[Half]) -> str:
    """The effects of one expectation, a row each, against where the claim would hold; nothing where one has no interval."""
    if not halves or not all(half.effect.is_known and math.isfinite(half.bound) for half in halves):
        return ""
    scale = _Scale(halves)
    height = ROW * len(halves) + FOOT
    rows = "".join(_row(half, scale, ROW * (place + 0.5)) for place, half in enumerate(halves))
    told = "; ".join(f"{effect_told(half)}, {half.verdict}" for half in halves)
    words = escape(literal(f"{halves[0].about}, expected {expected(halves[0])}: {told}"))
    inside = f"{scale.ground(height - FOOT)}{rows}{scale.numbers(height - 2)}"
    size = f'viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}"'
    return f'<svg class="effect" {size} role="img" aria-label="{words}">{inside}</svg>'


def _row(half: Half, scale: _Scale, y: float) -> str:
    effect, kind = half.effect, half.verdict.replace(" ", "-")
    x = scale.x(effect.value)
    low, high = scale.x(effect.low), scale.x(effect.high)
    line = f'<path d="M{low:.1f} {y:g}H{high:.1f}M{low:.1f} {y - 3:g}v6M{high:.1f} {y - 3:g}v6" class="interval"/>'
    dot = {
        "supported": f'<circle cx="{x:.1f}" cy="{y:g}" r="4.2" class="full"/>',
        "refuted": f'<path d="M{x - 3.6:.1f} {y - 3.6:g}l7.2 7.2m0-7.2l-7.2 7.2" class="stroke"/>',
    }.get(half.verdict, f'<circle cx="{x:.1f}" cy="{y:g}" r="3.8" class="open stroke"/>')
    return f'<g class="{kind}">{line}{dot}</g>'


class _Scale:
    """Where values lie across a drawing, and where on it the claim would hold."""

    def __init__(self, halves: Sequence[Half]) -> None:
        self.half = halves[0]
        self.bounds = self.half.bound, *([-self.half.bound] if self.half.is_null else [])
        if self.half.expects == "sign -":
            self.bounds = (-self.half.bound,)
        known = [*self.bounds, *(each for half in halves for each in _ends(half.effect))]
        self.has_zero = not self.half.is_level or self.half.is_null
        known += [0.0] if self.has_zero else []
        self.low, self.high = min(known), max(known)
        self.wide = (self.high - self.low) or 1.0

    def x(self, value: float) -> float:
        """Where a value lies."""
        return EDGE * 2 + (WIDTH - EDGE * 4) * (value - self.low) / self.wide

    def ground(self, height: float) -> str:
        """Shaded where the claim would hold, a line at nothing, dashes at the least that counts."""
        ends = sorted(self.x(bound) for bound in self.bounds)
        if self.half.is_null:
            left, right = ends
        elif self.half.expects in ("sign +", "above"):
            left, right = ends[0], WIDTH
        else:
            left, right = 0.0, ends[0]
        zero = f'<path d="M{self.x(0):.1f} 0V{height:g}" class="zero"/>' if self.has_zero else ""
        dashes = "".join(f"M{end:.1f} 0V{height:g}" for end in ends)
        shade = f'<rect x="{left:.1f}" y="0" width="{right - left:.1f}" height="{height:g}" class="holds"/>'
        return f'{shade}{zero}<path d="{dashes}" class="least"/>'

    def numbers(self, y: float) -> str:
        """The least that counts, and nothing, in figures below; those that would run into others are left out."""
        told, taken = [], list[float]()
        for value in (*self.bounds, *([0.0] if self.has_zero else [])):
            x = self.x(value)
            if all(abs(x - other) >= APART for other in taken):
                taken.append(x)
                told.append(f'<text x="{x:.1f}" y="{y:g}" class="{_anchor(x)}">{escape(amount(value))}</text>')
        return "".join(told)


def _anchor(x: float) -> str:
    """On which side of its place a number stands, so that it stays inside."""
    return "start" if x < EDGE * 3 else "end" if x > WIDTH - EDGE * 3 else "middle"


def _ends(effect: Span) -> tuple[float, float]:
    return effect.low, effect.high
