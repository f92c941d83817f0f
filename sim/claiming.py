"""The claims as a user meets them: which files, how they are tried, and what is told and kept of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sim.claims.bench import Bench
from sim.claims.page import page
from sim.claims.plan import Examined, Wish, read_all, try_all
from sim.claims.summary import summary_told, table_told
from sim.claims.tables import csv_text, tables
from sim.evidence import read_seeds
from sim.runs.disk import whole_file
from sim.runs.executors import LIMIT, executor_of
from sim.runs.store import OutputDirectory
from sim.runs.versions import makers
from sim.scenario.claims import read_readings
from sim.scenario.faults import SuasionError, shown, unknown
from sim.scenario.layers import shipped_folder
from sim.telling import Telling

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}")
READINGS = "readings.yaml"
FOLDER = Path("experiments/claims")
OUT = Path("out/claims")


@dataclass(frozen=True)
class Words:
    """What the command line asks for."""

    runs: int | None = None
    seed: int | None = None
    out: Path | None = None
    robust: bool = False
    page: Path | None = None
    as_json: bool = False


@dataclass(frozen=True)
class Hands:
    """Who simulates, how many they are, and how long a block may take them. Units: limit in seconds."""

    executor: str = "local"
    workers: int | None = None
    limit: float = LIMIT


def claims_from_words(ids: Sequence[str], words: Words, hands: Hands) -> int:
    """What `suasion claims` does with its words; gives the number of failed runs."""
    began = time.monotonic()
    if words.page is not None and not words.page.parent.is_dir():
        raise SuasionError(f"there is no folder {words.page.parent} to write {words.page.name} into")
    crew = executor_of(hands.executor, hands.workers)
    folder = claims_folder()
    paths = files_of(ids, folder)
    coded = {claim.id: claim for claim in read_seeds().claims}
    wish = Wish(words.runs, words.seed, words.robust)
    examined = read_all(paths, read_readings(folder / READINGS), coded, wish)
    out = OutputDirectory(
        words.out or OUT, identity_of(examined, wish), len(examined), counted="claims", fresh=True, make_parents=words.out is None
    )
    with out, Telling("Claims", 1) as telling:
        bench = Bench(crew, hands.limit, telling.progress)
        try:
            try_all(examined, bench, wish)
        except KeyboardInterrupt:
            telling.say(f"stopped; nothing is kept, and {out.path} is as it was")
            raise
        write(out, examined, bench, time.monotonic() - began)
        if words.page is not None:
            with whole_file(words.page) as temporary:
                temporary.write_text(page(examined, made_by(ids, words)), encoding="utf-8", newline="\n")
            telling.say(f"{words.page} is written")
    tell(examined, bench, words, out.path)
    return bench.failed


def made_by(ids: Sequence[str], words: Words) -> str:
    """The command that gives the same tables."""
    options = [("--runs", words.runs), ("--seed", words.seed)]
    given = [f"{name} {value}" for name, value in options if value is not None]
    return " ".join(["suasion claims", *ids, *given, *(["--robust"] if words.robust else [])])


def claims_folder() -> Path:
    """The folder of claim files: in the working folder, or among those that come with the program.

    Raises: SuasionError where there is none.
    """
    shipped = shipped_folder()
    places = [FOLDER, *([shipped.parent / FOLDER] if shipped is not None else [])]
    for place in places:
        if (place / READINGS).is_file():
            return place
    raise SuasionError(f"there are no claims: {FOLDER / READINGS} is neither in the working folder nor beside the program")


def files_of(ids: Sequence[str], folder: Path) -> list[Path]:
    """The files of some claims, named by id or by path; by default all of a folder.

    Raises: SuasionError for a claim without a file.
    """
    known = {path.stem: path for path in sorted(folder.glob("*.yaml")) if path.name != READINGS}
    if not ids:
        if not known:
            raise SuasionError(f"there are no claim files in {folder}")
        return list(known.values())
    found = []
    for word in dict.fromkeys(ids):
        if word not in known and not word.endswith((".yaml", ".yml")):
            raise SuasionError(unknown("claim", word, known) if ID.fullmatch(word) else f"no claim called '{shown(word)}'")
        found.append(known.get(word, Path(word)))
    return found


def identity_of(examined: Sequence[Examined], wish: Wish) -> dict[str, Any]:
    """What the tables were made of."""
    claims = {each.claim.id: {trial.reading: trial.runs for trial in each.trials.values()} for each in examined}
    return {"claims": claims, "runs": wish.runs, "seed": wish.seed, "robust": wish.robust, "versions": makers()}


def write(out: OutputDirectory, examined: Sequence[Examined], bench: Bench, seconds: float) -> None:
    """Leaves the tables and their manifest, which comes last."""
    out.begin()
    for name, rows in tables(examined).items():
        out.write_text(f"{name}.csv", csv_text(name, rows))
    runs = {"made": bench.rows, "failed": bench.failed, "arms": bench.arms}
    out.finish({"runs": runs, "first_error": bench.first_error, "timings": {"whole_s": seconds}})


def tell(examined: Sequence[Examined], bench: Bench, words: Words, out: Path) -> None:
    """Prints what came out."""
    if words.as_json:
        click.echo(json.dumps(tables(examined), indent=2))
    else:
        click.echo(table_told(examined))
        click.echo(summary_told(examined), nl=False)
    lost = f", {bench.failed} failed; the first: {shown(bench.first_error, 200)}" if bench.failed else ""
    click.echo(f"{out} holds the tables; {bench.rows} histories of {bench.arms} arms{lost}", err=True)
