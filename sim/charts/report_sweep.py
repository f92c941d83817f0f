"""The report of a sweep or a comparison: the question, the charts that answer it, the numbers behind them, and how to get the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from sim.analysis.comparison import Comparison
from sim.analysis.names import Spoken, outcome_spoken
from sim.charts.report_shell import header, navigation, paragraph, section, svg_address, whole_page
from sim.charts.style import literal
from sim.charts.words import large, month
from sim.runs.results import Results
from sim.runs.versions import versions
from sim.scenario.hashing import scenario_hash

# Bytes of drawings that are put into the page; what is heavier is linked to.
HEAVIEST = 2_500_000
MOST_ROWS = 15
READING = {
    "ranking": "What the change did to each outcome, in units of the spread between histories, largest first.",
    "difference": "How the difference grew month by month; both ensembles are small beside it.",
    "levels": "The outcome along one lever: its mean, and the band of nine tenths of the histories.",
    "heat_map": "The outcome at each setting of two levers.",
    "tornado": "Each number low and high beside the base, the widest swing on top.",
    "screening": "Which numbers matter, and how far their effects hang on the others.",
    "sobol": "The share of the variance that each number explains alone, and in all it has a part in.",
    "spread_split": "How much of the spread is chance, and how much is that nobody knows the numbers.",
}


def sweep_html(results: Results, drawings: Sequence[Path], refused: Sequence[str] = ()) -> str:
    """The page of a finished sweep, from its results and the SVG files of its charts. Nothing in it runs, and nothing is fetched."""
    gone = [paragraph(f"Not drawn: {literal(reason)}.", soft=True) for reason in refused]
    found = section("found", "What was found", [*pictures(results, drawings), *gone])
    return _page(results, {"found": "What was found"}, [found])


def comparison_html(results: Results, found: Comparison, drawings: Sequence[Path]) -> str:
    """The page of a finished comparison: what changed most in sentences, the charts, and a table of the paired differences."""
    told = [line for arm in found.arms for line in largest(results, found, arm)]
    parts = [
        section(
            "found", "What changed", [f'<div class="answer">{"".join(paragraph(line) for line in told)}</div>', paragraph(PAIRED, True)]
        ),
        section("charts", "How it changed", list(pictures(results, drawings))),
        section("table", "What changed most, in numbers", [differences_table(results, found, arm) for arm in found.arms]),
    ]
    return _page(results, {"found": "What changed", "charts": "How it changed", "table": "In numbers"}, parts)


PAIRED = (
    "Each history is compared with the history of the same luck in which nothing was changed. Brackets hold the difference with 95% "
    "confidence: how well so many pairs know it, not how far single histories lie apart."
)


def _page(results: Results, parts: Mapping[str, str], body: Sequence[str]) -> str:
    experiment = results.experiment
    title, note = literal(experiment.title), literal(experiment.scenario.note)
    bar = navigation({**parts, "again": "Get the same"})
    whole = [
        '<a class="skip" href="#found">To the findings</a>',
        header(title, _period(results), note),
        bar,
        "<main>",
        *body,
        _again(results),
        "</main>",
    ]
    return whole_page(title, whole, {}, live=False)


def _period(results: Results) -> str:
    """Which months, how many points and histories, and how many failed."""
    counts, record = results.manifest["counts"], results.experiment.scenario.time
    first = pd.Period(record.start, "M")
    span = f"{month(first.to_timestamp().to_datetime64())} to {month((first + record.months - 1).to_timestamp().to_datetime64())}"
    points = f"{len(results.points):,} points of {results.runs_a_point:,} histories"
    lost = f" {int(counts['failed']):,} histories failed and are left out." if counts["failed"] else ""
    return f"{span}, {points}, seed {results.seed}.{lost}"


def pictures(results: Results, drawings: Sequence[Path]) -> Iterator[str]:
    """The charts, drawn in the page as long as there is room, each with links to its files."""
    room = HEAVIEST
    for path in drawings:
        weight = path.stat().st_size
        words = escape(caption(results, path.stem))
        links = " · ".join(
            f'<a href="{escape(quote(f"{path.parent.name}/{path.stem}.{ending}"))}">{ending.upper()}</a>'
            for ending in ("png", "svg", "csv")
        )
        address = escape(svg_address(path.read_text(encoding="utf-8"))) if weight <= room else ""
        drawn = f'<div class="picture"><img src="{address}" alt="{words}"></div>' if address else ""
        room -= weight if address else 0
        yield f"<figure>{drawn}<figcaption>{words} {links}</figcaption></figure>"


def caption(results: Results, name: str) -> str:
    """What one sees on a chart, from the name of its file: its kind, and the outcome where it is of one."""
    kind = next((known for known in READING if name.startswith(known)), "")
    if not kind:
        return f"{large(name.replace('_', ' '))}."
    outcome = next((column for column in results.outcomes.columns if name.endswith(str(column).replace(".", "_"))), None)
    of = f"{outcome_spoken(results.experiment.scenario, str(outcome)).name}. " if outcome is not None else ""
    return literal(f"{of}{READING[kind]}")


def largest(results: Results, found: Comparison, arm: str, most: int = 3) -> Iterator[str]:
    """What changed most in an arm beyond chance, in sentences with numbers."""
    own = found.of(arm)
    moved = own[own["beyond_chance"].astype(bool)]
    name, base = (literal(results.experiment.arms[each].title) for each in (arm, found.base))
    if moved.empty:
        yield f"Under '{name}' no outcome ends differently from '{base}' beyond what {found.runs:,} pairs could show."
        return
    moves = f"{len(moved):,} of {len(own):,} outcomes differ from '{base}' beyond chance"
    yield f"Under '{name}' {moves}, over {found.runs:,} pairs of histories."
    for _, row in moved.head(most).iterrows():
        spoken = outcome_spoken(results.experiment.scenario, str(row["outcome"]))
        before, after, change, low, high = (said(row, key, spoken) for key in ("base", "other", "difference", "low", "high"))
        unit = f" {spoken.unit}" if spoken.unit else ""
        yield f"{literal(large(spoken.in_sentence))} is {after} rather than {before}: a difference of {change}{unit} ({low} to {high})."


def said(row: pd.Series, key: str, spoken: Spoken) -> str:
    """A number of the comparison in the unit of its outcome, three digits that matter."""
    value = float(row[key]) * spoken.scale
    return f"{value:.3g}".replace("-", "−") if abs(value) < float("inf") else "not known"


def differences_table(results: Results, found: Comparison, arm: str) -> str:
    """The paired differences of an arm, what changed most first."""
    rows = []
    for _, row in found.of(arm).head(MOST_ROWS).iterrows():
        spoken = outcome_spoken(results.experiment.scenario, str(row["outcome"]))
        cells = [said(row, key, spoken) for key in ("base", "other", "difference")]
        cells.append(f"{said(row, 'low', spoken)} to {said(row, 'high', spoken)}")
        named = zip(HEADS[1:], cells, strict=True)
        inside = "".join(f'<td data-label="{escape(head)}">{escape(cell)}</td>' for head, cell in named)
        rows.append(f'<tr><th scope="row">{escape(literal(spoken.name))}</th>{inside}<td>{escape(spoken.unit)}</td></tr>')
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (*HEADS, "unit"))
    title = escape(literal(results.experiment.arms[arm].title))
    return f'<table class="stack"><caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


HEADS = ("outcome", "base", "changed", "difference", "95% of the difference")


def _again(results: Results) -> str:
    """How to get the same: the command, the arms with their digests, versions."""
    arms = {name or "scenario": scenario_hash(scenario) for name, scenario in results.experiment.arms.items()}
    command = "compare" if results.experiment.design is None else "sweep"
    told = {f"Digest of {name}": digest for name, digest in arms.items()}
    told |= {"Seed and runs": f"seed {results.seed}, {results.runs_a_point} runs a point"}
    told |= {"Versions": ", ".join(f"{library} {number}" for library, number in versions().items())}
    rows = "".join(f"<dt>{escape(literal(key))}</dt><dd>{escape(words)}</dd>" for key, words in told.items())
    how = f"The same 'suasion {command}' gives the same numbers. The scenarios as they were run, with every number, are in manifest.json."
    return section("again", "How to get the same", [paragraph(how), f'<div class="again"><dl>{rows}</dl></div>'])
