"""The claims as a user meets them: which files, how they are tried, and what is told and kept of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sim.claims.bench import Bench
from sim.claims.page import page
from sim.claims.plan import Examined, Wish, read_all, try_all
from sim.claims.summary import table_told
from sim.claims.tables import BOXES, Row, csv_text, tables
from sim.claims.told import Told, told
from sim.claims.wording import summary
from sim.evidence import read_seeds
from sim.runs.disk import whole_file
from sim.runs.executors import LIMIT, executor_of
from sim.runs.standing import REPORT, DirectoryFault, ours
from sim.runs.store import OutputDirectory
from sim.runs.versions import makers
from sim.scenario.claims import read_readings
from sim.scenario.faults import SuasionError, shown, unknown
from sim.scenario.layers import shipped_folder
from sim.telling import Telling

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}")
READINGS = "readings.yaml"
FOLDER = Path("experiments/claims")
FOLDER_OF_RESULTS = Path("out")
OUT = FOLDER_OF_RESULTS / "claims"
# What the manifest of a folder of claims counts.
COUNTED = "claims"


@dataclass(frozen=True)
class Words:
    """What the command line asks for."""

    runs: int | None = None
    seed: int | None = None
    out: Path | None = None
    robust: bool = False
    page: Path | None = None
    boxes: tuple[Path, ...] = ()
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
    refuse_another_kind(words.out or OUT)
    crew = executor_of(hands.executor, hands.workers)
    folder = claims_folder()
    paths = files_of(ids, folder)
    boxes = boxes_in(words.boxes)
    coded = {claim.id: claim for claim in read_seeds().claims}
    wish = Wish(words.runs, words.seed, words.robust)
    readings = read_readings(folder / READINGS)
    examined = read_all(paths, readings, coded, wish)
    for claim in (each.claim for each in examined if each.coded is None):
        click.echo(f"note: {shown(str(claim.path))}: {claim.id} is none of seeds/claims.yaml; it is counted as a finding", err=True)
    out = OutputDirectory(
        words.out or OUT, identity_of(examined, wish), len(examined), counted=COUNTED, fresh=True, make_parents=words.out is None
    )
    with out, Telling("Claims", 1) as telling:
        bench = Bench(crew, hands.limit, telling.progress)
        try:
            try_all(examined, bench, wish)
        except KeyboardInterrupt:
            telling.say(f"stopped; nothing is kept, and {out.path} is as it was")
            raise
        texts = {name: csv_text(name, rows) for name, rows in {**tables(examined), **boxes}.items()}
        found = told(texts, {reading.id: reading.title for reading in readings}, made_by(ids, words))
        write(out, texts, found, bench, time.monotonic() - began)
        if words.page is not None:
            with whole_file(words.page) as temporary:
                temporary.write_text(page(found), encoding="utf-8", newline="\n")
            telling.say(f"{words.page} is written")
    tell(examined, found, bench, words, out.path)
    return bench.failed


def refuse_another_kind(path: Path) -> None:
    """Claims are tried anew each time, and their tables replace only such tables.

    Raises: DirectoryFault, when the folder holds results of another kind.
    """
    standing = ours(path) if path.is_dir() else None
    if standing is not None and standing.identity and standing.counted != COUNTED:
        raise DirectoryFault(
            f"{path} holds {standing.size:,} {standing.counted}, and claims would replace them; name another folder by --out"
        )


def boxes_in(folders: Sequence[Path]) -> dict[str, list[Row]]:
    """The table of where questions break, of some folders of finished sweeps; none where there is no folder.

    Raises: SuasionError for a folder without such a question.
    """
    if not folders:
        return {}
    from sim.charts.claim_boxes import box_rows

    return {BOXES: list(box_rows(folders))}


def made_by(ids: Sequence[str], words: Words) -> str:
    """The command that gives the same tables."""
    options = [("--runs", words.runs), ("--seed", words.seed)]
    given = [f"{name} {value}" for name, value in options if value is not None]
    boxes = [f"--boxes {FOLDER_OF_RESULTS / path.name}" for path in words.boxes]
    return " ".join(["suasion claims", *ids, *given, *(["--robust"] if words.robust else []), *boxes])


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


def write(out: OutputDirectory, texts: Mapping[str, str], found: Told, bench: Bench, seconds: float) -> None:
    """Leaves the tables, their report, and their manifest, which comes last."""
    from sim.charts.report_claims import claims_html

    out.begin()
    for name, text in texts.items():
        out.write_text(f"{name}.csv", text)
    out.write_text(REPORT, claims_html(found))
    runs = {"made": bench.rows, "failed": bench.failed, "arms": bench.arms}
    made = {"command": found.command, "readings": dict(found.readings)}
    out.finish({"runs": runs, "first_error": bench.first_error, **made, "timings": {"whole_s": seconds}})


def tell(examined: Sequence[Examined], found: Told, bench: Bench, words: Words, out: Path) -> None:
    """Prints what came out."""
    if words.as_json:
        click.echo(json.dumps(tables(examined), indent=2))
    else:
        click.echo(table_told(examined))
        click.echo("\n".join(summary(found)))
    lost = f", {bench.failed} failed; the first: {shown(bench.first_error, 200)}" if bench.failed else ""
    click.echo(f"{out} holds the tables and {REPORT}; {bench.rows} histories of {bench.arms} arms{lost}", err=True)


def told_in(path: Path, manifest: Mapping[str, Any]) -> Told:
    """What the tables of a finished folder of claims tell."""
    texts = {name.removesuffix(".csv"): (path / name).read_text(encoding="utf-8") for name in manifest["files"] if name.endswith(".csv")}
    return told(texts, manifest.get("readings"), str(manifest.get("command", "suasion claims")))
