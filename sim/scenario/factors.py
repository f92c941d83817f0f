"""What an experiment file may say beside its scenario: factors, a design, arms, and what is looked at; and how many points that makes."""

# ruff: noqa: RUF012 (defaults are copied for each part, so they may be mutable)

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.scenario.distributions import EvidenceReferences, Finite
from sim.scenario.kinds import Id, Part, Path, Text
from sim.scenario.questions import Discover, Goal, Tipping
from sim.scenario.schema import Scenario

Way = Literal["set", "scale", "add"]
Method = Literal["grid", "latin_hypercube", "sobol", "morris", "one_at_a_time", "list", "variance"]

MOST_POINTS = 1_000_000
MOST_ROWS = 10_000_000
LONGEST_ID = 32
MORRIS_LEVELS = 4
MOST_ARMS = 100


class Factor(Part):
    """A lever of a design: one number of the world, or several that move together, and the values it may take.

    It goes from `low` to `high`, evenly or by equal factors (`spacing: log`), in whole numbers if `whole`; or it takes one of
    `values`. A file that gives neither means the number's own range. With `way` scale or add the values are factors of, or
    additions to, what the number is otherwise. `levels` is for a grid.
    """

    id: Id = "factor"
    path: Path | None = None
    paths: Annotated[tuple[Path, ...], Field(strict=False, min_length=1)] | None = None
    way: Way = "set"
    low: Finite | None = None
    high: Finite | None = None
    levels: Annotated[int, Field(ge=2)] | None = None
    spacing: Literal["linear", "log"] = "linear"
    whole: bool = False
    values: Annotated[tuple[Finite, ...], Field(strict=False, min_length=2)] | None = None
    name: Text | None = None
    evidence: EvidenceReferences = ()
    record: Text | None = None
    assumption: Text | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        """A factor without an id is called by its path."""
        if isinstance(given, dict) and "id" not in given:
            return {**given, "id": id_of(given.get("path"), given.get("paths"))}
        return given

    @property
    def targets(self) -> tuple[str, ...]:
        """The paths it changes."""
        return self.paths if self.paths is not None else (self.path,) if self.path is not None else ()

    @property
    def span(self) -> tuple[float, float]:
        """Its lowest and highest value.

        Raises: ValueError, when it has neither low and high nor values.
        """
        if self.values is not None:
            return min(self.values), max(self.values)
        if self.low is None or self.high is None:
            raise ValueError(f"the factor {self.id} has neither low and high nor values")
        return self.low, self.high


class Design(Part):
    """How the points of an experiment are chosen.

    `points` counts points of a Latin hypercube, base samples of Sobol's sequence, trajectories of Morris's screening, or draws of
    the scenario's own uncertain numbers (method variance). `seed` is the design's own luck and moves no history.
    """

    method: Method
    points: Annotated[int, Field(ge=1)] | None = None
    levels: Annotated[int, Field(ge=2)] | None = None
    second_order: bool = False
    file: Text | None = None
    seed: int = Field(default=1, ge=0, lt=2**64)


Overlay = dict[str, Any]


class Own(Part):
    """What an experiment says beside its scenario."""

    design: Design | None = None
    factors: list[Factor] = []
    arms: dict[Id, Overlay] = Field(default={}, max_length=MOST_ARMS)
    summary: list[Id] = []
    focus: list[Text] = []
    discover: Discover | None = None
    tipping: Tipping | None = None
    goals: list[Goal] = []
    owners: dict[Id, Id] = Field(default={}, max_length=MOST_ARMS)


class ExperimentFile(Scenario):
    """A scenario and what is asked of it by varying it."""

    design: Annotated[Design | None, Field(description="How the points are chosen.")] = None
    factors: Annotated[list[Factor], Field(description="What varies.")] = []
    arms: Annotated[dict[Id, Overlay], Field(description="Named variants of the scenario.", max_length=MOST_ARMS)] = {}
    summary: Annotated[list[Id], Field(description="Variables of the world whose course by month is kept.")] = []
    focus: Annotated[list[Text], Field(description="Columns of outcomes that are analysed and charted.")] = []
    discover: Annotated[Discover | None, Field(description="Where in the space of factors something happens.")] = None
    tipping: Annotated[Tipping | None, Field(description="Where along one factor an outcome tips.")] = None
    goals: Annotated[list[Goal], Field(description="What policies are judged by.")] = []
    owners: Annotated[dict[Id, Id], Field(description="Whose policy each arm is.", max_length=MOST_ARMS)] = {}


# Keys of a design beside its method: what each method needs, and what else it takes.
NEEDED: dict[str, str] = {"latin_hypercube": "points", "sobol": "points", "morris": "points", "variance": "points", "list": "file"}
TAKEN: dict[str, frozenset[str]] = {
    "grid": frozenset(),
    "latin_hypercube": frozenset({"points", "seed"}),
    "sobol": frozenset({"points", "second_order", "seed"}),
    "morris": frozenset({"points", "levels", "seed"}),
    "one_at_a_time": frozenset(),
    "list": frozenset({"file"}),
    "variance": frozenset({"points"}),
}


def id_of(path: Any, paths: Any = None) -> str:
    """What a factor without an id is called: the last of its paths, as many of its last words as an id may hold.

    id_of("powers.eu.capacity") == "powers_eu_capacity"
    """
    last = paths[-1] if isinstance(paths, Sequence) and not isinstance(paths, str) and paths else path
    words = [clean for word in str(last).split(".") if (clean := re.sub(r"[^A-Za-z0-9_-]", "", word).lstrip("-"))] or ["factor"]
    name = words.pop()[:LONGEST_ID]
    while words and len(words[-1]) + 1 + len(name) <= LONGEST_ID:
        name = f"{words.pop()}_{name}"
    return name


def levels_of(factor: Factor) -> int:
    """How many values a factor takes in a grid."""
    if factor.values is not None:
        return len(factor.values)
    if not factor.whole or factor.low is None or factor.high is None or factor.spacing == "log":
        return factor.levels or 1
    there_are = max(1, math.floor(factor.high) - math.ceil(factor.low) + 1)
    return min(factor.levels, there_are) if factor.levels is not None else there_are


def sample_size(design: Design | None, factors: Sequence[Factor]) -> int:
    """How many points a design makes of each arm, equal ones counted again; nothing is built. A list's are not known here."""
    if design is None:
        return 1
    points, k = design.points or 1, len(factors)
    match design.method:
        case "grid":
            return math.prod(levels_of(factor) for factor in factors)
        case "sobol":
            return points * ((2 if design.second_order else 1) * k + 2)
        case "morris":
            return points * (k + 1)
        case "one_at_a_time":
            return 1 + 2 * k
        case "list":
            return 1
        case _:
            return points
