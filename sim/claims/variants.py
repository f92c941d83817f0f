"""Other forms of the model that a verdict should survive: another order of acts, other labels, other widths, other functional forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from sim.arrays import minimum
from sim.axes import Array
from sim.draws import Luck
from sim.numbers import Numbers
from sim.rules.leverage import floor, gain, kept_back
from sim.scenario.distributions import Quantity
from sim.scenario.places import bounds_at
from sim.scenario.schema import Scenario
from sim.turn import TURN, Act
from sim.world import World

# Sections whose entries draw luck of their own.
STREAMED = ("powers", "channels", "countries", "institutions", "deeds", "events")
SHARPER = 5.0


@dataclass(frozen=True)
class Variant:
    """One other form: a change of the world, another turn, or blocks of twice the width."""

    title: str
    world: Callable[[Scenario], Scenario] = lambda scenario: scenario
    turn: tuple[Act, ...] = TURN
    is_wide: bool = False


def relabelled(scenario: Scenario) -> Scenario:
    """The scenario with other stream keys for everybody: other luck, other draws of the numbers, another order along every axis."""

    def other(section: str) -> dict[str, Any]:
        entries: Mapping[str, Any] = getattr(scenario, section)
        return {name: entry.model_copy(update={"stream": _key(section, name)}) for name, entry in entries.items()}

    return scenario.model_copy(update={section: other(section) for section in STREAMED})


def _key(section: str, name: str) -> str:
    return blake2b(f"{section}/{name}".encode(), digest_size=8).hexdigest()


def decisiveness(factor: float) -> Callable[[Scenario], Scenario]:
    """A change of how decisive the contest is; the start is solved anew."""

    def changed(scenario: Scenario) -> Scenario:
        contest = scenario.mechanics.contest
        other = multiplied(contest.decisiveness, factor, "mechanics.contest.decisiveness")
        mechanics = scenario.mechanics.model_copy(update={"contest": contest.model_copy(update={"decisiveness": other})})
        return scenario.model_copy(update={"mechanics": mechanics})

    return changed


def sharper(scenario: Scenario) -> Scenario:
    """The scenario with powers that choose nearly the best reply, much sharper than by their own rationality."""
    powers = {
        name: power.model_copy(update={"rationality": multiplied(power.rationality, SHARPER, f"powers.{name}.rationality")})
        for name, power in scenario.powers.items()
    }
    return scenario.model_copy(update={"powers": powers})


def multiplied(number: Quantity, factor: float, path: str) -> Quantity:
    """A number times a factor, its distribution with it, kept inside the bounds of its path."""
    bounds = bounds_at(path)
    kind, parameters = number.form
    scaled = tuple(min(max(each * factor, bounds.low), bounds.high) for each in parameters)
    if kind == "fixed":
        return number.model_copy(update={"value": scaled[0], "range": None})
    if kind in ("lognormal", "logitnormal"):
        scaled = (scaled[0], *parameters[1:])
    return number.model_copy(update={"value": None, "range": None, kind: scaled})


def linear_leverage(world: World, numbers: Numbers, luck: Luck) -> dict[str, Array]:
    """Leverage that effort adds to without diminishing return, up to a cap of 1; it decays and is eroded as ever."""
    base = numbers.once(floor)
    held = base + kept_back(numbers, world.potency, world.leverage - base)
    return {"leverage": minimum(held + numbers.once(gain) * world.potency, 1.0)}


def with_rule(name: str, rule: Callable[..., dict[str, Array]]) -> tuple[Act, ...]:
    """The turn with another rule for one act."""
    return tuple(replace(act, rule=rule) if act.name == name else act for act in TURN)


AS_IT_IS = ""
VARIANTS: dict[str, Variant] = {
    AS_IT_IS: Variant("the model as it is"),
    "order": Variant("acts in the opposite order", turn=TURN[::-1]),
    "labels": Variant("other labels for everybody's luck and draws", relabelled),
    "width": Variant("blocks of twice the width", is_wide=True),
    "decisiveness_low": Variant("a contest 0.7 times as decisive", decisiveness(0.7)),
    "decisiveness_high": Variant("a contest 1.4 times as decisive", decisiveness(1.4)),
    "best_reply": Variant("powers that choose nearly the best reply", sharper),
    "linear_leverage": Variant("leverage without diminishing return", turn=with_rule("leverage", linear_leverage)),
}
