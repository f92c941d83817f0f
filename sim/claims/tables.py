"""The tables that trials leave: claims, expectations, power checks, other forms of the model, and the control."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.claims.plan import Examined
from sim.claims.trials import Trial
from sim.claims.units import unit_of
from sim.claims.variants import VARIANTS

Row = Mapping[str, Any]

NAMES = ("claims", "expectations", "power", "robustness", "control")


def tables(examined: Sequence[Examined]) -> dict[str, list[Row]]:
    """Every table by name, as rows."""
    makers = (claims, expectations, power, robustness, control)
    return {name: [row for each in examined for row in make(each)] for name, make in zip(NAMES, makers, strict=True)}


COLUMNS: dict[str, tuple[str, ...]] = {
    "claims": (
        "claim", "title", "says", "refs", "standing", "sure", "reading", "verdict", "about", "effect", "low", "high", "holds_in", "runs",
        "failed", "fragile", "changed_by_labels", "why", "note",
    ),
    "expectations": (
        "claim", "reading", "number", "about", "measure", "contrast", "expects", "bound", "unit", "effect", "low", "high", "verdict",
        "why", "holds_in", "runs", "failed",
    ),
    "power": ("claim", "reading", "number", "multiple", "within", "effect", "low", "high", "leaves"),
    "robustness": ("claim", "form", "title", "runs", "verdict_as_it_is", "verdict", "effect_as_it_is", "effect", "low", "high", "flips"),
    "control": ("claim", "named", "verdict", "verdict_with_other_labels", "effect", "effect_with_other_labels", "changed"),
}  # fmt: skip
# One more table, which is not made from trials: where questions break, in sentences of finished sweeps.
BOXES = "boxes"
BOX_COLUMNS = ("title", "command", "kind", "words")


def csv_text(name: str, rows: Sequence[Row]) -> str:
    """A table as the text of a CSV file: numbers with nine digits, nothing where there is nothing."""
    file = io.StringIO()
    columns = BOX_COLUMNS if name == BOXES else COLUMNS[name]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def claims(each: Examined) -> Iterator[Row]:
    """One row a claim and reading: the verdict, and the effect of its deciding expectation."""
    fragile = each.fragile
    base = {
        "claim": each.claim.id,
        "title": each.claim.title,
        "says": each.coded.claim if each.coded is not None else "",
        "refs": " ".join(each.coded.refs) if each.coded is not None else "",
        "standing": each.standing,
        "sure": each.coded.sure if each.coded is not None else None,
    }
    if not each.trials:
        yield {**base, "verdict": each.verdict, "why": each.claim.not_expressible}
    for reading, trial in each.trials.items():
        deciding = trial.found[deciding_place(trial)]
        is_main = trial is each.main
        yield {
            **base,
            "reading": reading,
            "verdict": trial.verdict,
            "about": deciding.expectation.about,
            **_effect(deciding.effect),
            "holds_in": trial.holds_in,
            "runs": trial.runs,
            "failed": trial.failed,
            "fragile": " ".join(fragile) if is_main and fragile is not None else None,
            "changed_by_labels": each.is_changed_by_labels if is_main else None,
            "why": deciding.judgement.why,
            "note": " ".join(each.claim.note.split()) if is_main else "",
        }


def deciding_place(trial: Trial) -> int:
    """The expectation that a verdict rests on: the first whose own verdict is that of the whole."""
    return next((place for place, found in enumerate(trial.found) if found.judgement.verdict == trial.verdict), 0)


def _effect(effect: Any) -> dict[str, Any]:
    return {"effect": effect.value, "low": effect.low, "high": effect.high}


def expectations(each: Examined) -> Iterator[Row]:
    """One row a claim, reading and expectation."""
    for reading, trial in each.trials.items():
        arm = next(iter(trial.claim.arms.values()))
        for number, found in enumerate(trial.found):
            asked = found.expectation
            bound = asked.least if asked.kind == "sign" else getattr(asked, asked.kind)
            yield {
                "claim": each.claim.id,
                "reading": reading,
                "number": number,
                "about": asked.about,
                "measure": asked.measure,
                "contrast": contrast_told(asked.weights),
                "expects": f"sign {asked.sign}" if asked.kind == "sign" else asked.kind,
                "bound": bound,
                "unit": unit_of(arm, trial.claim.measures, asked.measure),
                **_effect(found.effect),
                "verdict": found.judgement.verdict,
                "why": found.judgement.why,
                "holds_in": found.holds_in,
                "runs": found.effect.runs,
                "failed": found.effect.failed,
            }


def contrast_told(weights: Mapping[str, float]) -> str:
    """A contrast of arms as one reads it: distracted - as_was."""
    words = []
    for arm, weight in weights.items():
        size = "" if abs(weight) == 1 else f"{abs(weight):g} "
        words.append(f"{'-' if weight < 0 else '+'} {size}{arm}")
    return " ".join(words).removeprefix("+ ")


def power(each: Examined) -> Iterator[Row]:
    """One row a claim, reading, null and multiple of Russia's capacity."""
    for reading, trial in each.trials.items():
        for number, found in enumerate(trial.found):
            for check in found.power:
                yield {
                    "claim": each.claim.id,
                    "reading": reading,
                    "number": number,
                    "multiple": check.multiple,
                    "within": found.expectation.within,
                    **_effect(check.effect),
                    "leaves": check.leaves,
                }


def robustness(each: Examined) -> Iterator[Row]:
    """One row a claim and form of the model."""
    if each.base is None:
        return
    place = deciding_place(each.base)
    fragile = each.fragile or ()
    for name, trial in each.forms.items():
        yield {
            "claim": each.claim.id,
            "form": name,
            "title": VARIANTS[name].title,
            "runs": trial.runs,
            "verdict_as_it_is": each.base.verdict,
            "verdict": trial.verdict,
            "effect_as_it_is": each.base.found[place].effect.value,
            **_effect(trial.found[place].effect),
            "flips": name in fragile,
        }


def control(each: Examined) -> Iterator[Row]:
    """One row a claim that names particular countries: its verdict where countries have changed places."""
    if each.control is None or each.main is None:
        return
    place = deciding_place(each.main)
    yield {
        "claim": each.claim.id,
        "named": " ".join(each.claim.named),
        "verdict": each.main.verdict,
        "verdict_with_other_labels": each.control.verdict,
        "effect": each.main.found[place].effect.value,
        "effect_with_other_labels": each.control.found[place].effect.value,
        "changed": bool(each.is_changed_by_labels),
    }
