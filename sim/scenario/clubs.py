"""What a scenario file may say of institutions: their ladders, members and gates."""

# Defaults are copied for each part, so they may be mutable:
# ruff: noqa: RUF012

from __future__ import annotations

from pydantic import Field

from sim.scenario.distributions import Finite
from sim.scenario.kinds import Amount, Id, Months, Part, Share, Text


class Stage(Part):
    """A rung of an institution's ladder: how long it takes at full flow, and how readily members let a country go on."""

    name: Text
    months: Months
    consent: Share


class Member(Part):
    """A member of an institution, with how far it favours enlargement."""

    name: Text
    stance: Share


class Institution(Part):
    """A club with a ladder of stages; the last stage is membership."""

    name: Text
    stream: Id | None = None
    grantor: Id
    alliance: bool
    stages: dict[Id, Stage] = Field(min_length=2, max_length=8)
    members: dict[Id, Member] = Field(min_length=1)
    value: Amount
    credibility: Share
    unity: Share
    strain: dict[Id, Share] = {}


class Watch(Part):
    """What a gate looks at: exactly one of these; `without` is open while the deed is not done."""

    condition: Id | None = None
    deed: Id | None = None
    without: Id | None = None
    dispute: Id | None = None
    aspiration: bool = False
    entities: bool = False


class Gate(Part):
    """A condition without which a country does not pass a stage: shut at `shut` and below, open at `open` and above."""

    name: Text
    institution: Id
    countries: list[Id] = []
    stage: Id
    after: Finite = Field(default=0.0, ge=0, le=1)
    watches: Watch
    shut: Share
    open: Share
    strength: Share
