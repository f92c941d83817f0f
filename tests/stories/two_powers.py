"""Two powers, one country, three months: a world small enough to work by hand, and what the model makes of it.

Every number is bare and moods are calm, so a story can repeat the arithmetic. The world starts at rest. Oil halves in the second
month, when schools close as well and the public grows less literate, and the war next door takes the stage in the third.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.model import InfluenceModel
from sim.scenario.reading import read_text
from sim.world import VARIABLES

MONTHS = 3
STORY = """\
schema: 1
title: Two powers and Plain
time: {start: 2020-01, months: 3}
ensemble: {runs: 8, seed: 1}
drivers:
  oil: {name: Oil, form: ratio, level: 54, reference: 60}
  war: {name: War next door, form: level, level: 0.3, reference: 0.3}
conditions:
  treaty: {name: Border treaty, level: 0.7}
powers:
  east:
    name: East
    bloc: east
    capacity: 20
    drivers: {oil: 0.3}
    attention: {speed: 0.15, crisis: 1, provocation: 0.3, distraction: {war: 0.5}}
    rationality: 6
    hold_back: 0.15
    bias: 0.1
    attribution: 0.2
    conditionality: 0
    war: 0.5
    objectives: {influence: 0.5, membership: {club: -0.3}, unrest: 0.2, resilience: 0, autonomy: 0}
    stakes: {plain: 1}
    skill: {media: 0.2, aid: 0.1}
  west:
    name: West
    bloc: west
    capacity: 30
    attention: {speed: 0.1, crisis: 2, provocation: 0.4}
    rationality: 4
    hold_back: 0.2
    bias: 0
    attribution: 0.05
    conditionality: 0.6
    war: 0
    objectives: {influence: 0.3, membership: {club: 0.4}, unrest: -0.1, resilience: 0.2, autonomy: 0}
    stakes: {plain: 1}
    skill: {media: 0.1, aid: 0.2, outreach: 0.15}
channels:
  aid:
    name: Aid
    domain: structural
    two_way: true
    consent: true
    weight: 1
    half_life: 48
    visibility: 0.2
    publicity: 0.3
    price: 0.15
    kinship: 0.1
    shield: 0.1
    effects: {leverage: 0.1, unrest: 0, resilience: 0.4, autonomy: 0, capture: 0.5, falsehood: 0, precedent: 0, accession: {club: 0.3}}
    erodes: {media: 0.25}
  media:
    name: Media
    domain: public
    medium: broadcast
    two_way: true
    weight: 3
    half_life: 12
    visibility: 0.4
    publicity: 1
    price: 0.1
    kinship: 0.5
    shield: 0.4
    effects: {leverage: 0.06, unrest: 0.25, resilience: 0, autonomy: 0, capture: 0, falsehood: 0.8, precedent: 0.4, accession: {club: 0.25}}
  outreach:
    name: Accession outreach
    domain: institutional
    two_way: false
    weight: 1
    half_life: 36
    visibility: 0.3
    publicity: 0.5
    price: 0.1
    kinship: 0.4
    shield: 0
    effects: {leverage: 0.07, unrest: 0, resilience: 0, autonomy: 0, capture: 0, falsehood: 0, precedent: 0, accession: {club: 0.8}}
relays:
  daily: {name: A friendly daily, country: plain, powers: [east], channels: [media], role: amplifies, strength: 0.4}
  clerks: {name: Clerks who lose files, country: plain, powers: [west], channels: [aid], role: hinders, strength: 0.25}
countries:
  plain:
    name: Plain
    dependence: {east: {usual: 0.3}, west: {usual: 0.4, channels: {aid: 0.6}}}
    aspiration: {club: 0.8}
    membership: {club: {stage: candidate, progress: 0.985}}
    kinship: {east: 0.5, west: 0.3}
    opinion: {east: 0.45, west: 0.6}
    population: 2
    agency: 0.3
    pride: 0.1
    hedging: 0.5
    fear: 0
    tension: 0.35
    grievance: 0
    nationalism: 0.5
    stagnation: 0.4
    ethnic_tension: 0.3
    presence: 0.1
    resilience: 0.45
    capture: 0.55
    false_belief: 0.2
    literacy: 0.4
    pickup: 0.5
    curb: 0.1
institutions:
  club:
    name: The Club
    grantor: west
    alliance: false
    stages:
      outside: {name: Outside, months: 6, consent: 0.5}
      candidate: {name: Candidate, months: 5, consent: 1}
      negotiating: {name: Negotiating, months: 20, consent: 0.5}
      member: {name: Member, months: 1, consent: 1}
    members:
      founder: {name: Founder, stance: 0.6}
      latecomer: {name: Latecomer, stance: 0.6}
    value: 2
    credibility: 0.7
    unity: 1
gates:
  border: {name: Settled border, institution: club, countries: [plain], stage: candidate, watches: {condition: treaty},
    shut: 0.4, open: 0.9, strength: 0.8}
mechanics:
  attention: {memory: 3}
  leverage: {floor: 0.3, start: 1, staging_floor: 0.2, crowding: 0.7}
  contest: {decisiveness: 1.2, variety: 0.7, foothold: 0.02, agency_without_resilience: 0.5}
  choice: {patience: 18, adjustment: 0.3, bloc_regard: 0.7}
  alignment: {influence: 2, within_bloc: 0.3, prospect: 120, capture_cost: 0.6, audience: 0.5, lock: 0.5, member_hedging: 0.7,
    inertia: 0.06, words_speed: 0.5, signal: 1, noise: 0, noise_memory: 0.9}
  opinion: {speed: 0.05, reach: 0.5, coercion: 0.5, war: 0.6, elite_cue: 0.3, false_belief: 0.5, false_belief_speed: 0.05,
    migration: 0.3, narrative_speed: 0.05, narrative_shield: 0.5, noise: 0, noise_memory: 0.9}
  tension: {speed: 0.12, pressure: 1.5, pressure_half_life: 6, nationalism: 1, stagnation: 0.5, capture: 1, ethnic_tension: 1,
    polarisation: 0.2, resilience: 1.5, neighbours: 0.5, split: 0.2, noise: 0, noise_memory: 0.9}
  resilience: {speed: 0.01, reform: 2, capture: 1.5, tension: 2, false_belief: 1, capture_speed: 0.005, patronage: 1.5,
    conditionality: 2, autonomy_speed: 0.01, backing: 2, capacity: 1}
  accession: {unaided: 0.5, longest_wait: 600, slowest_flow: 0.002, credibility_speed: 0.05, delivery: 0.7,
    disappointment: 0.1, unity_speed: 0.05, disagreement: 2}
shocks:
  - {id: oil_fall, at: 2020-02, path: drivers.oil.level, scale: 0.5}
  - {id: schools_close, at: 2020-02, path: countries.plain.literacy, set: 0.2}
  - {id: invasion, at: 2020-03, path: drivers.war.level, set: 0.8}
"""

OIL = (54, 27, 27)
WAR = (0.3, 0.3, 0.8)
LITERACY = (0.4, 0.2, 0.2)


@dataclass(frozen=True)
class Month:
    """The world at the end of a month, one number a place, by the names that a story gives them."""

    values: dict[str, Any]

    def __call__(self, name: str, **where: str) -> float:
        array = self.values[name]
        places = tuple(IDS[axis].index(where.get(axis, IDS[axis][0])) for axis in VARIABLES[name].axes)
        return float(array[places])


IDS = {
    "power": ("east", "west"),
    "bloc": ("east", "west"),
    "side": ("east", "west", "self"),
    "instrument": ("east.aid", "east.media", "west.aid", "west.media", "west.outreach"),
    "country": ("plain",),
    "institution": ("club",),
    "driver": ("oil", "war"),
    "condition": ("treaty",),
}


@dataclass(frozen=True)
class Story:
    """The start and the months after it, with the scale of each power's worth."""

    months: tuple[Month, ...]
    reference: dict[str, float]

    def steps(self) -> list[tuple[int, Month, Month]]:
        """Each month's number with the world before it and after it."""
        return [(number, self.months[number], self.months[number + 1]) for number in range(MONTHS)]


@cache
def story() -> Story:
    """What the model makes of the three months."""
    months = []
    with np.errstate(all="ignore"), InfluenceModel(read_text(STORY), 1) as model:
        for axis, names in IDS.items():
            assert model.numbers.roster.ids[axis] == names
        for month in range(MONTHS + 1):
            if month:
                model.step()
            months.append(Month({name: getattr(model.world, name)[..., 0] for name in VARIABLES}))
        reference = dict(zip(IDS["power"], model.numbers.settled.reference[:, 0].tolist(), strict=True))
    return Story(tuple(months), reference)
