"""Gallery: charts of a sweep, one for each design."""

from __future__ import annotations

from gallery_parts import Picture, Section

LEVELS = """\
schema: 1
extends: western_balkans_2017.yaml
title: How much effort does it take?
ensemble: {runs: 48, seed: 1}
design: {method: grid}
factors:
  - {id: effort, path: powers.eu.capacity, way: scale, low: 0, high: 2, levels: 9, name: EU effort (1 as it is)}
outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
"""

HEAT_MAP = """\
schema: 1
extends: western_balkans_2017.yaml
title: The price of oil and the Union's effort
ensemble: {runs: 24, seed: 1}
design: {method: grid}
factors:
  - {id: oil, path: drivers.oil_price.level, low: 27.2, high: 108.8, levels: 5, spacing: log, name: Oil price in dollars}
  - {id: effort, path: powers.eu.capacity, way: scale, low: 0, high: 2, levels: 5, name: EU effort (1 as it is)}
outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
"""

CONTESTED = """\
  - {path: powers.russia.capacity}
  - {path: powers.russia.stakes.serbia}
  - {path: institutions.eu.value}
  - {path: countries.serbia.agency}
  - {path: countries.serbia.kinship.eu}
  - {path: countries.serbia.grievance}
  - {path: mechanics.contest.decisiveness}
  - {path: mechanics.alignment.prospect}
  - {path: mechanics.opinion.reach}
  - {path: mechanics.tension.pressure}
"""

TORNADO = f"""\
schema: 1
extends: western_balkans_2017.yaml
title: Ten contested numbers, one at a time
ensemble: {{runs: 32, seed: 1}}
design: {{method: one_at_a_time}}
factors:
{CONTESTED}outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
"""

SCREENING = f"""\
schema: 1
extends: western_balkans_2017.yaml
title: Ten contested numbers, screened
ensemble: {{runs: 8, seed: 1}}
design: {{method: morris, points: 12}}
factors:
{CONTESTED}outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
"""

SOBOL = """\
schema: 1
extends: western_balkans_2017.yaml
title: Six contested numbers, alone and together
ensemble: {runs: 4, seed: 1}
design: {method: sobol, points: 128}
factors:
  - {path: powers.russia.capacity}
  - {path: powers.russia.stakes.serbia}
  - {path: countries.serbia.agency}
  - {path: mechanics.contest.decisiveness}
  - {path: mechanics.alignment.prospect}
  - {path: mechanics.opinion.reach}
outcomes: [influence_share]
focus: [serbia.influence_share.russia.end]
"""

SPLIT = """\
schema: 1
extends: western_balkans_2017.yaml
title: Luck and what is not known
ensemble: {runs: 16, seed: 1}
design: {method: variance, points: 32}
outcomes: [alignment, influence_share, tension, eu_position]
focus:
  - serbia.alignment.russia.end
  - serbia.influence_share.russia.end
  - serbia.tension.end
  - montenegro.eu_position.end
"""

IMPORTS = """
from sim.analysis.answers import Sweep
from sim.analysis.names import outcome_spoken
from sim.charts import heat_map, levels, screening, sobol_bars, spread_split, tornado
from sim.charts.sheet import setting
from sim.charts.sweeps import origin_of


def settings(sweep):
    return {factor.id: tuple(setting(end) for end in factor.span) for factor in sweep.factors}


def answered(name):
    sweep = Sweep(sim.sweep(f"{name}.yaml", out=f"out/{name}"))
    answers = list(sweep.answers())
    words = {each.outcome: outcome_spoken(scenario, each.outcome) for each in answers if each.outcome}
    return sweep, answers, words, origin_of(sweep.results)
"""


def swept(name: str, experiment: str, picture: Picture) -> Section:
    """A section of one chart of a sweep."""
    code = f'sweep, answers, words, origin = answered("{name}")\nfound, outcome = answers[0].found, words[answers[0].outcome]'
    return Section("", "", code, (picture,), ((f"{name}.yaml", experiment),), f"suasion sweep {name}.yaml")


SWEEPS = (
    Section(
        "Sweeps",
        "The experiments are kept small, so that this page is made in minutes; those in `experiments/` ask the same of more points and "
        "runs. Each has one chart an outcome, named by its `focus`.",
        IMPORTS,
        (),
        leads_on=True,
    ),
    swept(
        "levels",
        LEVELS,
        Picture(
            "levels",
            "What happens along one lever?",
            "A grid of one factor: the mean with its interval, over the band that holds nine tenths of runs.",
            'levels.draw(found, "effort", origin, outcome, sweep.names, COLUMN)',
            'levels.data(found, "effort")',
        ),
    ),
    swept(
        "heat_map",
        HEAT_MAP,
        Picture(
            "heat_map",
            "How far does one lever make up for another?",
            "A grid of two factors, a cell a setting.",
            'heat_map.draw(found, ("oil", "effort"), origin, outcome, sweep.names, COLUMN)',
            'heat_map.data(found, ("oil", "effort"))',
        ),
    ),
    swept(
        "tornado",
        TORNADO,
        Picture(
            "tornado",
            "What does each number do by itself?",
            "Each factor low and high beside the base, all others as they are; the widest swing on top.",
            "tornado.draw(found, origin, outcome, sweep.names, settings(sweep), COLUMN)",
            "tornado.data(found)",
        ),
    ),
    swept(
        "screening",
        SCREENING,
        Picture(
            "screening",
            "What can be left out?",
            "Morris's screening: how large the effects of a factor are, and how far they hang on the others. A cheap look at many.",
            "screening.draw(found, origin, outcome, sweep.names, COLUMN)",
            "screening.data(found)",
        ),
    ),
    swept(
        "sobol_bars",
        SOBOL,
        Picture(
            "sobol_bars",
            "What matters most, alone and together with the rest?",
            "Sobol indices: the share of the variance that a factor explains alone, inside what it has a part in; and luck's own share.",
            "sobol_bars.draw(found, origin, outcome, sweep.names, COLUMN)",
            "sobol_bars.data(found)",
        ),
    ),
    swept(
        "spread_split",
        SPLIT,
        Picture(
            "spread_split",
            "How much of the spread is luck, and how much is that nobody knows the numbers?",
            "Worlds with different numbers live through the same luck: what differs between them is ignorance, the rest is chance.",
            "spread_split.draw(pd.concat([each.found for each in answers]), origin, words, COLUMN)",
            "spread_split.data(pd.concat([each.found for each in answers]))",
        ),
    ),
)
