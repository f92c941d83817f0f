"""The JSON Schema of scenario files, as editors use it to complete keys and mark faults while one types."""

from __future__ import annotations

from typing import Any

from sim.scenario.factors import ExperimentFile, Own
from sim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A file may leave out what the file it extends has; in a dated change nothing can be left out.
COMPLETE = frozenset({"Shock", "Policy", "Design"})


def json_schema() -> dict[str, Any]:
    """Every key with its kind, bounds and meaning; a number is a bare number or a mapping with its uncertainty and support."""
    schema = _opened_up(Scenario.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, "$id": "suasion-scenario-1", **schema}


def json_schema_of_experiments() -> dict[str, Any]:
    """The same for experiments: the keys of a scenario, and design, factors, arms, summary and focus; an arm holds scenario keys."""
    schema = _opened_up(ExperimentFile.model_json_schema(by_alias=True))
    own = set(Own.model_fields)
    inside = {key: place for key, place in schema["properties"].items() if key not in own | {"ensemble", "schema"}}
    schema["$defs"]["Arm"] = {
        "title": "Arm",
        "description": "A named variant: what differs from the experiment's scenario.",
        "type": "object",
        "additionalProperties": False,
        "properties": inside,
    }
    arms = schema["properties"]["arms"]
    arms |= {"additionalProperties": False, "patternProperties": {key: {"$ref": "#/$defs/Arm"} for key in arms["patternProperties"]}}
    schema["$defs"]["Factor"]["properties"]["id"].pop("default")
    # Arms may extend scenarios of their own, and then the file itself need not.
    schema["if"] = {"not": {"anyOf": [{"required": ["extends"]}, {"required": ["arms"]}]}}
    return {"$schema": DIALECT, "$id": "suasion-experiment-1", **schema}


def _opened_up(given: dict[str, Any]) -> dict[str, Any]:
    """A schema as files use it: they may extend others, leave out what those have, and write a number bare."""
    schema: dict[str, Any] = _without_null(given)
    parts = schema["$defs"]
    for name, part in parts.items():
        part["description"] = part.get("description", "").partition("\n\n")[0].replace("\n", " ")
        if name not in COMPLETE:
            part.pop("required", None)
    parts["Quantity"] = {"title": "Number", "anyOf": [{"type": "number"}, parts["Quantity"]]}
    parts["Change"] = {"title": "Change", "anyOf": [{"$ref": "#/$defs/Quantity"}, parts["Change"]]}
    required = schema.pop("required")
    schema["properties"]["extends"] = {
        "type": "string",
        "title": "Extends",
        "description": "Another scenario that this one changes: a path inside its own folder, or a world that comes with the program.",
    }
    schema["if"] = {"not": {"required": ["extends"]}}
    schema["then"] = {"required": required}
    return schema


def _without_null(value: Any) -> Any:
    """A schema in which a key that may be left out cannot be written as null, which the reader refuses."""
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without_null(inner) for key, inner in value.items() if not (key == "default" and inner is None)}
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        others = [choice for choice in choices if choice != {"type": "null"}]
        kept.pop("anyOf")
        return {**others[0], **kept} if len(others) == 1 else {**kept, "anyOf": others}
    return kept
