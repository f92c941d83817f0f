"""Where questions break, for the page about the documents' claims: the boxes of finished sweeps, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.analysis.answers import DISCOVERY, Answer, Sweep
from sim.analysis.discovery import LEAST_CASES, Discovery
from sim.analysis.refusals import NotAnalysable
from sim.charts.discovery import condition, interval, order_of, sentences, title
from sim.charts.questions import event_words
from sim.charts.style import literal
from sim.charts.words import percent
from sim.runs.results import Results
from sim.scenario.faults import SuasionError

# Leaves of a tree that are told.
MOST_LEAVES = 4
EXPERIMENTS = Path("experiments")
_TITLE = re.compile(r"^title: *[\"']?(.*?)[\"']? *$", re.MULTILINE)

Rows = list[dict[str, str]]


def box_rows(folders: Sequence[Path]) -> Rows:
    """A row a sentence on each folder: title, command, kind, words.

    Raises: SuasionError for a folder whose experiment looks for no box; DirectoryFault and DiskFault as any reader of sweeps.
    """
    return [row for folder in folders for row in _rows(folder)]


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    results = Results.read(folder)
    sweep = Sweep(results)
    if results.experiment.discover is None:
        raise SuasionError(f"{folder} holds a sweep that looks for no box: its experiment has no discover")
    found = next(answer for answer in sweep.answers() if answer.method == DISCOVERY)
    head = {"title": literal(results.experiment.title), "command": command_of(results)}
    for kind, words in told(sweep, found):
        yield {**head, "kind": kind, "words": literal(words)}


def told(sweep: Sweep, answer: Answer) -> Iterator[tuple[str, str]]:
    """What is said of a box: what was asked, the headline, what it is worth, its limits, and the leaves of the tree."""
    results, what = sweep.results, event_words(sweep)
    yield "asked", f"Looked for: {what}, among {len(results.points):,} points of {results.runs_a_point:,} histories each."
    if not isinstance(answer.found, Discovery):
        yield "refused", refused(sweep, answer)
        return
    found = answer.found
    yield "headline", title(found, what, sweep.names)
    own, tested = found.measures, found.tested
    share, part = percent(own.density), percent(own.coverage)
    worth = f"the box holds {percent(own.mass)} of all points, and {part} of those looked for (coverage); {share} of its points are such"
    yield "measure", worth
    yield "measure", f"tested: {percent(tested['density'][0])} of the points inside are such ({interval(tested['density'])})"
    for factor in order_of(found):
        row = found.limits[found.limits["factor"] == factor].iloc[0]
        kept = f"the limit returns in {percent(float(row['kept']))} of boxes made from two thirds of the points"
        yield "limit", f"{condition(factor, found.box.limits[factor], sweep.names)}; {kept}"
    for sentence in sentences(found, what, sweep.names)["sentence"].head(MOST_LEAVES):
        yield "leaf", str(sentence)


def refused(sweep: Sweep, answer: Answer) -> str:
    """Why there is no box: how many points are such as are looked for, where that can be told."""
    try:
        interest = sweep.cases().interest
    except NotAnalysable:
        return f"No box was made: {answer.refused}."
    often = f"It is so at {int(interest.sum()):,} of {len(interest):,} points."
    return f"{often} A box needs {LEAST_CASES} points of either kind, so none was made."


def command_of(results: Results) -> str:
    """The command that makes a sweep again, naming the experiment's file where it is among those that come with the program."""
    file = next((path for path in sorted(EXPERIMENTS.glob("*.yaml")) if _title_of(path) == results.experiment.title), None)
    name = file.as_posix() if file is not None else "FILE"
    return f"suasion sweep {name} --runs {results.runs_a_point} --seed {results.seed}"


def _title_of(path: Path) -> str:
    found = _TITLE.search(path.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found is not None else ""
