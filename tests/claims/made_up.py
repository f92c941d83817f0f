"""Made-up verdicts: tables as trials leave them, without any trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.claims.tables import BOXES, csv_text
from sim.claims.told import Told, told

READINGS = {"documents": "As coded", "rival": "Russia overrated", "dangerous": "Unrest as a lever"}
CLAIM = {"says": "Calm helps.", "refs": "A1-5 B7", "standing": "finding", "sure": "stated", "note": "It runs through calm."}
HALF = {"about": "more calm", "measure": "calm", "contrast": "as_was - without", "expects": "sign +", "bound": 0.02, "unit": "months"}
Row = dict[str, Any]


class Made:
    """Tables being made up, one claim after another."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in ("claims", "expectations", "power", "robustness", "control")}
        self.boxes: list[Row] = []

    def claim(self, id: str, *verdicts: str, halves: tuple[Row, ...] = ({},), **given: Any) -> Made:
        """A claim with a verdict over each reading, or none; each half may say other things than the usual."""
        head = {**CLAIM, "claim": id, "title": f"{id} against nothing", **given}
        if not verdicts:
            self.tables["claims"].append({**head, "verdict": "not expressible", "why": given.get("why", "no such thing")})
        for reading, verdict in zip(READINGS, verdicts, strict=False):
            self.tables["claims"].append({**head, "reading": reading, "verdict": verdict, "holds_in": 0.5, "runs": 8})
            for number, half in enumerate(halves):
                own = {"effect": 0.05, "low": 0.04, "high": 0.06, "verdict": verdict, "why": "", "holds_in": 0.5, "runs": 8}
                place = {"claim": id, "reading": reading, "number": number}
                self.tables["expectations"].append({**HALF, **own, **half, **place})
        return self

    def row(self, name: str, **given: Any) -> Made:
        """A row of another table."""
        self.tables[name].append(given)
        return self

    def box(self, **sentences: str) -> Made:
        """What a sweep says of where a question breaks."""
        head = {"title": "Where it fails", "command": "suasion sweep experiments/fails.yaml --runs 8 --seed 1"}
        self.boxes += [{**head, "kind": kind, "words": words} for kind, words in sentences.items()]
        return self

    @property
    def texts(self) -> dict[str, str]:
        """The tables as texts of CSV files."""
        tables: Mapping[str, list[Row]] = {**self.tables, **({BOXES: self.boxes} if self.boxes else {})}
        return {name: csv_text(name, rows) for name, rows in tables.items()}

    def told(self, command: str = "suasion claims") -> Told:
        """What they tell."""
        return told(self.texts, READINGS, command)


def null(claim: str, reading: str, *effects: float) -> list[Row]:
    """Power checks of a null whose bound is 0.1, the last of which leaves it where it is beyond."""
    multiples = (1.5, 2.0, 3.0, 5.0, 10.0)
    return [
        {
            "claim": claim, "reading": reading, "number": 0, "multiple": multiple, "within": 0.1, "effect": effect, "low": effect - 0.01,
            "high": effect + 0.01, "leaves": abs(effect) > 0.11,
        }
        for multiple, effect in zip(multiples, effects, strict=False)
    ]  # fmt: skip
