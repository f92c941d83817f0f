"""What the numbers of a measure are in, as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from sim.claims.selecting import POSITION, metric_of
from sim.scenario.claim_file import Measure
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

HISTORIES = "share of histories"
OF_ONE = "on a scale of 0 to 1"
# Units of measures that are made of others, whatever those are in.
MADE = {"ratio": "times", "order": "rank correlation", "correlation": "correlation"}
MONTHS = "months"


def unit_of(scenario: Scenario, measures: Mapping[str, Measure], name: str) -> str:
    """The unit of a measure, or nothing where its parts are in different ones."""
    measure = measures[name]
    if measure.is_yes_no:
        return HISTORIES
    match measure.form:
        case "outcome":
            assert measure.outcome is not None
            return _of_outcome(metric_of(scenario, measure.outcome).unit, measure.outcome)
        case "variable":
            return _of_variable(measure)
    if measure.form in MADE:
        return MADE[measure.form]
    units = {unit_of(scenario, measures, part) for part in measure.parts}
    return units.pop() if len(units) == 1 else ""


def _of_outcome(unit: str, column: str) -> str:
    if column.endswith(".month"):
        return MONTHS
    return {"stage": "stages", "share": OF_ONE}.get(unit, HISTORIES if unit.startswith("yes or no") else unit)


def _of_variable(measure: Measure) -> str:
    """Months where a first month is looked for; a sum of shares is no share."""
    if measure.when.first is not None:
        return MONTHS
    if measure.variable == POSITION:
        return "stages"
    assert measure.variable is not None
    kind = VARIABLES[measure.variable]
    if kind.unit == "share":
        return "sum of shares" if "sum" in (measure.across, measure.when.at, measure.when.of) else OF_ONE
    return {"stage": "stages", "value": f"units of {kind.label.lower()}"}.get(kind.unit, kind.unit)
