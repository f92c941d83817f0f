"""What an experiment may ask beside its design's own analysis: where something happens, where it tips, whose policy is best."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.distributions import Finite
from sim.scenario.kinds import Id, Part, Text


class Discover(Part):
    """Where in the space of factors an outcome lies below or above a level.

    Each point counts once, by its mean over runs; with `each: run` every history counts. `name` says what happens there, as in
    'the deal fails'.
    """

    outcome: Text
    below: Finite | None = None
    above: Finite | None = None
    each: Literal["point", "run"] = "point"
    name: Text | None = None


class Tipping(Part):
    """Where along the one factor of a grid an outcome's mean crosses a level; without one, where it changes most steeply."""

    outcome: Text
    crosses: Finite | None = None


class Goal(Part):
    """What somebody wants: more of an outcome or less of it, and how much is enough. Without `for` everybody wants it."""

    outcome: Text
    better: Literal["higher", "lower"]
    enough: Finite | None = None
    owner: Id | None = Field(default=None, alias="for")
    name: Text | None = None
