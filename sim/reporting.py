"""Charts and report of a finished folder, drawn again: after a full disk, with another version's pictures, or into another file."""

from __future__ import annotations

import shutil
import webbrowser
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.running import RUNS_CHARTED, write_pictures
from sim.runs.disk import disk_faults, whole_file
from sim.runs.ensemble import simulate
from sim.runs.results import Results
from sim.runs.standing import REPORT, DirectoryFault, read_manifest, refuse_damaged
from sim.runs.store import OutputDirectory
from sim.runs.tally import MOST_KEPT
from sim.scenario.faults import SuasionError
from sim.scenario.schema import Scenario
from sim.telling import Telling

CLAIMS = "claims"


def report_from_words(path: Path, out: Path | None, opened: bool) -> None:
    """What `suasion report` does with its words: draws the pictures of a folder anew, and puts its report where it is wanted.

    Raises: DirectoryFault where there is nothing finished; DiskFault where a table is damaged, or nothing can be written.
    """
    manifest = read_manifest(path)
    is_claims = manifest.get("counted") == CLAIMS
    tables = ".csv" if is_claims else ".parquet"
    refuse_damaged(path, {name: told for name, told in manifest["files"].items() if name.endswith(tables)})
    if is_claims:
        _write_claims(path, manifest)
    elif "experiment" in manifest:
        _draw_sweep(path)
    else:
        _draw_ensemble(path, manifest)
    if out is not None:
        with disk_faults(out, "written"), whole_file(out) as temporary:
            shutil.copyfile(path / REPORT, temporary)
    if opened and (path / REPORT).exists():
        webbrowser.open((out or path / REPORT).resolve().as_uri())


def _draw_sweep(path: Path) -> None:
    """Draws the charts of a sweep or a comparison anew, and its report from all charts that are there."""
    from sim.charts.sweeps import draw_comparison, draw_sweep
    from sim.comparing import compared

    results = Results.read(path)
    with Telling(results.experiment.title, 1) as telling:
        if results.experiment.design is None:
            made, refused = draw_comparison(results, compared(results), {}), list[str]()
        else:
            made, refused = draw_sweep(path)
        for told in [*(f"  {file}" for file in made), *(f"  not drawn: {reason}" for reason in refused)]:
            telling.say(told)


def _write_claims(path: Path, manifest: dict[str, Any]) -> None:
    """Writes the report of tried claims anew, from the tables alone."""
    from sim.charts.report_claims import claims_html
    from sim.charts.sweeps import reported
    from sim.claiming import told_in

    page = claims_html(told_in(path, manifest))
    with Telling("Claims", 1) as telling:
        telling.say(f"  {reported(path, page)}")


def _draw_ensemble(path: Path, manifest: dict[str, Any]) -> None:
    """Simulates the ensemble again, which comes out the same, and draws it."""
    identity, runs = manifest["identity"], manifest["runs"]
    if not isinstance(identity, dict) or not isinstance(runs, int):
        raise DirectoryFault(f"{path} has a manifest that does not say what was simulated")
    try:
        seed = int(identity["seed"])
        scenario = Scenario.model_validate(identity["scenario"] | {"ensemble": {"runs": runs, "seed": seed}})
    except (ValidationError, TypeError, ValueError, KeyError) as error:
        raise DirectoryFault(f"{path} holds a scenario that this program cannot read; make the folder anew with --fresh") from error
    drawn = runs if runs <= MOST_KEPT else RUNS_CHARTED
    with Telling(scenario.title, drawn) as telling, OutputDirectory.existing(path) as out:
        record = simulate(scenario, drawn, seed, progress=telling.progress)
        if not record.ok.any():
            raise SuasionError(f"none of the runs of {path} went well, so there is nothing to draw")
        write_pictures(out, record, telling.say)
        out.finish(None)
