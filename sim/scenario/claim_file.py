"""What a claim file may say beside its scenario: arms, measures, what is expected of them, and over which readings it is tried."""

# ruff: noqa: RUF012 (defaults are copied for each part, so they may be mutable)

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.distributions import Finite
from sim.scenario.kinds import Id, Month, Part, Prose, Text
from sim.scenario.schema import Ensemble, Scenario

MOST_ARMS = 20
MOST_MEASURES = 50

Over = Literal["mean", "sum", "max", "min"]
Take = Literal["mean", "sum", "peak", "change"]
MOMENTS = ("end", "start", "mean", "sum", "peak", "change")
Overlay = dict[str, Any]
Size = Annotated[Finite, Field(ge=0)]


def _as_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


# An id, or the two halves of an instrument or an event, such as russia.energy.
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,66}$")]
Words = Annotated[list[Word], BeforeValidator(_as_list), Field(min_length=1)]
Two = Annotated[list[Id], Field(min_length=2, max_length=2)]
Several = Annotated[list[Id], Field(min_length=2)]


class When(Part):
    """A moment or a window of a history: one word, a month, a window with what is taken over it, or the first month of something.

    In a file a word or a month stands bare: when: end, when: 2018-12.
    """

    at: Text | None = None
    since: Annotated[Month | None, Field(alias="from")] = None
    to: Month | None = None
    of: Take = "mean"
    first: Literal["above", "below"] | None = None
    than: Finite | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, given: Any) -> Any:
        return {"at": given} if isinstance(given, str) else given


class Measure(Part):
    """A number read off each history, or made of others; with `above` or `below` it is turned into yes or no, 1 or 0."""

    outcome: Text | None = None
    variable: Id | None = None
    where: dict[Id, Words] = {}
    across: Over = "mean"
    when: When = When(at="mean")
    difference: Two | None = None
    ratio: Two | None = None
    sum: Several | None = None
    mean: Several | None = None
    both: Several | None = None
    order: Several | None = None
    correlation: Two | None = None
    above: Finite | None = None
    below: Finite | None = None

    @property
    def form(self) -> str:
        """How it is measured."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures that it is made of."""
        return () if self.form in READ_OFF else tuple(getattr(self, self.form))

    @property
    def is_yes_no(self) -> bool:
        """Whether it says of each history only whether something is so."""
        return self.above is not None or self.below is not None or self.both is not None


READ_OFF = ("outcome", "variable")
FORMS = (*READ_OFF, "difference", "ratio", "sum", "mean", "both", "order", "correlation")
OF_VARIABLES = ("where", "across", "when")


class Expectation(Part):
    """What is expected of one measure, as a contrast of arms run by run: a sign with a smallest effect, a null, or a bound.

    `of` less `against`, or a weight for each arm. `least` is the smallest effect that counts, in the measure's unit.
    """

    measure: Id
    of: Id | None = None
    against: Id | None = None
    contrast: Annotated[dict[Id, Finite], Field(min_length=1)] | None = None
    sign: Literal["+", "-"] | None = None
    least: Size | None = None
    within: Annotated[Finite, Field(gt=0)] | None = None
    power: bool = True
    above: Finite | None = None
    below: Finite | None = None
    about: Text = ""

    @property
    def weights(self) -> dict[str, float]:
        """How each arm counts in the contrast."""
        if self.contrast is not None:
            return dict(self.contrast)
        return {name: weight for name, weight in ((self.of, 1.0), (self.against, -1.0)) if name is not None}

    @property
    def kind(self) -> str:
        """What kind of statement it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)


KINDS = ("sign", "within", "above", "below")


class Pairs(Ensemble):
    """How many histories each arm has: at least two, since an effect has an interval."""

    runs: int = Field(default=500, ge=2, le=1_000_000)


class Own(Part):
    """What a claim file says beside its scenario, or of it without changing it."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    claim: Id
    title: Text
    note: Prose = ""
    ensemble: Pairs = Pairs()
    arms: dict[Id, Overlay] = Field(default={}, max_length=MOST_ARMS)
    measures: dict[Id, Measure] = Field(default={}, max_length=MOST_MEASURES)
    expect: list[Expectation] = []
    readings: list[Id] | None = None
    not_expressible: Prose | None = None


class ClaimFile(Scenario):
    """A scenario and what a claim says of it."""

    claim: Id
    arms: dict[Id, Overlay] = Field(default={}, max_length=MOST_ARMS)
    measures: dict[Id, Measure] = Field(default={}, max_length=MOST_MEASURES)
    expect: list[Expectation] = []
    readings: list[Id] | None = None
    not_expressible: Prose | None = None


class Reading(Part):
    """One reading of the documents: the scenario that a claim is read over."""

    id: Id
    title: Text
    extends: Text


class ReadingsFile(Part):
    """The readings that claims are tried over; the first is the one that claims extend."""

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    note: Prose = ""
    readings: Annotated[list[Reading], Field(min_length=1)]
