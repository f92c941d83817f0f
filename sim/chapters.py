"""The parameters, chapter by chapter of docs/model.md, each with the YAML path it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from sim.axes import Array, InstitutionCountry, InstrumentCountry, PerCountry, PerInstitution, PerPower, PowerCountry, Run
from sim.doings import Deeds, Disputes, Events, Leaders, Linkages, Observation
from sim.fields import per


@dataclass(frozen=True)
class Outside:
    """Levels that nobody here decides: drivers, conditions, disputes, attributed wars."""

    driver: Array = per("drivers.{driver}.level", "driver", starts="driver")
    reference: Array = per("drivers.{driver}.reference", "driver")
    condition: Array = per("conditions.{condition}.level", "condition", starts="condition")
    normalisation: Array = per("disputes.{dispute}.normalisation", "dispute", starts="normalisation")
    hostility: Array = per("disputes.{dispute}.hostility", "dispute", starts="hostility")
    war: PerPower = per("powers.{power}.war", "power", starts="war")


@dataclass(frozen=True)
class Resources:
    """Chapter 2: what powers have to spend and where they look."""

    capacity: PerPower = per("powers.{power}.capacity", "power")
    elasticity: Array = per("powers.{power}.drivers.{driver}", "power", "driver")
    speed: PerPower = per("powers.{power}.attention.speed", "power")
    crisis: PerPower = per("powers.{power}.attention.crisis", "power")
    provocation: PerPower = per("powers.{power}.attention.provocation", "power")
    distraction: Array = per("powers.{power}.attention.distraction.{driver}", "power", "driver")
    memory: Run = per("mechanics.attention.memory")


@dataclass(frozen=True)
class Leverage:
    """Chapter 3: how effort becomes a stock of leverage."""

    skill: Array = per("powers.{power}.skill.{channel}", "power", "channel")
    kinship: PowerCountry = per("countries.{country}.kinship.{power}", "power", "country")
    dependence: Array = per("countries.{country}.dependence.{power}.channels.{channel}", "power", "country", "channel")
    permits: PowerCountry = per("countries.{country}.permits.{power}", "power", "country")
    channel_kinship: Array = per("channels.{channel}.kinship", "channel")
    shield: Array = per("channels.{channel}.shield", "channel")
    half_life: Array = per("channels.{channel}.half_life", "channel")
    gain: Array = per("channels.{channel}.effects.leverage", "channel")
    erosion: Array = per("channels.{channel}.erodes.{eroded}", "erosion")
    relay: Array = per("relays.{relay}.strength", "relay")
    floor: Run = per("mechanics.leverage.floor")
    start: Run = per("mechanics.leverage.start")
    staging_floor: Run = per("mechanics.leverage.staging_floor")
    crowding: Run = per("mechanics.leverage.crowding")


@dataclass(frozen=True)
class Contest:
    """Chapter 4: who holds how much of a country's course."""

    agency: PerCountry = per("countries.{country}.agency", "country")
    weight: Array = per("channels.{channel}.weight", "channel")
    decisiveness: Run = per("mechanics.contest.decisiveness")
    variety: Run = per("mechanics.contest.variety")
    foothold: Run = per("mechanics.contest.foothold")
    agency_without_resilience: Run = per("mechanics.contest.agency_without_resilience")


@dataclass(frozen=True)
class Choice:
    """Chapter 4: what powers want, and how they choose."""

    influence: PerPower = per("powers.{power}.objectives.influence", "power")
    membership: Array = per("powers.{power}.objectives.membership.{institution}", "institution", "power")
    unrest: PerPower = per("powers.{power}.objectives.unrest", "power")
    resilience: PerPower = per("powers.{power}.objectives.resilience", "power")
    autonomy: PerPower = per("powers.{power}.objectives.autonomy", "power")
    deal: PerPower = per("powers.{power}.objectives.deal", "power")
    concessions: PerPower = per("powers.{power}.objectives.concessions", "power")
    stakes: PowerCountry = per("powers.{power}.stakes.{country}", "power", "country")
    rationality: PerPower = per("powers.{power}.rationality", "power")
    hold_back: PerPower = per("powers.{power}.hold_back", "power")
    bias: PerPower = per("powers.{power}.bias", "power")
    learning: PerPower = per("powers.{power}.learning", "power")
    words: Run = per("mechanics.learning.words")
    surprise: Run = per("mechanics.learning.surprise", absent=1.0)
    attribution: PerPower = per("powers.{power}.attribution", "power")
    price: Array = per("channels.{channel}.price", "channel")
    visibility: Array = per("channels.{channel}.visibility", "channel")
    patience: Run = per("mechanics.choice.patience")
    adjustment: Run = per("mechanics.choice.adjustment")
    bloc_regard: Run = per("mechanics.choice.bloc_regard")


@dataclass(frozen=True)
class Alignment:
    """Chapter 5: what governments weigh."""

    pride: PerCountry = per("countries.{country}.pride", "country")
    hedging: PerCountry = per("countries.{country}.hedging", "country", absent=1.0)
    fear: PerCountry = per("countries.{country}.fear", "country")
    conditionality: PerPower = per("powers.{power}.conditionality", "power")
    influence: Run = per("mechanics.alignment.influence")
    within_bloc: Run = per("mechanics.alignment.within_bloc")
    prospect: Run = per("mechanics.alignment.prospect")
    capture_cost: Run = per("mechanics.alignment.capture_cost")
    audience: Run = per("mechanics.alignment.audience")
    lock: Run = per("mechanics.alignment.lock")
    member_hedging: Run = per("mechanics.alignment.member_hedging")
    inertia: Run = per("mechanics.alignment.inertia")
    words_speed: Run = per("mechanics.alignment.words_speed")
    signal: Run = per("mechanics.alignment.signal")
    noise: Run = per("mechanics.alignment.noise")
    noise_memory: Run = per("mechanics.alignment.noise_memory")


@dataclass(frozen=True)
class Opinion:
    """Chapter 6: what publics see and believe."""

    start: PowerCountry = per("countries.{country}.opinion.{power}", "power", "country", absent=0.5, starts="opinion")
    false_belief_start: PerCountry = per("countries.{country}.false_belief", "country", starts="false_belief")
    literacy: PerCountry = per("countries.{country}.literacy", "country")
    pickup: PerCountry = per("countries.{country}.pickup", "country")
    curb: PerCountry = per("countries.{country}.curb", "country")
    publicity: Array = per("channels.{channel}.publicity", "channel")
    falsehood: Array = per("channels.{channel}.effects.falsehood", "channel")
    precedent: Array = per("channels.{channel}.effects.precedent", "channel")
    speed: Run = per("mechanics.opinion.speed")
    reach: Run = per("mechanics.opinion.reach")
    coercion: Run = per("mechanics.opinion.coercion")
    war: Run = per("mechanics.opinion.war")
    elite_cue: Run = per("mechanics.opinion.elite_cue")
    false_belief: Run = per("mechanics.opinion.false_belief")
    false_belief_speed: Run = per("mechanics.opinion.false_belief_speed")
    migration: Run = per("mechanics.opinion.migration")
    narrative_speed: Run = per("mechanics.opinion.narrative_speed")
    narrative_shield: Run = per("mechanics.opinion.narrative_shield")
    noise: Run = per("mechanics.opinion.noise")
    noise_memory: Run = per("mechanics.opinion.noise_memory")


@dataclass(frozen=True)
class Tension:
    """Chapter 7: unrest from outside and at home."""

    start: PerCountry = per("countries.{country}.tension", "country", absent=0.5, starts="tension")
    grievance: PerCountry = per("countries.{country}.grievance", "country")
    nationalism: PerCountry = per("countries.{country}.nationalism", "country")
    stagnation: PerCountry = per("countries.{country}.stagnation", "country")
    ethnic_tension: PerCountry = per("countries.{country}.ethnic_tension", "country")
    presence: PerCountry = per("countries.{country}.presence", "country")
    population: PerCountry = per("countries.{country}.population", "country", absent=1.0)
    felt: Array = per("disputes.{dispute}.felt.{country}", "dispute", "country")
    stirring: Array = per("channels.{channel}.effects.unrest", "channel")
    speed: Run = per("mechanics.tension.speed")
    pressure: Run = per("mechanics.tension.pressure")
    pressure_half_life: Run = per("mechanics.tension.pressure_half_life")
    by_nationalism: Run = per("mechanics.tension.nationalism")
    by_stagnation: Run = per("mechanics.tension.stagnation")
    by_capture: Run = per("mechanics.tension.capture")
    by_ethnic_tension: Run = per("mechanics.tension.ethnic_tension")
    by_polarisation: Run = per("mechanics.tension.polarisation")
    by_resilience: Run = per("mechanics.tension.resilience")
    by_neighbours: Run = per("mechanics.tension.neighbours")
    split: Run = per("mechanics.tension.split")
    noise: Run = per("mechanics.tension.noise")
    noise_memory: Run = per("mechanics.tension.noise_memory")


@dataclass(frozen=True)
class Resilience:
    """Chapter 7: resilience, capture and the autonomy of entities."""

    start: PerCountry = per("countries.{country}.resilience", "country", absent=0.5, starts="resilience")
    capture_start: PerCountry = per("countries.{country}.capture", "country", absent=0.5, starts="capture")
    autonomy_start: PerCountry = per("countries.{country}.autonomy", "country", absent=0.5, starts="autonomy")
    veto: PerCountry = per("countries.{country}.veto", "country")
    reforming: Array = per("channels.{channel}.effects.resilience", "channel")
    capturing: Array = per("channels.{channel}.effects.capture", "channel")
    emboldening: Array = per("channels.{channel}.effects.autonomy", "channel")
    speed: Run = per("mechanics.resilience.speed")
    by_reform: Run = per("mechanics.resilience.reform")
    by_capture: Run = per("mechanics.resilience.capture")
    by_tension: Run = per("mechanics.resilience.tension")
    by_false_belief: Run = per("mechanics.resilience.false_belief")
    capture_speed: Run = per("mechanics.resilience.capture_speed")
    by_patronage: Run = per("mechanics.resilience.patronage")
    by_conditionality: Run = per("mechanics.resilience.conditionality")
    autonomy_speed: Run = per("mechanics.resilience.autonomy_speed")
    by_backing: Run = per("mechanics.resilience.backing")
    by_capacity: Run = per("mechanics.resilience.capacity")


@dataclass(frozen=True)
class Accession:
    """Chapter 8: ladders, gates, members and their word."""

    aspiration: InstitutionCountry = per("countries.{country}.aspiration.{institution}", "institution", "country")
    start_progress: InstitutionCountry = per(
        "countries.{country}.membership.{institution}.progress", "institution", "country", starts="progress"
    )
    effect: Array = per("channels.{channel}.effects.accession.{institution}", "institution", "channel")
    months: Array = per("institutions.{institution}.stages.{stage}.months", "institution", "rung", absent=1.0)
    consent: Array = per("institutions.{institution}.stages.{stage}.consent", "institution", "rung", absent=1.0)
    stance: Array = per("institutions.{institution}.members.{member}.stance", "institution", "seat", absent=-1.0)
    value: PerInstitution = per("institutions.{institution}.value", "institution")
    credibility_start: PerInstitution = per("institutions.{institution}.credibility", "institution", starts="credibility")
    unity: PerInstitution = per("institutions.{institution}.unity", "institution")
    strain: InstitutionCountry = per("institutions.{institution}.strain.{country}", "institution", "country")
    gate_shut: Array = per("gates.{gate}.shut", "gate")
    gate_open: Array = per("gates.{gate}.open", "gate")
    gate_strength: Array = per("gates.{gate}.strength", "gate")
    unaided: Run = per("mechanics.accession.unaided")
    longest_wait: Run = per("mechanics.accession.longest_wait")
    slowest_flow: Run = per("mechanics.accession.slowest_flow")
    credibility_speed: Run = per("mechanics.accession.credibility_speed")
    delivery: Run = per("mechanics.accession.delivery")
    disappointment: Run = per("mechanics.accession.disappointment")
    unity_speed: Run = per("mechanics.accession.unity_speed")
    disagreement: Run = per("mechanics.accession.disagreement")


@dataclass(frozen=True)
class Settled:
    """What is solved at the start, at the medians of all parameters, so that month 0 stands still (sim/settling.py).

    Shape: last axis of length 1; the same in every run and in every what-if of a scenario.
    """

    reference: PerPower
    plan: InstrumentCountry
    tension: PerCountry
    opinion: PowerCountry
    false_belief: PerCountry
    resilience: PerCountry
    capture: PerCountry
    autonomy: PerCountry


CHAPTERS: dict[str, type] = {
    "outside": Outside,
    "resources": Resources,
    "leverage": Leverage,
    "contest": Contest,
    "choice": Choice,
    "alignment": Alignment,
    "leaders": Leaders,
    "deeds": Deeds,
    "opinion": Opinion,
    "disputes": Disputes,
    "events": Events,
    "linkages": Linkages,
    "observation": Observation,
    "tension": Tension,
    "resilience": Resilience,
    "accession": Accession,
}
