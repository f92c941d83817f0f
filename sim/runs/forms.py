"""Results in the forms of other tools: Mesa's batch_run, NetLogo's BehaviorSpace, the IAMC's long format, xarray's labelled arrays.

SALib and EMA Workbench, which also give samples to be run, are in `sim.runs.samples`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import metrics_of
from sim.record import MONTHLY, Record
from sim.runs.results import Results
from sim.runs.versions import program_version
from sim.scenario.faults import SuasionError, unknown
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

if TYPE_CHECKING:
    import pandas as pd

Made = Results | Record
# Columns of a table of outcomes and of one of points that are no outcomes and no settings.
PLACES = ["run", "point"]
PLACED = ["point", "key", "arm"]
# Sections of a scenario whose entries have names.
NAMED = ("powers", "countries", "channels", "institutions", "drivers", "conditions", "disputes", "deeds", "events")
STATISTICS = {
    "mean": "Mean",
    "sd": "Standard Deviation",
    "q05": "5th Percentile",
    "q25": "25th Percentile",
    "q50": "50th Percentile",
    "q75": "75th Percentile",
    "q95": "95th Percentile",
}


@dataclass(frozen=True)
class Histories:
    """Histories that went well, a row each: the settings they were made with, and how they ended.

    `settings` has a column an arm where there are several, and one a factor; `outcomes` a column an outcome. `months` is how long
    each is, `points` how many points there are.
    """

    name: str
    points: int
    point: NDArray[np.int64]
    run: NDArray[np.int64]
    months: NDArray[np.int64]
    settings: pd.DataFrame
    outcomes: pd.DataFrame

    @classmethod
    def of(cls, made: Made, outcomes: Sequence[str] | None = None) -> Histories:
        """The histories of a sweep or of one ensemble, with all outcomes or those asked for.

        Raises: SuasionError, for an outcome that is not there.
        """
        import pandas as pd

        table = made.outcomes
        chosen = table[asked(table.columns.drop(PLACES, errors="ignore"), outcomes)].reset_index(drop=True)
        run = table["run"].to_numpy(dtype=np.int64)
        if isinstance(made, Record):
            point, months = np.zeros_like(run), np.full_like(run, len(made.months))
            return cls(made.scenario.title, 1, point, run, months, pd.DataFrame(index=chosen.index), chosen)
        point, arms = table["point"].to_numpy(dtype=np.int64), made.experiment.arms
        span = np.array([arms[name].time.months for name in made.points["arm"]], dtype=np.int64)
        settings = settings_of(made).iloc[point].reset_index(drop=True)
        return cls(made.experiment.name, len(made.points), point, run, span[point], settings, chosen)


def maker(made: Made) -> str:
    """The program that made it, with its version."""
    version = program_version() if isinstance(made, Record) else made.manifest["identity"]["versions"]["suasion"]
    return f"Suasion {version}"


def scenario_of(made: Made) -> Scenario:
    """The scenario that was simulated, before any arm or factor changed it."""
    return made.scenario if isinstance(made, Record) else made.experiment.scenario


def asked(known: Iterable[str], wanted: Sequence[str] | None) -> list[str]:
    """The outcomes that were asked for, or all.

    Raises: SuasionError, for one that is not there.
    """
    names = [str(name) for name in known]
    for name in wanted or ():
        if name not in names:
            raise SuasionError(unknown("outcome", name, names))
    return list(wanted) if wanted is not None else names


def settings_of(results: Results) -> pd.DataFrame:
    """What differs between the points of a sweep, one row a point: the arm where arms have names, and a column a factor."""
    return results.points.drop(columns=["point", "key", *(["arm"] if list(results.experiment.arms) == [""] else [])])


def batch_run_frame(made: Made, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """What `pandas.DataFrame(mesa.batch_run(...))` looks like: RunId, iteration, Step, a column a parameter, a column an outcome.

    An iteration is a run, so the same iteration is the same luck at every point. Step is the last one, counted from 0. Rows of runs
    that failed are missing, and their RunId with them.
    """
    import pandas as pd

    rows = Histories.of(made, outcomes)
    places = {"RunId": rows.run * rows.points + rows.point, "iteration": rows.run, "Step": rows.months - 1}
    table = pd.concat([pd.DataFrame(places), rows.settings, rows.outcomes], axis=1)
    return table.sort_values("RunId", kind="stable", ignore_index=True)


def behaviorspace_table(made: Made, outcomes: Sequence[str] | None = None) -> str:
    """The CSV text that NetLogo's BehaviorSpace writes as a table: six lines of heading, names of columns, a row a history.

    Columns are [run number] from 1, a column a parameter, [step], a column an outcome. There is no grid of patches, so its four
    edges are 0; the date is the first day of the world's time, so that the same results are the same bytes.
    """
    import pandas as pd

    rows = Histories.of(made, outcomes)
    runs = made.runs if isinstance(made, Record) else made.runs_a_point
    columns = [pd.DataFrame({"[run number]": rows.point * runs + rows.run + 1}), rows.settings, pd.DataFrame({"[step]": rows.months})]
    table = pd.concat([*columns, rows.outcomes], axis=1)
    year, month = scenario_of(made).time.start.split("-")
    text = io.StringIO()
    text.write(f'BehaviorSpace results ({maker(made)}), "Table version 2.0"\n')
    heading = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    edges = ["min-pxcor", "max-pxcor", "min-pycor", "max-pycor"]
    date = f"{month}/01/{year} 00:00:00:000 +0000"
    heading.writerows([[rows.name], [scenario_of(made).title], [date], edges, ["0"] * len(edges)])
    table.to_csv(text, index=False, quoting=csv.QUOTE_ALL, lineterminator="\n")
    return text.getvalue()


def iamc_frame(made: Made, statistics: Sequence[str] = tuple(STATISTICS), yearly: bool = False) -> pd.DataFrame:
    """A summary in the long format of the Integrated Assessment Modeling Consortium, as pyam reads it.

    Columns: model, scenario, region, variable, unit, time (the first of a month) or, if yearly, year, and value. A variable is
    written 'Alignment|North|Mean'; a year has the value of its last month. `iamc_meta` says what each scenario of a sweep is.

    Raises: SuasionError, for a statistic that a summary does not have; DirectoryFault, where a sweep kept no summary.
    """
    import pandas as pd

    for name in statistics:
        if name not in STATISTICS:
            raise SuasionError(unknown("statistic", name, STATISTICS))
    summary = made.summary() if isinstance(made, Record) else made.summary
    dates = pd.to_datetime(summary["date"])
    if yearly:
        last = dates == dates.groupby([dates.dt.year, summary["variable"]]).transform("max")
        summary, dates = summary[last], dates[last]
    scenario = scenario_of(made)
    if isinstance(made, Record):
        names: Any = made.scenario.title
    else:
        names = summary["point"].map(dict(enumerate(point_names(made)))).to_numpy()
    columns = {
        "model": maker(made),
        "scenario": names,
        "region": _named(summary["actor"], _names(scenario)),
        "variable": _variables(scenario, summary),
        "unit": summary["variable"].map(_units(summary["variable"].unique())).to_numpy(),
        "year" if yearly else "time": (dates.dt.year if yearly else dates).to_numpy(),
    }
    wide = pd.DataFrame(columns | {name: summary[name].to_numpy(dtype=np.float64) for name in statistics})
    table = wide.melt(id_vars=list(columns), value_vars=list(statistics), var_name="statistic", value_name="value")
    table["variable"] += "|" + table.pop("statistic").map(STATISTICS)
    return table.dropna(subset=["value"]).reset_index(drop=True)


def iamc_meta(results: Results) -> pd.DataFrame:
    """What each scenario of `iamc_frame` is, one row a point: model, scenario, the arm where arms have names, a column a factor."""
    table = settings_of(results)
    table.insert(0, "scenario", point_names(results))
    table.insert(0, "model", maker(results))
    return table


def point_names(results: Results) -> list[str]:
    """A name for each point of a sweep: the experiment's, the arm's and the point's number."""
    name, points = results.experiment.name, results.points
    return [" ".join(filter(None, (name, arm, str(point)))) for arm, point in zip(points["arm"], points["point"], strict=True)]


def _names(scenario: Scenario) -> dict[str, str]:
    """What people call everything that has an id and a name; a bar would part an IAMC variable."""
    sections: list[Mapping[str, Any]] = [getattr(scenario, section) for section in NAMED]
    return {id: entry.name.replace("|", "/") for section in sections for id, entry in section.items() if getattr(entry, "name", None)}


def _named(ids: pd.Series, names: Mapping[str, str]) -> NDArray[np.object_]:
    """Names for ids; the parts of an id such as russia.energy each have their own, and what has none is called by its id."""
    called = {id: ", ".join(names.get(part, part.replace("_", " ")) for part in str(id).split(".")) for id in ids.unique()}
    return np.array([called[id] for id in ids], dtype=object)


def _variables(scenario: Scenario, summary: pd.DataFrame) -> NDArray[np.object_]:
    """Variables as the IAMC writes them, from the general to the particular: 'Alignment|North'."""
    stages = {f"{id}_stage": f"{entry.name} stage" for id, entry in scenario.institutions.items()}
    labels = {name: stages.get(name) or VARIABLES[name].label for name in summary["variable"].unique()}
    partners = _named(summary["partner"], _names(scenario))
    words = [f"{labels[name]}|{partner}" if partner else labels[name] for name, partner in zip(summary["variable"], partners, strict=True)]
    return np.array(words, dtype=object)


def _units(variables: Iterable[str]) -> dict[str, str]:
    """The unit of each variable of a summary; a stage is told by the share of runs that stand on it."""
    return {name: VARIABLES[name].unit if name in VARIABLES else "share" for name in variables}


def xarray_dataset(made: Made) -> Any:
    """A sweep or an ensemble as an xarray Dataset with names, units and labels.

    Of a sweep: a data variable an outcome and `status`, along point and run, with each factor, the arm and the key as coordinates
    of a point. Of an ensemble: see `record_dataset`.

    Raises: SuasionError, where xarray is not installed.
    """
    if isinstance(made, Record):
        return record_dataset(made).assign_attrs(source=maker(made))
    xarray = library("xarray")
    shape = len(made.points), made.runs_a_point
    status = np.full(shape, "", dtype="<U9")
    status[made.runs["point"], made.runs["run"]] = made.runs["status"].to_numpy(dtype=str)
    names = asked(made.outcomes.columns.drop(PLACES), None)
    described: dict[str, dict[str, str]] = {}
    for arm in made.experiment.arms.values():
        described |= {name: said for name in names if (said := _described(arm, name))}
    data = {name: (("point", "run"), by_point(made, name), described.get(name, {})) for name in names}
    coordinates: dict[str, Any] = {"point": np.arange(shape[0]), "run": np.arange(shape[1])}
    for name in made.points.columns.drop("point"):
        coordinates[name] = ("point", made.points[name].to_numpy(dtype=str if name in PLACED else None))
    for factor in made.experiment.factors:
        coordinates[factor.id] = (*coordinates[factor.id], {"long_name": factor.name or factor.id, "path": ", ".join(factor.targets)})
    data["status"] = (("point", "run"), status, {"long_name": "Status of the run"})
    about = {"title": made.experiment.title, "experiment": made.experiment.name, "seed": str(made.seed), "source": maker(made)}
    return xarray.Dataset(data, coordinates, about)


def by_point(results: Results, outcome: str) -> NDArray[np.float32]:
    """An outcome of a sweep as a rectangle, NaN where the run failed. Shape: (point, run)."""
    table = results.outcomes
    whole = np.full((len(results.points), results.runs_a_point), np.nan, dtype=np.float32)
    whole[table["point"], table["run"]] = table[outcome]
    return whole


def _described(scenario: Scenario, column: str) -> dict[str, str]:
    """Label, unit and parts of an outcome column; nothing where the scenario has no such metric."""
    actor, metric, *partner, how = column.split(".")
    found = metrics_of(scenario).get(metric)
    if found is None:
        return {}
    unit = "months" if how == "month" else found.unit.split(",")[0]
    return {"long_name": found.label, "units": unit, "actor": actor, "partner": ".".join(partner), "how": how}


def record_dataset(record: Record) -> Any:
    """An ensemble as an xarray Dataset: every variable that was kept, along month, the ids of its axes, and run.

    Variables that were kept once a year run along `year`, whose coordinate is the month. Where a variable has an axis' name, the
    axis is called `deed_id`. Runs that failed are left out.

    Raises: SuasionError, where xarray is not installed.
    """
    xarray = library("xarray")
    data, coordinates = {}, {"run": record.run_ids[record.ok]}
    for name in sorted(record.kept):
        about = VARIABLES[name]
        time = "month" if name in MONTHLY else "year"
        coordinates[time] = record.dates(name).astype("datetime64[s]")
        axes = [f"{axis}_id" if axis in VARIABLES else axis for axis in about.axes]
        coordinates |= {name: np.array(record.roster.ids[axis], dtype=str) for name, axis in zip(axes, about.axes, strict=True)}
        said = {"long_name": about.label, "units": about.unit, "kind": about.kind}
        if about.kind == "rung":
            said |= {f"stages_{id}": ", ".join(entry.stages) for id, entry in record.scenario.institutions.items()}
        data[name] = ((time, *axes, "run"), record.values(name), said)
    return xarray.Dataset(data, coordinates, {"title": record.scenario.title, "seed": str(record.seed)})


def library(name: str) -> Any:
    """A library that only this form needs, imported when it is asked for.

    Raises: SuasionError with the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise SuasionError(f"{name} is not installed; install it with: pip install {name}") from error
