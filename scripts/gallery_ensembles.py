"""Gallery: charts of one ensemble, and of two that share their luck."""

from __future__ import annotations

from gallery_parts import Picture, Section

ENSEMBLE = Section(
    "One ensemble",
    "200 histories of the default scenario, made and drawn on the command line by",
    """
    import sim
    from sim.charts import chronicle, entries, fans, holdings, ladders, overview, region_map, ribbons, tension
    from sim.charts.style import COLUMN
    from sim.runs.history import chronicled

    scenario = sim.read_scenario("scenarios/western_balkans_2017.yaml")
    record = sim.simulate(scenario, runs=200, seed=1)
    """,
    (
        Picture(
            "overview",
            "What is there to know, on one page?",
            "A row a country with its course, its tension and its way into each institution; on a slide a column a country.",
            "overview.draw(record, COLUMN)",
            "overview.data(record)",
        ),
        Picture(
            "region_map",
            "Where does each country stand, on the map?",
            'Any variable at any months: `region_map.draw(record, COLUMN, variable="tension", dates=["2020-01"])`. Without one it is the '
            "balance of the two largest blocs. Entities and northern Kosovo stand apart, and disputed lines are broken.",
            "region_map.draw(record, COLUMN)",
            "region_map.data(record)",
        ),
        Picture(
            "fans",
            "Where is each country heading, and how far may it stray?",
            "The median of the histories in bands that hold half and nine tenths of them, with single histories hair-thin in front. "
            '`sim.charts.fan(ax, record, country="serbia", variable="alignment", power="russia")` draws one fan on axes of your own.',
            "fans.draw(record, COLUMN)",
            "fans.data(record)",
        ),
        Picture(
            "ribbons",
            "How is each country's course divided among the blocs and itself?",
            "Means over runs, stacked. Ribbons of the same height are hedging.",
            "ribbons.draw(record, COLUMN)",
            "ribbons.data(record)",
        ),
        Picture(
            "holdings",
            "Who holds influence where, through which channels, and is it more than at the start?",
            "Shares of influence at the end, the three largest channels of each, and the change since the start.",
            "holdings.draw(record, COLUMN)",
            "holdings.data(record)",
        ),
        Picture(
            "ladders",
            "Who stands on which step towards membership, and in how many histories?",
            "Shares of runs by stage, month by month, for whoever stood outside at the start.",
            "ladders.draw(record, COLUMN)",
            "ladders.data(record)",
        ),
        Picture(
            "entries",
            "When do the next step and membership come?",
            "A dot at the median month, thick over the middle half of runs, thin over nine tenths, and how often it comes at all.",
            "entries.draw(record, COLUMN)",
            "entries.data(record)",
        ),
        Picture(
            "tension",
            "How tense is each country, and whose doing is it?",
            "Parts made at home and by each power, stacked, under the fan of the total.",
            "tension.draw(record, COLUMN)",
            "tension.data(record)",
        ),
        Picture(
            "chronicle",
            "How did one history go, and why?",
            "The history nearest to the medians of all, simulated once more and taken down; `chronicled(record, run=17)` takes another.",
            "chronicle.draw(chronicled(record), COLUMN)",
            "chronicle.data(chronicled(record))",
        ),
    ),
    command="suasion run scenarios/western_balkans_2017.yaml --runs 200",
    leads_on=True,
)

COMPARISON = Section(
    "Two ensembles with the same luck",
    "The default scenario beside one in which the European Union puts in half the effort, 200 runs each, paired run by run:",
    """
    from sim.analysis.comparison import comparison
    from sim.analysis.names import series_spoken
    from sim.analysis.parting import paired_series
    from sim.charts import difference, ranking
    from sim.charts.sheet import Origin

    halved = sim.simulate(sim.read_scenario("scenarios/eu_outreach_halved.yaml"), runs=200, seed=1)
    found = comparison({"baseline": record.outcomes, "half the effort": halved.outcomes})
    origin = Origin(scenario, runs=200, seed=1)
    wanted = [("influence_share", "serbia", "eu"), ("influence_share", "serbia", "russia"), ("alignment", "kosovo", "eu")]
    series = [
        paired_series(record, halved, series_spoken(scenario, variable, country, power), variable, country=country, power=power)
        for variable, country, power in wanted
    ]
    """,
    (
        Picture(
            "ranking",
            "What did the change do, and what most?",
            "Changes in units of the spread between runs, the interval of the pairs thick, that of as many unpaired runs thin behind it.",
            'ranking.draw(found, origin, "half the effort", COLUMN)',
            "ranking.data(found)",
        ),
        Picture(
            "difference",
            "How did the difference grow, and since when?",
            "What the change did to each quantity month by month, around a zero line; both ensembles are small beside it.",
            'difference.draw(series, origin, ("The baseline", "Half the effort"), COLUMN)',
            "difference.data(series)",
        ),
    ),
    command="suasion compare scenarios/western_balkans_2017.yaml scenarios/eu_outreach_halved.yaml --runs 200",
    leads_on=True,
)
