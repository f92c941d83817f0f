"""The pictures of a sweep and of a comparison, drawn into their folder with the numbers they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.answers import GRID, RANKS, SCREENING, SPLIT, TORNADO, Answer, Sweep
from sim.analysis.comparison import Comparison
from sim.analysis.names import outcome_spoken
from sim.analysis.parting import PairedSeries
from sim.analysis.sensitivity import Sensitivity
from sim.charts import difference, heat_map, levels, ranking, ranks, screening, sobol_bars, spread_split, tornado
from sim.charts.questions import Picture, name_of, question_files, question_pictures, words_of
from sim.charts.report_sweep import comparison_html, sweep_html
from sim.charts.saving import csv_bytes, png_bytes, svg_bytes
from sim.charts.sheet import Origin, setting
from sim.runs.results import Results
from sim.runs.standing import REPORT, read_manifest
from sim.runs.store import OutputDirectory
from sim.scenario.experiments import Experiment


def draw_sweep(path: Path, asked: Experiment | None = None) -> tuple[list[Path], list[str]]:
    """Analyses a finished sweep, draws its charts into its folder and writes its report; gives PNG files and report, and why anything
    was left out.

    `asked` is the experiment as its file says it now: its questions may have changed since the points were made.

    Raises: DirectoryFault where there is no finished sweep; DiskFault.
    """
    results = Results.read(path)
    sweep = Sweep(results, asked)
    answers = list(sweep.answers())
    own = [answer for answer in answers if answer.method == sweep.method]
    tables = [answer.table for answer in own if answer.found is not None]
    files = {"analysis/answers.csv": csv_bytes(pd.concat(tables, ignore_index=True))} if tables else {}
    files |= question_files(sweep, answers)
    pictures = [*sweep_pictures(sweep, own), *question_pictures(sweep, answers, origin_of(results))]
    shown, refused = written(path, pictures, files), [answer.refused for answer in answers if answer.refused]
    return [*shown, reported(path, sweep_html(results, drawings(path), refused))], refused


def draw_comparison(results: Results, found: Comparison, series: Mapping[str, Sequence[PairedSeries]]) -> list[Path]:
    """Draws the charts of a comparison into its folder and writes its report; gives the PNG files and the report.

    Raises: DiskFault.
    """
    origin, pictures = origin_of(results), []
    for arm in found.arms:
        ending = f"_{arm}" if len(found.arms) > 1 else ""
        table = ranking.data(found, arm)
        pictures.append(Picture(f"ranking{ending}", ranking.draw(found, origin, words_of(results, arm), arm=arm), table))
        if series.get(arm):
            figure = difference.draw(series[arm], origin, (words_of(results, found.base), words_of(results, arm)))
            pictures.append(Picture(f"difference{ending}", figure, difference.data(series[arm])))
    shown = written(results.path, pictures, {"analysis/comparison.csv": csv_bytes(found.table)})
    return [*shown, reported(results.path, comparison_html(results, found, drawings(results.path)))]


def written(path: Path, pictures: Sequence[Picture] | Iterator[Picture], files: Mapping[str, bytes]) -> list[Path]:
    """Writes pictures and files into a finished folder, whose manifest names them; gives the PNG files."""
    shown = []
    with OutputDirectory.existing(path) as out:
        for name, content in files.items():
            put(out, name, content)
        for picture in pictures:
            contents = {"png": png_bytes(picture.figure), "svg": svg_bytes(picture.figure), "csv": csv_bytes(picture.data)}
            for ending, content in contents.items():
                put(out, f"charts/{picture.name}.{ending}", content)
            shown.append(path / "charts" / f"{picture.name}.png")
        out.finish(None)
    return shown


def reported(path: Path, page: str) -> Path:
    """Writes the report of a finished folder, whose manifest names it."""
    with OutputDirectory.existing(path) as out:
        report = out.write_text(REPORT, page)
        out.finish(None)
    return report


def drawings(path: Path) -> list[Path]:
    """The drawings that a folder's manifest names and that are there."""
    named = sorted(name for name in read_manifest(path)["files"] if name.startswith("charts/") and name.endswith(".svg"))
    return [path / name for name in named if (path / name).is_file()]


def put(out: OutputDirectory, name: str, content: bytes) -> None:
    """Writes a file that is there whole or not at all."""
    with out.replacing(name) as temporary:
        temporary.write_bytes(content)


def origin_of(results: Results) -> Origin:
    """Where the numbers of the pictures come from."""
    counts = results.manifest["counts"]
    return Origin(results.experiment.scenario, results.runs_a_point, results.seed, len(results.points), int(counts["failed"]))


def sweep_pictures(sweep: Sweep, answers: Sequence[Answer]) -> Iterator[Picture]:
    """The pictures of a sweep's answers, one an outcome and arm; a split of variance is one picture an arm."""
    origin, scenario = origin_of(sweep.results), sweep.experiment.scenario
    told = [answer for answer in answers if answer.found is not None]
    for arm in sweep.results.experiment.arms:
        own = [answer for answer in told if answer.arm == arm]
        if sweep.method == SPLIT and own:
            table = pd.concat([answer.found for answer in own if isinstance(answer.found, pd.DataFrame)], ignore_index=True)
            names = {answer.outcome: outcome_spoken(scenario, answer.outcome) for answer in own}
            yield Picture(name_of("spread_split", "", arm), spread_split.draw(table, origin, names), spread_split.data(table))
            continue
        for answer in own:
            drawn = picture_of(sweep, answer, origin)
            if drawn is not None:
                kind, figure, data = drawn
                yield Picture(name_of(kind, answer.outcome, arm), figure, data)


def picture_of(sweep: Sweep, answer: Answer, origin: Origin) -> tuple[str, Figure, pd.DataFrame] | None:
    """The picture of one answer, with its kind and its numbers."""
    spoken = outcome_spoken(sweep.results.experiment.scenario, answer.outcome)
    if isinstance(answer.found, Sensitivity):
        return "sobol", sobol_bars.draw(answer.found, origin, spoken, sweep.names), sobol_bars.data(answer.found)
    table = answer.found
    assert isinstance(table, pd.DataFrame), "answers without a table have no picture here"
    ids = [factor.id for factor in sweep.factors]
    if answer.method == GRID and len(ids) == 1:
        return "levels", levels.draw(table, ids[0], origin, spoken, sweep.names), levels.data(table, ids[0])
    if answer.method == GRID:
        pair = ids[0], ids[1]
        return "heat_map", heat_map.draw(table, pair, origin, spoken, sweep.names), heat_map.data(table, pair)
    if answer.method == TORNADO:
        settings: dict[str, Any] = {factor.id: tuple(setting(end) for end in factor.span) for factor in sweep.factors}
        return "tornado", tornado.draw(table, origin, spoken, sweep.names, settings), tornado.data(table)
    if answer.method == RANKS:
        return "ranks", ranks.draw(table, origin, spoken, sweep.names), ranks.data(table)
    if answer.method == SCREENING:
        return "screening", screening.draw(table, origin, spoken, sweep.names), screening.data(table)
    return None
