"""The mechanisms that may carry a difference between two arms: groups of variables, each moved by acts of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.roster import Roster
from sim.turn import TURN, words
from sim.world import VARIABLES

START = "start"
OWN = "own"


@dataclass(frozen=True)
class Mechanism:
    """A group of variables that move together, in the field's words. `said` names it inside a sentence."""

    name: str
    label: str
    said: str
    variables: tuple[str, ...]


# What an act writes stands in one mechanism as a whole, but for the ladders, whose own work is no matter of the offer's credit.
MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "outer_world",
        "Outer world and dated levels",
        "the outer world and its dated levels",
        words("driver condition hostility war policy_cost"),
    ),
    Mechanism("budgets", "Attention and budgets", "the powers' attention and budgets", words("attention budget")),
    Mechanism(
        "efforts", "What powers do, see and learn", "what the powers do, see and learn",
        words("plan effort potency belief visible seen_acts"),
    ),
    Mechanism("leverage", "Leverage", "leverage", words("leverage")),
    Mechanism(
        "governments", "Governments and their leaders", "the governments' courses",
        words("course words alignment shift lean fresh mood_course"),
    ),
    Mechanism(
        "happenings", "Deeds and events", "deeds and events",
        words("deed deed_memory happened event_memory success_memory"),
    ),
    Mechanism(
        "publics", "Publics and false belief", "public opinion and false belief",
        words("opinion false_belief narrative mood_opinion"),
    ),
    Mechanism(
        "unrest", "Unrest and calm for concessions", "unrest",
        words(
            "pressure tension tension_home tension_power tension_luck tension_given mood_tension",
            "offered accepted calm_left concessions",
        ),
    ),
    Mechanism("resilience", "Resilience, capture, autonomy", "resilience, capture and autonomy", words("resilience capture autonomy")),
    Mechanism("ladders", "Progress on the ladders", "progress on the ladders", words("progress rung")),
    Mechanism("offers", "Credibility and unity of the clubs", "the clubs' credibility and unity", words("credibility unity")),
    Mechanism("disputes", "Disputes and talks", "disputes and talks", words("talks deal overlap normalisation recognition")),
    Mechanism(
        START, "Where the world starts", "where the world starts",
        words("watched used_to promised leant united"),
    ),
)  # fmt: skip

WRITTEN = frozenset(name for act in TURN for name in act.writes)
PINNABLE = frozenset(name for mechanism in MECHANISMS for name in mechanism.variables)
# What follows from the month's stocks; nobody's but the outcome's own where the outcome is read off one of them.
READINGS = tuple(name for name in VARIABLES if name not in PINNABLE)


@dataclass(frozen=True)
class Cast:
    """The mechanisms that may carry a difference in an outcome, and the variables that are the outcome's own."""

    mediators: tuple[Mechanism, ...]
    own: Mechanism

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the mediators."""
        return tuple(mechanism.name for mechanism in self.mediators)


def cast_for(roster: Roster, needs: Iterable[str], mechanisms: tuple[Mechanism, ...] = MECHANISMS) -> Cast:
    """Who may carry a difference in what is read off the variables `needs`.

    The mechanism that moves one of them is the outcome's own and carries nothing: pinned, it would carry everything. The readings
    are own variables too. A mechanism all of whose variables are empty in this world is left out.
    """
    needed = set(needs)
    own = tuple(name for each in mechanisms if needed & set(each.variables) for name in each.variables)
    there = [each for each in mechanisms if not needed & set(each.variables) and any(_size(roster, name) for name in each.variables)]
    return Cast(tuple(there), Mechanism(OWN, "Directly on it and by itself", "directly on it and by itself", (*own, *READINGS)))


def _size(roster: Roster, variable: str) -> int:
    size = 1
    for axis in VARIABLES[variable].axes:
        size *= roster.size(axis)
    return size
