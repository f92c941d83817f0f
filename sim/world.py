"""The World: every variable of one month, for all runs of a block at once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from sim.axes import (
    Array,
    InstitutionCountry,
    InstrumentCountry,
    PerCondition,
    PerCountry,
    PerDispute,
    PerDriver,
    PerInstitution,
    PerInstrument,
    PerPower,
    PowerCountry,
    SideCountry,
)

Kind = Literal["share", "amount", "signed", "rung", "months"]


@dataclass(frozen=True)
class Variable:
    """What a variable of the World is: its axes without the run, label, unit and kind.

    Shares and rungs have the range their kind says; amounts, signed values and months have none and give a `scale`, a typical size.
    """

    name: str
    axes: tuple[str, ...]
    label: str
    unit: str
    kind: Kind
    scale: float


def of(*axes: str, label: str, unit: str = "share", kind: Kind = "share", scale: float = 1.0) -> Any:
    """Declares a variable of the World."""
    return field(metadata={"axes": axes, "label": label, "unit": unit, "kind": kind, "scale": scale})


@dataclass(frozen=True)
class World:
    """One month. Stocks are what rules move; readings follow from the stocks of the same month.

    Shape: each array has the axes it declares and then the run. Never changed; acts re-bind it.
    """

    # Outside
    driver: PerDriver = of("driver", label="Driver", unit="as declared", kind="amount", scale=50.0)
    condition: PerCondition = of("condition", label="Condition")
    normalisation: PerDispute = of("dispute", label="Normalisation of relations")
    hostility: PerDispute = of("dispute", label="Hostility between the parties")
    war: PerPower = of("power", label="War attributed elsewhere")
    policy_cost: PerPower = of("power", label="Cost of policies", unit="effort units a month", kind="amount", scale=10.0)
    # Powers
    attention: PerPower = of("power", label="Attention to the region")
    budget: PerPower = of("power", label="Budget", unit="effort units a month", kind="amount", scale=50.0)
    plan: InstrumentCountry = of("instrument", "country", label="Share of budget")
    effort: InstrumentCountry = of("instrument", "country", label="Effort", unit="effort units a month", kind="amount", scale=5.0)
    potency: InstrumentCountry = of("instrument", "country", label="Potency of effort")
    leverage: InstrumentCountry = of("instrument", "country", label="Leverage")
    visible: PowerCountry = of("power", "country", label="Visible activity", unit="dose", kind="amount", scale=0.3)
    narrative: PerPower = of("power", label="Spread of the precedent argument")
    # Countries
    course: SideCountry = of("side", "country", label="Alignment by bloc")
    alignment: PowerCountry = of("power", "country", label="Alignment")
    words: SideCountry = of("side", "country", label="Declared alignment")
    opinion: PowerCountry = of("power", "country", label="Favourable opinion")
    lean: SideCountry = of("side", "country", label="Lean of the leader", unit="value", kind="signed")
    fresh: PerCountry = of("country", label="Months of honeymoon left", unit="months", kind="months", scale=6.0)
    false_belief: PerCountry = of("country", label="False belief")
    pressure: PowerCountry = of("power", "country", label="Pressure from stirring")
    tension: PerCountry = of("country", label="Tension")
    tension_home: PerCountry = of("country", label="Tension made at home", kind="signed")
    tension_power: PowerCountry = of("power", "country", label="Tension made by a power", kind="signed")
    tension_given: PerCountry = of("country", label="Tension left from the start and from dated changes", kind="signed")
    tension_luck: PerCountry = of("country", label="Tension owed to chance", kind="signed")
    resilience: PerCountry = of("country", label="Resilience")
    capture: PerCountry = of("country", label="State capture")
    autonomy: PerCountry = of("country", label="Autonomy of the entity")
    # Deeds
    deed: Array = of("deed", label="Deed done")
    deed_memory: Array = of("deed", label="Memory of the deed")
    # Disputes
    talks: PerDispute = of("dispute", label="Talks under way")
    deal: PerDispute = of("dispute", label="Final deal")
    recognition: PerDispute = of("dispute", label="States that recognise", unit="states", kind="amount", scale=100.0)
    overlap: PerDispute = of("dispute", label="Room for a deal", unit="value", kind="signed")
    # Events
    happened: Array = of("event", label="Event of the month")
    event_memory: Array = of("event", label="Memory of the event")
    success_memory: Array = of("event", label="Memory of the event's success")
    # Linkage
    offered: Array = of("linkage", label="Offer of the month")
    accepted: Array = of("linkage", label="Offer accepted")
    calm_left: Array = of("linkage", label="Months of calm left", unit="months", kind="months", scale=12.0)
    concessions: Array = of("linkage", label="Concessions won", unit="concessions", kind="amount", scale=2.0)
    # Beliefs
    belief: PerInstrument = of("instrument", label="Believed over true skill", unit="log", kind="signed")
    shift: SideCountry = of("side", "country", label="Shift that powers think they saw", kind="signed")
    # Acts
    watched: PowerCountry = of("power", "country", label="How closely the tie is watched", unit="factor", kind="amount")
    seen_acts: PowerCountry = of("power", "country", label="Acts seen", unit="acts a month", kind="amount", scale=3.0)
    # Institutions
    rung: InstitutionCountry = of("institution", "country", label="Stage", unit="stage", kind="rung")
    progress: InstitutionCountry = of("institution", "country", label="Progress within the stage")
    credibility: PerInstitution = of("institution", label="Credibility of the offer")
    unity: PerInstitution = of("institution", label="Unity of the members")
    # What powers and candidates were used to at the start, what-ifs left out; these stay as they are
    used_to: PerPower = of("power", label="Rival activity a power was used to", unit="dose", kind="amount", scale=0.3)
    promised: InstitutionCountry = of("institution", "country", label="Effort promised", unit="effort units", kind="amount", scale=2.0)
    leant: SideCountry = of("side", "country", label="Lean of the public at the start", unit="log-odds", kind="signed")
    united: PerInstitution = of("institution", label="Unity of the members at the start")
    # Moods: noise that lasts, in log-odds or value
    mood_course: SideCountry = of("side", "country", label="Mood of the government", unit="value", kind="signed")
    mood_opinion: PowerCountry = of("power", "country", label="Mood of the public", unit="log-odds", kind="signed")
    mood_tension: PerCountry = of("country", label="Mood of the street", unit="log-odds", kind="signed")
    # Readings
    grip: InstrumentCountry = of("instrument", "country", label="Part of a power's reach", unit="reach", kind="amount")
    reach: PowerCountry = of("power", "country", label="Reach", unit="reach", kind="amount")
    share_slope: PowerCountry = of("power", "country", label="Gain in share from leverage", unit="share per leverage", kind="amount")
    influence_share: PowerCountry = of("power", "country", label="Influence share")
    bloc_share: Array = of("bloc", "country", label="Influence share of the bloc")
    own_share: PerCountry = of("country", label="Own share of the course")
    side_value: SideCountry = of("side", "country", label="Value of siding", unit="value", kind="signed")
    bloc_part: PowerCountry = of("power", "country", label="Part of its bloc's pull")
    deciding: PerCountry = of("country", label="Capacity to decide")
    help: InstitutionCountry = of("institution", "country", label="Help on the way in")
    block: InstitutionCountry = of("institution", "country", label="Obstruction on the way in")
    gate: InstitutionCountry = of("institution", "country", label="Gates of the stage")
    flow: InstitutionCountry = of("institution", "country", label="Flow of accession work")
    months_to_go: InstitutionCountry = of("institution", "country", label="Months to membership", unit="months", kind="months", scale=120.0)
    urgency: InstitutionCountry = of("institution", "country", label="Urgency of the entry", unit="value", kind="amount", scale=0.4)
    urgency_if_open: InstitutionCountry = of(
        "institution", "country", label="Urgency of the entry, gates open", unit="value", kind="amount", scale=0.4
    )
    payoff: PerPower = of("power", label="Payoff", unit="value", kind="signed")
    months_if_open: InstitutionCountry = of(
        "institution", "country", label="Months to membership with gates open", unit="months", kind="months", scale=120.0
    )


VARIABLES: dict[str, Variable] = {f.name: Variable(f.name, **f.metadata) for f in fields(World)}
