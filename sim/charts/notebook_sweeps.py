"""What a notebook shows of a sweep's results and of a comparison: what was varied, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sim.analysis.answers import Sweep
from sim.analysis.comparison import MONTH, Comparison
from sim.analysis.names import outcome_spoken
from sim.charts.pieces import MOST, block, bracketed, cut, drawing, failed, head, line, many, said, softly, table, unseen
from sim.charts.sheet import HIGHER, estimate, number, setting, unit_words
from sim.charts.style import GREY, PAPER
from sim.charts.words import listed
from sim.runs.results import Results
from sim.scenario.factors import Factor
from sim.scenario.faults import SuasionError

# Beyond so many histories the outcomes of a sweep are not read only to be shown.
QUICKLY_READ = 200_000
WAYS = {"set": "", "scale": "times ", "add": "plus "}
WIDTH, HEIGHT = 150, 16
NO_STATUS = ("planned", "ok", "failed", "missing")


def page_of_many(thing: object) -> str:
    """The page of a sweep's results or of a comparison; of anything else its plain text."""
    if isinstance(thing, Results):
        return results_page(thing)
    return comparison_page(thing) if isinstance(thing, Comparison) else line(said(repr(thing), 500))


def results_page(results: Results) -> str:
    """A sweep: its points, factors and runs, and the first points with the means of what is looked at."""
    experiment, counts = results.experiment, results.manifest["counts"]
    planned = int(counts["planned"])
    method = experiment.design.method.replace("_", " ") if experiment.design else "arms"
    size = f"{many(planned // max(results.runs_a_point, 1), 'point')} × {many(results.runs_a_point, 'run')} = {planned:,} histories"
    statuses = {status: int(times) for status, times in counts.items() if status not in NO_STATUS}
    parts = [head(experiment.title, [method, size, f"seed {results.seed}", f"in {results.path}"]), failed(statuses)]
    try:
        parts += [factors(experiment.factors), points(results, planned)]
    except SuasionError as fault:
        parts.append(line(said(fault, 500)))
    return block(parts)


def factors(given: Sequence[Factor]) -> str:
    """What varies: name, number and range."""
    rows = []
    for factor in given[: MOST["factors"]]:
        low, high = (setting(end) for end in factor.span)
        changed = [said(", ".join(factor.targets)), f"{WAYS[factor.way]}{low} to {high}"]
        rows.append([f"<code>{said(factor.id)}</code>", said(factor.name or ""), *changed])
    more = unseen(len(given) - len(rows), "factor", "vary besides")
    return table(["factor", "name", "changes", "range"], rows, "What varies", more)


def points(results: Results, planned: int) -> str:
    """The first points: settings, runs that went well, and means of the outcomes that are looked at."""
    shown = results.points.head(MOST["points"])
    arm = ["arm"] if list(results.experiment.arms) != [""] else []
    settings = [factor.id for factor in results.experiment.factors][: MOST["columns"]]
    heads = ["point", *arm, *(f"<code>{said(id)}</code>" for id in settings)]
    rows = [[str(row["point"]), *(said(row[each]) for each in arm), *(setting(float(row[id])) for id in settings)] for row in told(shown)]
    caption = "The first points"
    if planned <= QUICKLY_READ:
        outcomes = Sweep(results).looked_at[: MOST["outcomes"]]
        heads += ["runs", *outcome_heads(results, outcomes)]
        rows = [[*row, *cells] for row, cells in zip(rows, means(results, shown["point"].tolist(), outcomes), strict=True)]
        caption += ", with means over runs"
    return table(heads, rows, caption, unseen(len(results.points) - len(rows), "point", "are in .points"))


def told(frame: pd.DataFrame) -> list[dict[str, float | str]]:
    """The rows of a table."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]


def outcome_heads(results: Results, outcomes: Sequence[str]) -> Iterator[str]:
    """An outcome's id, with its words and unit under it."""
    for outcome in outcomes:
        spoken = outcome_spoken(results.experiment.scenario, outcome)
        yield f"<code>{said(outcome)}</code><br>" + softly(said(f"{spoken.brief}, {unit_words(spoken)}"))


def means(results: Results, shown: Sequence[int], outcomes: Sequence[str]) -> Iterator[list[str]]:
    """For each point the runs that went well, and the mean of each outcome in its unit."""
    table = results.outcomes
    scales = [outcome_spoken(results.experiment.scenario, outcome).scale for outcome in outcomes]
    for point in shown:
        own = table.loc[table["point"] == point, list(outcomes)].to_numpy(dtype=np.float64)
        known = [column[np.isfinite(column)] for column in own.T]
        values = [number(float(column.mean()) * scale) if len(column) else "-" for column, scale in zip(known, scales, strict=True)]
        yield [str(len(own)), *values]


def comparison_page(found: Comparison) -> str:
    """A comparison: for each arm what changed most, with the interval of the paired difference."""
    arms = found.arms[: MOST["arms"]]
    parts = [head(f"{listed([cut(arm) for arm in arms])} beside {cut(found.base)}", [f"{many(found.runs, 'paired run')}"], longest=400)]
    lost = [f"{runs} of {cut(arm)}" for arm, runs in found.left_out.items() if runs]
    parts += [line(f"Runs left out because another arm lacks them: {said(listed(lost), 400)}.")] if lost else []
    parts += [changes(found, arm) for arm in arms]
    more = unseen(len(found.arms) - len(arms), "arm", "are in .table")
    return block([*parts, line(more)] if more else parts)


def changes(found: Comparison, arm: str) -> str:
    """What changed most in an arm: means, the paired difference with its interval, and its size against the spread of runs."""
    whole = found.of(arm)
    shown = told(whole[whole["size"].notna()].head(MOST["changes"]))
    sizes = [sized(row) for row in shown]
    widest = max((abs(end) for size in sizes for end in size if np.isfinite(end)), default=0.0) or 1.0
    rows = [change(row, size, widest) for row, size in zip(shown, sizes, strict=True)]
    caption = f"{cut(arm)}: {int(whole['beyond_chance'].sum())} of {many(len(whole), 'outcome')} move beyond chance. What changed most"
    return table(["outcome", "base", "other", "difference (95%)", "in spreads of runs"], rows, caption) or line(said(caption))


def sized(row: dict[str, float | str]) -> tuple[float, float, float]:
    """A difference and the ends of its interval, in units of the spread between runs."""
    spread = float(row["spread"]) or 1.0
    return float(row["difference"]) / spread, float(row["low"]) / spread, float(row["high"]) / spread


def change(row: dict[str, float | str], size: tuple[float, float, float], widest: float) -> list[str]:
    """The cells of one outcome."""
    words = bracketed(estimate(float(row["difference"]), (float(row["low"]), float(row["high"])), signed=True))
    if row["kind"] == MONTH:
        words += softly(f" months; comes in {float(row['share_base']):.0%} of runs, then in {float(row['share_other']):.0%}")
    cells = [f"<code>{said(row['outcome'], 120)}</code>", number(float(row["base"])), number(float(row["other"])), words]
    return [*cells, dot(size, widest)]


def dot(size: tuple[float, float, float], widest: float) -> str:
    """A dot with its interval about a line at zero."""
    half = WIDTH / 2
    at, *ends = (half + (half - 8) * (each if np.isfinite(each) else size[0]) / widest for each in size)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}'>"
        f"<rect width='{WIDTH}' height='{HEIGHT}' rx='3' fill='{PAPER}'/><path d='M{half} 1V{HEIGHT - 1}' stroke='{GREY}'/>"
        f"<path d='M{ends[0]:.1f} 8H{ends[1]:.1f}' stroke='{HIGHER}' stroke-width='2'/>"
        f"<circle cx='{at:.1f}' cy='8' r='4' fill='{HIGHER}'/></svg>"
    )
    return drawing(svg, number(size[0], signed=True), f"width:{WIDTH}px;height:{HEIGHT}px;max-width:none;")
