"""The result of all trials in a table for the screen, and in a few counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sim.claims.plan import Examined
from sim.claims.tables import deciding_place
from sim.claims.trials import Trial

CAUTION = "A verdict says what this model makes of a claim under its own assumptions. It says nothing certain about the world."
SHORT = {"supported": "yes", "refuted": "no", "undecided": "open", "not expressible": "-"}
STANDINGS = {
    "finding": "finding",
    "partly by construction": "partly built",
    "by construction": "built in",
    "circular by coding": "circular",
}
TITLES = {
    "finding": "Findings",
    "partly by construction": "Partly by construction",
    "by construction": "By construction or coding, no findings",
    "circular by coding": "By construction or coding, no findings",
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


def counts(examined: Sequence[Examined]) -> dict[str, Counter[str]]:
    """How many claims have which verdict, by what their test can be worth; what holds by construction or coding is no finding."""
    found: dict[str, Counter[str]] = {title: Counter() for title in TITLES.values()}
    for each in examined:
        found[TITLES[each.standing]][each.verdict] += 1
    return found


def summary_told(examined: Sequence[Examined]) -> str:
    """How many claims came out how, what the control says, and which verdicts another form of the model turns over."""
    lines = [f"{title}: {_counted(found)}" for title, found in counts(examined).items() if found]
    tried = [each for each in examined if each.control is not None]
    changed = sum(bool(each.is_changed_by_labels) for each in tried)
    if tried:
        lines.append(
            f"Control: with countries' numbers changed about under their names, {changed} of {len(tried)} verdicts on claims that name "
            "particular countries change"
        )
    robust = [each for each in examined if each.fragile is not None]
    if robust:
        fragile = [each.claim.id for each in robust if each.fragile]
        lines.append(f"Other forms of the model turn over {len(fragile)} of {len(robust)} verdicts: {', '.join(fragile) or 'none'}")
    return "\n".join(lines) + "\n"


def _counted(counter: Counter[str]) -> str:
    verdicts = ("supported", "refuted", "undecided", NOT_EXPRESSIBLE)
    return f"{counter.total()} claim{'s' if counter.total() != 1 else ''}, " + ", ".join(
        f"{counter[verdict]} {verdict}" for verdict in verdicts if counter[verdict]
    )
