"""Gallery: why two ensembles differ, and what a sweep is asked besides its design: ranks, discovery, tipping points, policies."""

from __future__ import annotations

from gallery_parts import Picture, Section

WHY = Section(
    "Why they differ",
    "The same two scenarios step side by side again, with hybrids in which some mechanisms are those of the second. Twenty-four runs are "
    "few; [why.md](why.md) says how parts are found and read.",
    """
    from sim.analysis.names import outcome_spoken
    from sim.charts import why
    from sim.why.mediation import mediation

    parted = mediation(scenario, halved.scenario, "bosnia.influence_share.eu.mean", runs=24, seed=1)
    asked = outcome_spoken(scenario, parted.column)
    base = float(parted.base.mean())
    """,
    (
        Picture(
            "why",
            "Which mechanisms carry the difference?",
            "A step a mechanism from the first scenario to the second, the largest first, and at the end what no mechanism carries.",
            'why.draw(parted.table(), Origin(scenario, runs=24, seed=1), asked, ("the baseline", "half the effort"), base, COLUMN)',
            "why.data(parted.table())",
        ),
    ),
    command="suasion why out/western_balkans_2017 out/eu_outreach_halved bosnia.influence_share.eu.mean --runs 24",
)

CONDITIONS = """\
schema: 1
extends: western_balkans_2017.yaml
title: What brings Serbia and Kosovo to normal relations
ensemble: {runs: 4, seed: 1}
design: {method: latin_hypercube, points: 160}
factors:
  - {id: brokers, paths: [powers.eu.skill.mediation, powers.us.skill.mediation], way: scale, low: 0.5, high: 3, name: The brokers' skill}
  - {id: will, paths: [powers.eu.objectives.deal, powers.us.objectives.deal], way: scale, low: 0.5, high: 3, name: The brokers' wish}
  - {id: credibility, path: institutions.eu.credibility, low: 0.4, high: 0.95, name: Credibility of the Union's offer}
  - {id: tariff, path: deeds.tariff.base, way: add, low: -2, high: 0.2, name: Readiness to levy a tariff}
  - {id: moscow, path: powers.russia.capacity, way: scale, low: 0.5, high: 1.5, name: Russia's effort}
  - {id: ripe, path: disputes.kosovo.talks.ripe, low: 0.7, high: 0.9, name: How normal relations must be}
outcomes: [normalisation]
focus: [kosovo.normalisation.end]
discover: {outcome: kosovo.normalisation.end, above: 0.8, name: relations come close to normal}
"""

OUTREACH = """\
schema: 1
extends: western_balkans_2017.yaml
title: Russia's hold on Serbia as the Union does more
ensemble: {runs: 48, seed: 1}
design: {method: grid}
factors:
  - {id: outreach, path: powers.eu.capacity, way: scale, low: 0, high: 4, levels: 9, name: The Union's effort}
outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
tipping: {outcome: serbia.influence_share.russia.end, crosses: 0.25}
"""

CHOICES = """\
schema: 1
extends: western_balkans_2017.yaml
title: Six policies over 24 worlds
ensemble: {runs: 4, seed: 1}
arms:
  as_it_is: {}
  more_outreach: {set: {powers.eu.capacity: {scale: 1.5}}}
  steady_offer: {set: {institutions.eu.credibility: 0.9, mechanics.accession.disappointment: {scale: 0.5}}}
  able_mediation: {set: {powers.eu.skill.mediation: {scale: 2}, powers.eu.objectives.deal: {scale: 2}}}
  gas_from_elsewhere: {set: {countries.serbia.dependence.russia.channels.energy: {scale: 0.5}}}
  more_stories: {set: {powers.russia.skill.information: {scale: 2}, powers.russia.skill.social_media: {scale: 2}}}
  more_energy: {set: {powers.russia.skill.energy: {scale: 2}}}
owners: {more_outreach: eu, steady_offer: eu, able_mediation: eu, gas_from_elsewhere: serbia, more_stories: russia, more_energy: russia}
design: {method: latin_hypercube, points: 24}
factors:
  - {id: moscow, path: powers.russia.capacity, way: scale, low: 0.5, high: 2, name: Russia's effort}
  - {id: kinship, path: countries.serbia.kinship.russia, low: 0.4, high: 0.95, name: Serbia's kinship with Russia}
  - {id: value, path: institutions.eu.value, low: 1.3, high: 3, name: What membership of the Union is worth}
  - {id: decisiveness, path: mechanics.contest.decisiveness, name: Decisiveness of effort}
outcomes: [alignment, tension, eu_position, normalisation]
focus: [serbia.eu_position.end]
goals:
  - {outcome: serbia.eu_position.end, better: higher, enough: 3.4, for: eu}
  - {outcome: kosovo.normalisation.end, better: higher, enough: 0.5, for: eu}
  - {outcome: serbia.eu_position.end, better: higher, enough: 3.4, for: serbia}
  - {outcome: serbia.tension.mean, better: lower, enough: 0.34, for: serbia}
  - {outcome: serbia.alignment.russia.end, better: higher, enough: 0.33, for: russia}
  - {outcome: serbia.eu_position.end, better: lower, enough: 3.4, for: russia}
"""

IMPORTS = """
from sim.charts import discovery, gains, pareto, policies, ranks, tipping
from sim.charts.questions import actor_words, event_words, policy_words
"""

QUESTIONS = (
    Section(
        "Where, from where on, and whose policy",
        "Questions that an experiment asks by a key of its own, `discover`, `tipping` or `goals`; [discovery.md](discovery.md) says how "
        "they are answered, and what the larger experiments in `experiments/` found.",
        IMPORTS,
        (),
        leads_on=True,
    ),
    Section(
        "",
        "",
        """
        sweep, (ranked, boxed), words, origin = answered("conditions")
        outcome, event = words[ranked.outcome], event_words(sweep)
        """,
        (
            Picture(
                "ranks",
                "What goes with it?",
                "A Latin hypercube: which factors the outcome rises and falls with, among all of them (dot) and alone (ring).",
                "ranks.draw(ranked.found, origin, outcome, sweep.names, COLUMN)",
                "ranks.data(ranked.found)",
            ),
            Picture(
                "discovery",
                "Under which conditions does it happen?",
                "The same sweep: a box of conditions in which relations come close to normal, what it holds, and how sure each limit is.",
                "discovery.draw(boxed.found, event, origin, sweep.names, COLUMN)",
                "discovery.data(boxed.found)",
            ),
        ),
        (("conditions.yaml", CONDITIONS),),
        "suasion sweep conditions.yaml",
    ),
    Section(
        "",
        "",
        """
        sweep, (_, tipped), words, origin = answered("outreach")
        outcome = words[tipped.outcome]
        """,
        (
            Picture(
                "tipping",
                "From where on does it happen?",
                "A grid of one factor: where the mean crosses the level that is asked for, and whether that is a step or an even change.",
                "tipping.draw(tipped.found, origin, outcome, sweep.names, COLUMN)",
                "tipping.data(tipped.found)",
            ),
        ),
        (("outreach.yaml", OUTREACH),),
        "suasion sweep outreach.yaml",
    ),
    Section(
        "",
        "",
        """
        sweep, (compared,), _, origin = answered("choices")
        names, actors = policy_words(sweep), actor_words(scenario)
        aims = tuple(outcome_spoken(scenario, each) for each in pareto.goals_of(compared.found, "eu"))
        """,
        (
            Picture(
                "policies",
                "Whose policy holds up in most worlds?",
                "Each owner's choices by regret: what a better choice would have given more, and at how many points a choice is enough.",
                "policies.draw(compared.found, origin, names, actors, COLUMN)",
                "policies.data(compared.found)",
            ),
            Picture(
                "gains",
                "Who gains by a policy, and who loses?",
                "The same sweep: each policy beside doing nothing, for every actor that has goals.",
                "gains.draw(compared.found, origin, names, actors, COLUMN)",
                "gains.data(compared.found)",
            ),
            Picture(
                "pareto",
                "Which choices does no other better in both goals?",
                "The same sweep: the Union's choices over its two goals.",
                'pareto.draw(compared.found, "eu", origin, (names, actors, aims), COLUMN)',
                'pareto.data(compared.found, "eu")',
            ),
        ),
        (("choices.yaml", CHOICES),),
        "suasion policies choices.yaml",
    ),
)
