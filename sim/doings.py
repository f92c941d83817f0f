"""The parameters of what happens: leaders, deeds, disputes, events, linkage, observation (chapters 5 and 9 to 12)."""

from __future__ import annotations

from dataclasses import dataclass

from sim.axes import Array, PerCountry, Run
from sim.fields import per


@dataclass(frozen=True)
class Leaders:
    """Chapter 5: leaders that turn over."""

    tenure: PerCountry = per("countries.{country}.tenure", "country")
    unrest: Run = per("mechanics.leaders.unrest")
    usual_tension: Run = per("mechanics.leaders.usual_tension")
    public: Run = per("mechanics.leaders.public")
    surprise: Run = per("mechanics.leaders.surprise")
    honeymoon: Run = per("mechanics.leaders.honeymoon")
    honeymoon_speed: Run = per("mechanics.leaders.honeymoon_speed", absent=1.0)


@dataclass(frozen=True)
class Deeds:
    """Chapter 5: actions that are no channels."""

    start: Array = per("deeds.{deed}.start", "deed", starts="deed")
    base: Array = per("deeds.{deed}.base", "deed")
    cost: Array = per("deeds.{deed}.cost", "deed")
    rate: Array = per("deeds.{deed}.rate", "deed")
    reversible: Array = per("deeds.{deed}.reversible", "deed")
    push: Array = per("deeds.{deed}.push", "deed")
    pushed: Array = per("deeds.{deed}.pushed.{channel}", "deed", "channel")
    stance: Array = per("deeds.{deed}.stance.{side}", "deed", "side")
    audience: Array = per("deeds.{deed}.audience.{power}", "deed", "power")
    weight: Array = per("deeds.{deed}.causes.{cause}.weight", "deed_cause")
    usual: Array = per("deeds.{deed}.causes.{cause}.usual", "deed_cause")
    need_shut: Array = per("deeds.{deed}.needs.{need}.shut", "deed_need")
    need_open: Array = per("deeds.{deed}.needs.{need}.open", "deed_need")
    scale: Array = per("deeds.{deed}.effects.{effect}.scale", "deed_effect", absent=1.0)
    add: Array = per("deeds.{deed}.effects.{effect}.add", "deed_effect")
    sharpness: Run = per("mechanics.deeds.sharpness", absent=1.0)
    memory: Run = per("mechanics.deeds.memory", absent=1.0)
    push_worth: Run = per("mechanics.deeds.push_worth")


@dataclass(frozen=True)
class Disputes:
    """Chapter 9: talks, deals, recognition."""

    effect: Array = per("channels.{channel}.effects.dispute", "channel")
    open: Array = per("disputes.{dispute}.talks.open", "dispute", starts="talks")
    start: Array = per("disputes.{dispute}.talks.start", "dispute")
    collapse: Array = per("disputes.{dispute}.talks.collapse", "dispute")
    incident: Array = per("disputes.{dispute}.talks.incident", "dispute")
    goodwill: Array = per("disputes.{dispute}.talks.goodwill", "dispute")
    creep: Array = per("disputes.{dispute}.talks.creep", "dispute")
    wear: Array = per("disputes.{dispute}.talks.wear", "dispute")
    broker: Array = per("disputes.{dispute}.talks.broker", "dispute")
    ripe: Array = per("disputes.{dispute}.talks.ripe", "dispute", absent=1.0)
    deal: Array = per("disputes.{dispute}.talks.deal", "dispute")
    sharpness: Array = per("disputes.{dispute}.talks.sharpness", "dispute")
    step: Array = per("disputes.{dispute}.talks.step", "dispute", absent=1.0)
    wait: Array = per("disputes.{dispute}.talks.wait", "dispute")
    hindrance: Array = per("disputes.{dispute}.talks.hindrance", "dispute")
    veto_will: Array = per("disputes.{dispute}.talks.veto_will", "dispute")
    cost: Array = per("disputes.{dispute}.talks.parties.{party}.cost", "party")
    heeds: Array = per("disputes.{dispute}.talks.parties.{party}.heeds.{power}", "party", "power")
    slowed: Array = per("disputes.{dispute}.talks.slowed_by.{driver}", "dispute", "driver")
    recognised: Array = per("disputes.{dispute}.recognition.start", "dispute", starts="recognition")
    gained: Array = per("disputes.{dispute}.recognition.gained", "dispute")
    lost: Array = per("disputes.{dispute}.recognition.lost", "dispute")


@dataclass(frozen=True)
class Events:
    """Chapter 10: what happens by chance."""

    base: Array = per("events.{event}.base", "event_type")
    memory: Array = per("events.{event}.memory", "event_type", absent=1.0)
    success: Array = per("events.{event}.success", "event_type")
    weight: Array = per("events.{event}.causes.{cause}.weight", "type_cause")
    usual: Array = per("events.{event}.causes.{cause}.usual", "type_cause")
    need_shut: Array = per("events.{event}.needs.{need}.shut", "type_need")
    need_open: Array = per("events.{event}.needs.{need}.open", "type_need")
    scale: Array = per("events.{event}.effects.{effect}.scale", "type_effect", absent=1.0)
    add: Array = per("events.{event}.effects.{effect}.add", "type_effect")


@dataclass(frozen=True)
class Linkages:
    """Chapter 11: calm here for concessions elsewhere."""

    offer: Array = per("linkages.{linkage}.offer", "linkage")
    sharpness: Array = per("linkages.{linkage}.sharpness", "linkage")
    price: Array = per("linkages.{linkage}.price", "linkage")
    relief: Array = per("linkages.{linkage}.relief", "linkage")
    precedent: Array = per("linkages.{linkage}.precedent", "linkage")
    usual_tension: Array = per("linkages.{linkage}.usual_tension", "linkage")
    calm: Array = per("linkages.{linkage}.calm", "linkage")
    calm_months: Array = per("linkages.{linkage}.calm_months", "linkage")
    strain: Array = per("linkages.{linkage}.strain", "linkage")
    gain: Array = per("linkages.{linkage}.gain", "linkage")


@dataclass(frozen=True)
class Observation:
    """Chapter 12: which acts are seen."""

    acts: Array = per("channels.{channel}.acts", "channel")
    spread: Run = per("mechanics.observation.spread")
    most: Run = per("mechanics.observation.most", absent=1.0)
