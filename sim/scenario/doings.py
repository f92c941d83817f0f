"""What a scenario file may say of what happens: disputes and their talks, deeds, events."""

# Defaults are copied for each part, so they may be mutable:
# ruff: noqa: RUF012

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import Quantity, Within
from sim.scenario.kinds import Amount, Id, Months, Part, Path, Share, Signed, Text, Weight

Level = Annotated[Quantity, Within(-1e6, 1e6)]


class Party(Part):
    """What a deal costs a party at home, and how far it heeds what its public thinks of a power."""

    cost: Amount
    heeds: dict[Id, Amount] = {}


class Talks(Part):
    """How talks on a dispute start, advance, stall and end in a deal."""

    open: Share
    start: Share
    collapse: Share
    incident: Amount
    goodwill: Amount
    creep: Share
    wear: Share
    broker: Amount
    ripe: Share
    deal: Share
    sharpness: Amount
    step: Annotated[Quantity, Within(1e-4, 1)]
    wait: Amount
    parties: dict[Id, Party]
    hindered_by: list[Id] = []
    hindrance: Share
    slowed_by: dict[Id, Amount] = {}
    veto: Id | None = None
    veto_will: Amount | None = None


class Recognition(Part):
    """How many states recognise a party, and how fast that changes."""

    of: Id
    start: Amount
    gained: Amount
    lost: Amount


class Dispute(Part):
    """A quarrel between two parties: how far relations are normal, and who feels its hostility."""

    name: Text
    parties: Annotated[list[Id], Field(min_length=2, max_length=2)]
    normalisation: Share
    hostility: Share
    felt: dict[Id, Share]
    talks: Talks | None = None
    recognition: Recognition | None = None


class Cause(Part):
    """One reason behind a deed or an event: a variable of the world, against its usual level, with a weight."""

    watches: Path
    weight: Weight
    usual: Level


class Need(Part):
    """Something without which a deed cannot be done: nothing at `shut` and below, free at `open` and above."""

    watches: Path
    shut: Level
    open: Level


class Consequence(Part):
    """What a deed or an event changes while it is in force: one number, scaled or added to.

    An event's is in force as it is remembered, or, `after: success`, as its success is.
    """

    path: Path
    after: Literal["event", "success"] = "event"
    scale: Amount | None = None
    add: Level | None = None


class Deed(Part):
    """An action that is no channel: owned by a country, an entity or a power, on or off (switch) or by degrees (dial).

    Its owner weighs a base, how it stands to each side, its public's view of powers, causes and what powers push for.
    """

    name: Text
    stream: Id | None = None
    owner: Id
    member: Id | None = None
    kind: Literal["switch", "dial"]
    plover: Text
    start: Share
    base: Weight
    cost: Amount
    rate: Share
    reversible: Share
    stance: dict[Id, Signed] = {}
    audience: dict[Id, Weight] = {}
    causes: dict[Id, Cause] = {}
    needs: dict[Id, Need] = {}
    push: Amount
    pushed: dict[Id, Share] = {}
    effects: dict[Id, Consequence] = {}


class Event(Part):
    """Something that happens by chance, in each of some places, more or less often for its causes.

    In watches and paths `here` stands for the place.
    """

    name: Text
    stream: Id | None = None
    where: list[Id] = Field(min_length=1)
    actor: Id
    plover: Text
    base: Share
    causes: dict[Id, Cause] = {}
    needs: dict[Id, Need] = {}
    memory: Months
    success: Share | None = None
    effects: dict[Id, Consequence] = {}


class Linkage(Part):
    """How calm here is offered for concessions in another theatre, by a power that wants them, to a bloc."""

    name: Text
    power: Id
    driver: Id
    institution: Id
    offer: Amount
    sharpness: Amount
    price: Amount
    relief: Amount
    precedent: Amount
    usual_tension: Share
    calm: Share
    calm_months: Months
    strain: Share
    gain: Amount
