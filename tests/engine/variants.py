"""Variants of the small scenario that tests ask for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sim.scenario.reading import read_scenario, read_text
from sim.scenario.schema import Scenario
from tests.scenario.small import SMALL


def without(text: str, section: str) -> str:
    """A scenario's text without one of its optional sections and without all that names what stood in it."""
    plain: dict[str, Any] = read_text(text).dumped()
    gone = plain.pop(section, {})
    for power in plain["powers"].values():
        power["attention"].get("distraction", {}).clear() if section == "drivers" else None
        power.get("drivers", {}).clear() if section == "drivers" else None
        power["objectives"].get("membership", {}).clear() if section == "institutions" else None
    for channel in plain["channels"].values():
        channel["effects"].get("accession", {}).clear() if section == "institutions" else None
    for country in plain["countries"].values():
        for key in ("aspiration", "membership") if section == "institutions" else ():
            country.pop(key, None)
    if section in ("institutions", "conditions"):
        plain.pop("gates", None)
    return json.dumps(plain) if gone else text


def changed_text(text: str, change: Any) -> Scenario:
    """The scenario that a text makes after a function has changed its plain values."""
    plain = read_text(text).dumped()
    change(plain)
    return read_text(json.dumps(plain))


def wide_scenario() -> Scenario:
    """The small scenario with a dozen channels, countries, members and drivers: more than NumPy sums one by one."""

    def widen(plain: dict[str, Any]) -> None:
        odd = [round(0.1 + 0.0737 * place, 6) for place in range(12)]
        for place in range(1, 10):
            plain["channels"][f"c{place}"] = plain["channels"]["trade"] | {"name": f"c{place}", "weight": odd[place]}
            plain["countries"][f"c{place}"] = plain["countries"]["brda"] | {
                "name": f"c{place}",
                "neighbours": [],
                "tension": odd[place] / 2,
            }
            plain["institutions"]["union"]["members"][f"m{place}"] = {"name": f"m{place}", "stance": odd[place]}
            plain["drivers"][f"d{place}"] = plain["drivers"]["gas"] | {"name": f"d{place}", "level": 20 + odd[place]}
            for power in plain["powers"].values():
                power["stakes"][f"c{place}"] = odd[place]
                power["skill"][f"c{place}"] = odd[place]
                power.setdefault("drivers", {})[f"d{place}"] = odd[place] / 5
                power["attention"].setdefault("distraction", {})[f"d{place}"] = odd[place] / 5
        for country in plain["countries"].values():
            country.pop("iso3", None)
            for dependence in country["dependence"].values():
                dependence["channels"] = {}
        plain["channels"] = {name: channel | {"weight": channel["weight"]} for name, channel in plain["channels"].items()}

    return changed_text(SMALL, widen)


def full_scenario() -> Scenario:
    """A scenario that says every number the schema has a place for: the small one with entities and another club."""

    def fill(plain: dict[str, Any]) -> None:
        countries, entity = plain["countries"], dict(plain["countries"]["brda"])
        for key in ("iso3", "aspiration", "membership"):
            entity.pop(key)
        for name, share in (("dona", 0.6), ("gora", 0.2)):
            countries[name] = entity | {
                "name": name,
                "part_of": "cer",
                "neighbours": [],
                "autonomy": share,
                "veto": 0.5,
                "population": share,
            }
        countries["cer"] = {"name": "Cer", "dependence": {"west": {"usual": 0.2}}, "aspiration": {"union": 0.4}}
        countries["cer"]["membership"] = {"union": {"stage": "outside", "progress": 0.3}}
        plain["institutions"]["pact"] = plain["institutions"]["union"] | {"name": "Pact", "alliance": True, "grantor": "east"}
        plain["institutions"]["pact"]["stages"] = {stage: {"name": stage, "months": 5, "consent": 0.5} for stage in ("outside", "member")}
        plain["gates"]["agreed"] = plain["gates"]["settled"] | {"name": "Agreed", "countries": ["cer"], "watches": {"entities": True}}

    return changed_text(SMALL, fill)


@cache
def balkans() -> Scenario:
    """The largest scenario that comes with the program: every chapter of the model is at work in it."""
    return read_scenario(Path(__file__).resolve().parents[2] / "scenarios" / "western_balkans_2017.yaml")
