"""Draws every chart once and writes the page that shows them: docs/gallery.md and docs/pictures/gallery.

    python scripts/gallery.py        simulates, draws and writes (two minutes of two idle cores)

The code that stands on the page is the code that is run here, so each picture is drawn by the call beside it. Pictures are as wide as a
column of text. Run by hand when charts or the model change.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from sim.charts.page import points
from sim.charts.saving import png_bytes, write_whole
from sim.charts.style import COLUMN

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures" / "gallery"
# Colours a picture may have: so many that none is off by more than can be seen, at a third of the bytes.
COLOURS = 256
HEAVIEST = 1_500_000
LINE = 140

HEAD = """\
# Gallery

Every chart, what question it answers, the call that draws it, and what is in its data. `python scripts/gallery.py` simulates, draws and
writes this page: each picture comes from the code beside it, and its title says what that simulation found. The code goes on from one
section to the next.

A chart is drawn from a record, a comparison or a sweep, by a function `draw` of its module in `sim.charts`, as wide as a slide
(`SLIDE`), a column of text (`COLUMN`, as here) or a phone (`PHONE`). Nobody has to call it: `suasion run`, `suasion compare` and `suasion
sweep` draw all that concern what they made, as PNG and SVG, each with the numbers it shows as CSV.

In these tables `q05`, `q25`, `median`, `q75` and `q95` are quantiles over runs, `low` and `high` the ends of a 95% interval, and `run_0`,
`run_1` ... single runs. Shares go from 0 to 1. [analysis.md](analysis.md) says how intervals are made, and what they leave out.
"""

TAIL = """\
## In a notebook

A record, the results of a sweep and a comparison show themselves where they are the last line of a cell: what they are, a table, and for a
record the fans of the countries that are most divided. Nothing has to be imported for it. `examples/` holds three pages that can be opened
as notebooks or run as scripts: a first look, a counterfactual, and a sweep.
"""


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its module, what it answers, and the code that draws it and makes its table."""

    chart: str
    question: str
    words: str
    draw: str
    data: str

    @property
    def heading(self) -> str:
        """Its name as a heading."""
        return self.chart.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Section:
    """Charts of one kind of result, and the code that makes it; `files` are written before that code is run."""

    heading: str
    words: str
    code: str
    pictures: tuple[Picture, ...]
    files: tuple[tuple[str, str], ...] = ()
    command: str = ""


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
)

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
    words = {each.outcome: outcome_spoken(scenario, each.outcome) for each in answers}
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
SECTIONS = (ENSEMBLE, COMPARISON, *SWEEPS)


def main() -> None:
    """Draws the pictures and writes the page."""
    names: dict[str, Any] = {"pd": pd}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            pieces = [piece for section in SECTIONS for piece in made(section, names)]
        finally:
            os.chdir(before)
    write_whole(DOCS / "gallery.md", "\n".join([HEAD, *questions(), *pieces, TAIL]).encode())
    shown = {f"{picture.chart}.png" for section in SECTIONS for picture in section.pictures}
    for path in PICTURES.glob("*.png"):
        if path.name not in shown:
            path.unlink()
    weight = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    sys.exit(f"the pictures weigh {weight:,} bytes, more than {HEAVIEST:,}" if weight > HEAVIEST else 0)


def questions() -> Iterator[str]:
    """The table of questions, each with the chart that answers it."""
    yield "| question | chart |\n|---|---|"
    for section in SECTIONS:
        for picture in section.pictures:
            yield f"| {picture.question} | [{picture.heading.lower()}](#{picture.heading.lower().replace(' ', '-')}) |"
    yield ""


def made(section: Section, names: dict[str, Any]) -> Iterator[str]:
    """Runs the code of a section, draws its pictures, and gives its part of the page."""
    for file, text in section.files:
        Path(file).write_text(text, encoding="utf-8")
    code = cleandoc(section.code)
    exec(compile(code, f"<{section.heading or section.pictures[0].chart}>", "exec"), names)
    if section.heading:
        yield f"## {section.heading}\n\n{prose(section.words)}\n"
        yield from fenced("", section.command)
        yield from fenced("python", code)
    for picture in section.pictures:
        yield from shown(picture, section, code, names)


def shown(picture: Picture, section: Section, code: str, names: dict[str, Any]) -> Iterator[str]:
    """A chart's part of the page: question, picture, call, data; its picture is written beside."""
    figure, table = eval(picture.draw, names), eval(picture.data, names)
    path = write_whole(PICTURES / f"{picture.chart}.png", slim(png_bytes(figure)))
    print(f"{path.stat().st_size:>9,}  {path.relative_to(DOCS.parent)}  {title_of(figure)}")
    yield f"### {picture.heading}\n\n{prose(f'**{picture.question}** {picture.words}')}\n"
    yield f"![{title_of(figure)}]({path.relative_to(DOCS).as_posix()})\n"
    for _, text in section.files:
        yield from fenced("yaml", text)
    if not section.heading:
        yield from fenced("", section.command)
    yield from fenced("python", f"{code}\n{picture.draw}" if not section.heading else picture.draw)
    yield prose(f"Its CSV: {about(names[picture.chart])} Columns: {named(table)}.") + "\n"


def prose(words: str) -> str:
    """A paragraph in lines of the house's length."""
    return textwrap.fill(words, LINE, break_long_words=False, break_on_hyphens=False)


def fenced(language: str, code: str) -> Iterator[str]:
    """A block of code, if there is any."""
    if code:
        yield f"```{language}\n{code.strip()}\n```\n"


def slim(png: bytes) -> bytes:
    """The same picture with a palette."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def title_of(figure: Figure) -> str:
    """The title that stands on a picture, its lines put together."""
    height = points(COLUMN.title)
    return " ".join(text.get_text() for text in figure.texts if text.get_weight() == "bold" and abs(text.get_fontsize() - height) < 1e-6)


def about(chart: ModuleType) -> str:
    """What a chart's table holds: the first paragraph of what its function `data` says of itself."""
    return " ".join(cleandoc(chart.data.__doc__ or "").split("\n\n")[0].split())


def named(table: pd.DataFrame) -> str:
    """The columns of a table; of single runs the first and the last."""
    single = [f"`{column}`" for column in table.columns if re.fullmatch(r"run_\d+", column)]
    others = [f"`{column}`" for column in table.columns if f"`{column}`" not in single]
    return ", ".join([*others, *([f"{single[0]} to {single[-1]}"] if single else [])])


if __name__ == "__main__":
    main()
