"""What a scenario file may say: every key, its kind, its bounds and its unit."""

# ruff: noqa: RUF012 (defaults are copied for each part, so they may be mutable)

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.clubs import Gate, Institution
from sim.scenario.distributions import Coding, EvidenceReferences, Finite, Quantity, Within
from sim.scenario.doings import Deed, Dispute, Event, Linkage
from sim.scenario.kinds import Amount, Id, Interior, LogOdds, Month, Months, Part, Path, Positive, Prose, Share, Signed, Text, Weight
from sim.scenario.mechanics import Mechanics


class Time(Part):
    """First month and number of months."""

    start: Month
    months: int = Field(ge=1, le=1200)


class Ensemble(Part):
    """How many histories, and the seed that all their luck comes from."""

    runs: int = Field(default=500, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=0, lt=2**64)


class Driver(Part):
    """Something of the outer world that nobody here decides: a price, a pandemic, another theatre's salience."""

    name: Text
    unit: Text = ""
    form: Literal["ratio", "level"] = "ratio"
    level: Amount
    reference: Amount


class Condition(Part):
    """A fact of the world between 0 and 1 that gates can watch and dated changes can move, such as a settled name."""

    name: Text
    level: Share


class Attention(Part):
    """What pulls a power's attention to the region and what pulls it away."""

    speed: Share
    crisis: Amount
    provocation: Amount
    distraction: dict[Id, Amount] = {}


class Objectives(Part):
    """What a power wants; weights are scaled so that their sizes sum to 1."""

    influence: Amount
    membership: dict[Id, Weight] = {}
    unrest: Weight
    resilience: Weight
    autonomy: Weight
    deal: Weight | None = None
    concessions: Weight | None = None


class Power(Part):
    """A great power: an outside actor that spends effort on influence."""

    name: Text
    stream: Id | None = None
    bloc: Id
    capacity: Amount
    drivers: dict[Id, Annotated[Quantity, Within(-3, 3, "elasticity")]] = {}
    attention: Attention
    rationality: Annotated[Quantity, Within(0, 100, "per unit of value")]
    hold_back: Annotated[Quantity, Within(1e-6, 1, "share")]
    bias: Annotated[Quantity, Within(-1.5, 1.5, "log of believed over true skill")]
    learning: Share | None = None
    attribution: Amount
    conditionality: Share
    war: Share
    objectives: Objectives
    stakes: dict[Id, Amount]
    skill: dict[Id, Amount]


class Membership(Part):
    """Where a country stands on an institution's ladder at the start."""

    stage: Id
    progress: Share


class Dependence(Part):
    """How far a country relies on one power, channel by channel; `usual` holds for channels not named."""

    usual: Share
    channels: dict[Id, Share] = {}


class Country(Part):
    """A target country, or an entity inside one (`part_of`).

    A country with entities states only what institutions look at (dependence, aspiration, membership); the rest is the mean of
    its entities by population. Every other country states all but `autonomy` and `veto`, which only entities have.
    """

    name: Text
    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    stream: Id | None = None
    part_of: Id | None = None
    neighbours: list[Id] = []
    dependence: dict[Id, Dependence] = {}
    aspiration: dict[Id, Share] = {}
    membership: dict[Id, Membership] = {}
    kinship: dict[Id, Share] = {}
    opinion: dict[Id, Share] = {}
    permits: dict[Id, Share] = {}
    population: Positive | None = None
    agency: Share | None = None
    pride: Annotated[Quantity, Within(-5, 5, "value")] | None = None
    hedging: Annotated[Quantity, Within(0.05, 5, "value per nat")] | None = None
    fear: Amount | None = None
    tenure: Months | None = None
    tension: Interior | None = None
    grievance: LogOdds | None = None
    nationalism: Share | None = None
    stagnation: Share | None = None
    ethnic_tension: Share | None = None
    presence: Amount | None = None
    resilience: Interior | None = None
    capture: Interior | None = None
    false_belief: Share | None = None
    literacy: Share | None = None
    pickup: Share | None = None
    curb: Share | None = None
    autonomy: Interior | None = None
    veto: Share | None = None


class Effects(Part):
    """What one unit of potency in a channel does, by handle."""

    leverage: Share
    unrest: Share
    resilience: Share
    autonomy: Share
    capture: Share
    falsehood: Share
    precedent: Share
    dispute: Share | None = None
    accession: dict[Id, Signed] = {}


class Channel(Part):
    """A means by which influence travels."""

    name: Text
    stream: Id | None = None
    domain: Literal["elite", "public", "structural", "institutional", "force"]
    medium: Literal["broadcast", "social", "none"] = "none"
    two_way: bool
    consent: bool = False
    staged: bool = False
    crowded_out: bool = False
    weight: Positive
    half_life: Months
    visibility: Share
    acts: Amount | None = None
    act: Text | None = None
    publicity: Share
    price: Amount
    kinship: Share
    shield: Share
    effects: Effects
    erodes: dict[Id, Share] = {}


class Relay(Part):
    """A local actor that amplifies or hinders some channels of some powers in a country."""

    name: Text
    country: Id
    powers: list[Id] = Field(min_length=1)
    channels: list[Id] = Field(min_length=1)
    role: Literal["amplifies", "hinders"]
    strength: Share


class Shape(Part):
    """How a dated change unfolds: for some months only, rising over months, or dying away with a half-life in months."""

    pulse: Annotated[int, Field(ge=1, le=1200)] | None = None
    ramp: Annotated[int, Field(ge=1, le=1200)] | None = None
    decay: Annotated[float, Field(gt=0, le=1200)] | None = None


class Shock(Part):
    """A dated change of one number: set, scaled or added to, for good unless a shape says otherwise."""

    id: Id
    name: Text | None = None
    at: Month
    path: Path
    set: Quantity | None = None
    scale: Quantity | None = None
    add: Quantity | None = None
    shape: Shape | None = None
    evidence: EvidenceReferences = ()
    record: Text | None = None
    assumption: Text | None = None
    note: Text | None = None


class Policy(Shock):
    """A dated change that a power makes and pays for, in effort units a month while it lasts."""

    by: Id
    cost: Amount


class Change(Part):
    """A what-if on one number: another value, or the same number scaled or added to in every run.

    In a file it is a bare number or a number with its distribution (both stand for `to`), {scale: x} or {add: x}.
    """

    to: Quantity | None = None
    scale: Finite | None = None
    add: Finite | None = None

    @model_validator(mode="before")
    @classmethod
    def _new_value(cls, given: Any) -> Any:
        """What is no scale and no addition is the new value."""
        if isinstance(given, Change) or (isinstance(given, dict) and not given.keys().isdisjoint(("to", "scale", "add"))):
            return given
        return {"to": given}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in ("to", "scale", "add") if getattr(self, name) is not None]
        if len(ways) != 1:
            found = {"found": ", ".join(ways) or "none"}
            raise PydanticCustomError("one_of", "needs a new value, or one of scale, add; found {found}", found)
        return self


class Scenario(Part):
    """A whole scenario, resolved: what the world is, what changes on which date, and what is asked of it.

    `set` keeps what-ifs apart from the world's own numbers, because the start of the world is solved on the latter.
    """

    schema_version: Literal[1] = Field(alias="schema")
    title: Text
    note: Prose = ""
    time: Time
    ensemble: Ensemble = Ensemble()
    mechanics: Mechanics
    coding: Coding = Coding()
    drivers: dict[Id, Driver] = {}
    conditions: dict[Id, Condition] = {}
    powers: dict[Id, Power] = Field(min_length=1, max_length=50)
    channels: dict[Id, Channel] = Field(min_length=1, max_length=100)
    countries: dict[Id, Country] = Field(min_length=1, max_length=500)
    relays: dict[Id, Relay] = {}
    institutions: dict[Id, Institution] = {}
    gates: dict[Id, Gate] = {}
    disputes: dict[Id, Dispute] = {}
    deeds: dict[Id, Deed] = Field(default={}, max_length=100)
    events: dict[Id, Event] = Field(default={}, max_length=100)
    linkages: dict[Id, Linkage] = Field(default={}, max_length=10)
    set: dict[Path, Change] = {}
    shocks: list[Shock] = []
    policies: list[Policy] = []
    outcomes: list[Id] = []

    def blocs(self) -> tuple[str, ...]:
        """Ids of the blocs, sorted."""
        return tuple(sorted({power.bloc for power in self.powers.values()}))

    def dumped(self) -> dict[str, Any]:
        """The scenario as plain values, without what was left at its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        """The same scenario with other numbers, by dotted path: a bare number, a distribution, {"scale": x} or {"add": x}.

        Raises: ScenarioFaults, for a path that leads to no number or a value out of its bounds.
        """
        from sim.scenario.changes import changed

        return changed(self, changes)
