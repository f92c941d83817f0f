"""Numbers of the laws themselves, chapter by chapter of docs/model.md."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.distributions import Quantity, Within
from sim.scenario.kinds import Amount, Months, Part, Positive, Share


class AttentionMechanics(Part):
    """Chapter 2: what of others' acts is noticed, and for how long."""

    memory: Months


class LeverageMechanics(Part):
    """Chapter 3: stocks of leverage."""

    floor: Share
    start: Share
    staging_floor: Share
    crowding: Share


class ContestMechanics(Part):
    """Chapter 4: the contest between blocs and the country's own agency."""

    decisiveness: Annotated[Quantity, Within(0.1, 3)]
    variety: Annotated[Quantity, Within(0.2, 1)]
    foothold: Positive
    agency_without_resilience: Share


class ChoiceMechanics(Part):
    """Chapter 4: what a power does."""

    patience: Months
    adjustment: Share
    bloc_regard: Share


class AlignmentMechanics(Part):
    """Chapter 5: what a government does."""

    influence: Amount
    within_bloc: Annotated[Quantity, Within(0.05, 5, "value per nat")]
    prospect: Months
    capture_cost: Amount
    audience: Amount
    lock: Amount
    member_hedging: Annotated[Quantity, Within(0.05, 1, "factor")]
    inertia: Share
    words_speed: Share
    signal: Amount
    noise: Amount
    noise_memory: Annotated[Quantity, Within(0, 0.99, "share a month")]


class LeadersMechanics(Part):
    """Chapter 5: how leaders turn over, and the lean that new ones bring."""

    unrest: Amount
    usual_tension: Share
    public: Share
    surprise: Amount
    honeymoon: Months
    honeymoon_speed: Annotated[Quantity, Within(1, 20)]


class DeedsMechanics(Part):
    """Chapter 5: how deeds are decided and remembered."""

    sharpness: Annotated[Quantity, Within(0, 100, "per unit of value")]
    memory: Months
    push_worth: Share


class LearningMechanics(Part):
    """Chapter 4: how powers learn their skill from what they see, and how far they take words for acts."""

    words: Share
    surprise: Positive


class ObservationMechanics(Part):
    """Chapter 12: how effort becomes acts that are seen."""

    spread: Amount
    most: Annotated[Quantity, Within(1, 100, "acts a month")]


class OpinionMechanics(Part):
    """Chapter 6: what publics think and wrongly believe."""

    speed: Share
    reach: Amount
    coercion: Amount
    war: Amount
    elite_cue: Amount
    false_belief: Amount
    false_belief_speed: Share
    migration: Share
    narrative_speed: Share
    narrative_shield: Share
    noise: Amount
    noise_memory: Annotated[Quantity, Within(0, 0.99, "share a month")]


class TensionMechanics(Part):
    """Chapter 7: pressure from outside and tension at home."""

    speed: Annotated[Quantity, Within(0.001, 1, "share a month")]
    pressure: Amount
    pressure_half_life: Months
    nationalism: Amount
    stagnation: Amount
    capture: Amount
    ethnic_tension: Amount
    polarisation: Amount
    resilience: Amount
    neighbours: Amount
    split: Share
    noise: Amount
    noise_memory: Annotated[Quantity, Within(0, 0.99, "share a month")]


class ResilienceMechanics(Part):
    """Chapter 7: slow stocks at home."""

    speed: Share
    reform: Amount
    capture: Amount
    tension: Amount
    false_belief: Amount
    capture_speed: Share
    patronage: Amount
    conditionality: Amount
    autonomy_speed: Share
    backing: Amount
    capacity: Amount


class AccessionMechanics(Part):
    """Chapter 8: how ladders are climbed."""

    unaided: Share
    longest_wait: Months
    slowest_flow: Annotated[Quantity, Within(1e-6, 1, "share")]
    credibility_speed: Share
    delivery: Share
    disappointment: Share
    unity_speed: Share
    disagreement: Amount


class Mechanics(Part):
    """Numbers of the laws themselves, chapter by chapter of docs/model.md."""

    attention: AttentionMechanics
    leverage: LeverageMechanics
    contest: ContestMechanics
    choice: ChoiceMechanics
    alignment: AlignmentMechanics
    opinion: OpinionMechanics
    tension: TensionMechanics
    resilience: ResilienceMechanics
    accession: AccessionMechanics
    leaders: LeadersMechanics | None = None
    deeds: DeedsMechanics | None = None
    learning: LearningMechanics | None = None
    observation: ObservationMechanics | None = None
