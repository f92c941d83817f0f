"""One small valid scenario that says everything a scenario can say: the base of tests that need a world."""

from __future__ import annotations

import re

SMALL = """\
schema: 1
title: Two powers and two countries
time: {start: 2020-01, months: 24}
ensemble: {runs: 8, seed: 1}
mechanics:
  attention: {memory: 3}
  leverage: {floor: 0.3, start: 1, staging_floor: 0.2, crowding: 0.7}
  contest: {decisiveness: 1, variety: 0.667, foothold: 0.02, agency_without_resilience: 0.5}
  choice: {patience: 18, adjustment: 0.3, bloc_regard: 0.7}
  alignment:
    {influence: 2, within_bloc: 0.3, prospect: 120, capture_cost: 0.6, audience: 0.5, lock: 0.5, member_hedging: 0.7, inertia: 0.06,
     words_speed: 0.5, signal: 1, noise: 0.125, noise_memory: 0.9}
  opinion:
    {speed: 0.05, reach: 0.5, coercion: 0.5, war: 0.6, elite_cue: 0.3, false_belief: 0.5, false_belief_speed: 0.05, migration: 0.3,
     narrative_speed: 0.05, narrative_shield: 0.5, noise: 0.25, noise_memory: 0.9}
  tension:
    {speed: 0.12, pressure: 1.5, pressure_half_life: 6, nationalism: 1, stagnation: 0.5, capture: 1, ethnic_tension: 1, polarisation: 0.2,
     resilience: 1.5, neighbours: 0.5, split: 0.2, noise: 0.25, noise_memory: 0.9}
  resilience:
    {speed: 0.01, reform: 2, capture: 1.5, tension: 2, false_belief: 1, capture_speed: 0.005, patronage: 1.5, conditionality: 2,
     autonomy_speed: 0.01, backing: 2, capacity: 1}
  accession:
    {unaided: 0.5, longest_wait: 600, slowest_flow: 0.002, credibility_speed: 0.05, delivery: 0.7, disappointment: 0.1, unity_speed: 0.05,
     disagreement: 2}
drivers:
  gas: {name: Gas price, unit: EUR/MWh, level: 20, reference: 20}
conditions:
  treaty: {name: Border treaty, level: 0.2}
powers:
  east:
    name: Eastern power
    bloc: eastern
    capacity: {triangular: [3, 4, 5], evidence: [A1]}
    drivers: {gas: 0.3}
    attention: {speed: 0.15, crisis: 1, provocation: 0.5, distraction: {gas: 0.2}}
    rationality: 6
    hold_back: 0.15
    bias: 0
    attribution: 0.5
    conditionality: 0
    war: 0
    objectives: {influence: 0.5, membership: {union: -0.3}, unrest: 0.2, resilience: 0, autonomy: 0}
    stakes: {avala: 1, brda: 0.6}
    skill: {trade: 0.8, news: 1, covert: 1}
  west:
    name: Western power
    bloc: western
    capacity: {value: 6, range: [5, 7], assumption: "half as much again"}
    drivers: {}
    attention: {speed: 0.15, crisis: 1, provocation: 1}
    rationality: 6
    hold_back: 0.15
    bias: 0
    attribution: 1
    conditionality: 0.7
    war: 0
    objectives: {influence: 0.4, membership: {union: 0.4}, unrest: -0.1, resilience: 0.1, autonomy: 0}
    stakes: {avala: 0.8, brda: 1}
    skill: {trade: 1, news: 0.7}
channels:
  trade:
    name: Trade and aid
    domain: structural
    two_way: true
    weight: 1
    half_life: 18
    visibility: 0.5
    publicity: 0.2
    price: 0.1
    kinship: 0.2
    shield: 0.2
    effects: {leverage: 0.1, unrest: 0, resilience: 0.1, autonomy: 0, capture: 0.1, falsehood: 0, precedent: 0, accession: {union: 0.3}}
  news:
    name: News and broadcasts
    domain: public
    medium: broadcast
    two_way: true
    weight: 1
    half_life: 6
    visibility: 0.8
    publicity: 0.9
    price: 0.05
    kinship: 0.8
    shield: 0.4
    effects: {leverage: 0.1, unrest: 0.1, resilience: 0, autonomy: 0, capture: 0, falsehood: 0.3, precedent: 0}
    erodes: {covert: 0.1}
  covert:
    name: Covert action
    domain: elite
    two_way: false
    staged: true
    weight: 0.5
    half_life: 4
    visibility: 0.3
    publicity: 0
    price: 0.3
    kinship: 0.3
    shield: 0.6
    effects: {leverage: 0.05, unrest: 0.4, resilience: 0, autonomy: 0, capture: 0.2, falsehood: 0.1, precedent: 0, accession: {union: -0.4}}
countries:
  avala:
    name: Avala
    iso3: AVA
    neighbours: [brda]
    dependence:
      east: {usual: 0.4, channels: {trade: 0.6}}
      west: {usual: 0.3}
    aspiration: {union: 0.6}
    membership: {union: {stage: applicant, progress: 0.2}}
    kinship: {east: 0.6, west: 0.1}
    opinion: {east: 0.6, west: 0.4}
    permits: {east: 0.5}
    population: 7
    agency: 1
    pride: 0.2
    hedging: {triangular: [0.4, 0.6, 0.8], evidence: [B61-64]}
    fear: 0.3
    tension: 0.35
    grievance: -1
    nationalism: 0.5
    stagnation: 0.4
    ethnic_tension: 0.4
    presence: 0
    resilience: 0.45
    capture: 0.5
    false_belief: 0.3
    literacy: 0.4
    pickup: 0.5
    curb: 0
  brda:
    name: Brda
    iso3: BRD
    neighbours: [avala]
    dependence:
      east: {usual: 0.2}
      west: {usual: 0.5}
    aspiration: {union: 0.9}
    membership: {union: {stage: candidate, progress: 0}}
    kinship: {east: 0.3, west: 0.2}
    opinion: {east: 0.4, west: 0.6}
    population: 1
    agency: 0.6
    pride: 0
    hedging: 0.4
    fear: 0.5
    tension: 0.3
    grievance: -1.2
    nationalism: 0.4
    stagnation: 0.5
    ethnic_tension: 0.3
    presence: 0
    resilience: 0.5
    capture: 0.4
    false_belief: 0.2
    literacy: 0.5
    pickup: 0.4
    curb: 0.1
relays:
  daily: {name: A friendly daily, country: avala, powers: [east], channels: [news], role: amplifies, strength: 0.4}
institutions:
  union:
    name: The Union
    grantor: west
    alliance: false
    stages:
      outside: {name: Outside, months: 6, consent: 1}
      applicant: {name: Applicant, months: 24, consent: 0.9}
      candidate: {name: Candidate, months: 60, consent: 0.7}
      member: {name: Member, months: 1, consent: 1}
    members:
      first: {name: First member, stance: 0.8}
      second: {name: Second member, stance: 0.5}
    value: 1
    credibility: 0.6
    unity: 0.7
gates:
  settled:
    {name: Settled border, institution: union, countries: [brda], stage: candidate, watches: {condition: treaty}, shut: 0.3, open: 0.8,
     strength: 1}
disputes:
  border: {name: The border, parties: [avala, brda], normalisation: 0.4, hostility: 0.5, felt: {avala: 0.4, brda: 0.6}}
"""


def small(*replaced: tuple[str, str], **sections: str) -> str:
    """SMALL with some of its text replaced (each old text stands in it) and some top-level sections written anew, or added.

    small(("capacity: {value: 6", "capacity: {value: 60"), time="{start: 2020-01, months: 6}")
    """
    text = SMALL
    for old, new in replaced:
        assert old in text, f"{old!r} is not in the small scenario"
        text = text.replace(old, new, 1)
    for name, value in sections.items():
        written = f"{name}: {value.strip(chr(10))}\n"
        text, count = re.subn(rf"(?ms)^{name}:.*?(?=^\S|\Z)", lambda _, written=written: written, text)
        if not count:
            text += written
    return text
