"""The result of all trials in a table for the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.claims.plan import Examined
from sim.claims.tables import deciding_place
from sim.claims.trials import Trial
from sim.claims.wording import CAUTION

SHORT = {"supported": "yes", "refuted": "no", "undecided": "open", "not expressible": "-"}
STANDINGS = {
    "finding": "finding",
    "partly by construction": "partly built",
    "by construction": "built in",
    "circular by coding": "circular",
}
LONGEST_CLAIM = 46
NOT_EXPRESSIBLE = "not expressible"


def table_told(examined: Sequence[Examined]) -> str:
    """One line a claim: its standing, its verdict over each reading, and the effect that decides with its interval."""
    readings = list(dict.fromkeys(reading for each in examined for reading in each.trials))
    head = ("id", "claim", "standing", *readings, "effect", "95% interval", "draws", "what")
    rows = [head, *(_row(each, readings) for each in examined)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(
        [CAUTION, "yes: supported; no: refuted; open: undecided. draws: share of runs in which all of it holds.", "", *lines, ""]
    )


def _row(each: Examined, readings: Sequence[str]) -> tuple[str, ...]:
    says = each.coded.claim if each.coded is not None else each.claim.title
    verdicts = [SHORT[each.trials[reading].verdict] if reading in each.trials else "-" for reading in readings]
    left = (each.claim.id, _cut(says), STANDINGS[each.standing], *verdicts)
    if each.main is None:
        return (*left, "", "", "", NOT_EXPRESSIBLE)
    return (*left, *_effect(each.main), f"{each.main.holds_in:.0%}", _what(each, each.main))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CLAIM else text[: LONGEST_CLAIM - 3].rstrip() + "..."


def _effect(trial: Trial) -> tuple[str, str]:
    effect = trial.found[deciding_place(trial)].effect
    interval = f"{effect.low:.3g} to {effect.high:.3g}" if math.isfinite(effect.low) else "-"
    return f"{effect.value:.3g}" if math.isfinite(effect.value) else "-", interval


def _what(each: Examined, trial: Trial) -> str:
    found = trial.found[deciding_place(trial)]
    words = [found.expectation.about or found.expectation.measure]
    if found.judgement.why:
        words.append(found.judgement.why)
    if each.fragile:
        words.append(f"fragile: {', '.join(each.fragile)}")
    return "; ".join(words)
