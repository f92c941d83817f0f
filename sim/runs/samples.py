"""Samples of other tools, in and out: SALib's problem, inputs and outputs, and EMA Workbench's experiments and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.record import Record
from sim.runs.designs import rounded, stretched
from sim.runs.forms import Histories, Made, asked, by_point, settings_of
from sim.runs.results import Results
from sim.scenario.experiments import Experiment
from sim.scenario.factors import Design, Factor
from sim.scenario.faults import SuasionError, unknown
from sim.scenario.places import bounds_at
from sim.summary import series_of

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
Runs = Literal["each", "mean", "replications"]
RUNS: tuple[Runs, ...] = ("each", "mean", "replications")
EMA_LABELS = ("scenario", "policy", "model")
# What EMA Workbench calls the policy where there is none.
NO_POLICY = "None"


def salib_problem(experiment: Experiment, outcomes: Sequence[str] = ()) -> dict[str, Any]:
    """What SALib calls a problem: num_vars, names, bounds, dists where a factor goes by equal factors, outputs where asked for.

    SALib knows neither whole numbers nor choices. Their bounds are the lowest and the highest, and `experiment_of_salib` gives each
    whole number or choice an equal part of what lies between.

    Raises: SuasionError, for a design without factors, or a factor without low and high.
    """
    factors = experiment.factors
    if not factors:
        raise SuasionError(f"{experiment.name} has no factors, so there is no SALib problem")
    for factor in factors:
        if factor.values is None and (factor.low is None or factor.high is None):
            raise SuasionError(f"the factor {factor.id} has neither low and high nor values, which SALib needs as bounds")
    problem: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [factor.id for factor in factors],
        "bounds": [list(factor.span) for factor in factors],
    }
    if any(factor.spacing == "log" for factor in factors):
        problem["dists"] = ["logunif" if factor.spacing == "log" else "unif" for factor in factors]
    return problem | ({"outputs": list(outcomes)} if outcomes else {})


def salib_inputs(results: Results, arm: str | None = None) -> Values:
    """The sample of a sweep as SALib's matrix X, in SALib's own order of rows.

    Shape: (sample, factor). A Sobol sample has for each base sample A, each AB, each BA where pairs were asked for, and B.

    Raises: SuasionError, where there are several arms and none is named, or the design has no factors.
    """
    salib_problem(results.experiment)
    points = _sample(results, arm)
    return np.stack([results.design.factors[factor.id][points] for factor in results.experiment.factors], axis=1)


def salib_outputs(results: Results, outcome: str, arm: str | None = None, run: int | None = None) -> Values:
    """An outcome of a sweep as SALib's vector Y, in the order of `salib_inputs`: means over runs, or the values of one run.

    Only runs that went well at every point of the arm count, so that all points have the same luck. One missing number would turn
    SALib's indices into zeros or worse without a word, so it is refused.

    Shape: (sample).
    Raises: SuasionError, where a number is missing, no run went well everywhere, or the outcome is not there.
    """
    asked(results.outcomes.columns.drop(["run", "point"]), [outcome])
    points = _sample(results, arm)
    values = by_point(results, outcome)[points].astype(np.float64)
    well = np.all(_went_well(results)[points], axis=0).reshape(-1)
    if run is not None:
        if not 0 <= run < len(well) or not well[run]:
            told = f"failed at some point; these went well at all: {_listed(np.flatnonzero(well))}"
            raise SuasionError(f"run {run} " + (told if 0 <= run < len(well) else f"is not there; runs go from 0 to {len(well) - 1}"))
        well = np.arange(len(well)) == run
    if not well.any():
        raise SuasionError(f"{outcome}: every run failed at some point, so points cannot be compared with the same luck")
    chosen = values[:, well]
    missing = int((~np.isfinite(chosen)).sum())
    if missing:
        instead = f"; ask for {outcome.removesuffix('.month')}.end instead" if outcome.endswith(".month") else ""
        raise SuasionError(f"{outcome} is not a finite number in {missing:,} of {chosen.size:,} histories, which SALib passes on{instead}")
    return np.asarray(chosen.mean(axis=1))


def _listed(runs: NDArray[np.intp]) -> str:
    return ", ".join(map(str, runs[:10])) + (f" and {len(runs) - 10} more" if len(runs) > 10 else "") if len(runs) else "none"


def _went_well(results: Results) -> NDArray[np.bool_]:
    """Which runs went well. Shape: (point, run)."""
    well = np.zeros((len(results.points), results.runs_a_point), dtype=bool)
    well[results.outcomes["point"], results.outcomes["run"]] = True
    return well


def _sample(results: Results, arm: str | None) -> NDArray[np.int64]:
    """The points of an arm in the order of its sample, a Sobol sample in SALib's order."""
    arms, design = list(results.experiment.arms), results.experiment.design
    if arm is None and len(arms) > 1:
        raise SuasionError(f"there are several arms; say which: {', '.join(arms)}")
    if arm is not None and arm not in arms:
        raise SuasionError(unknown("arm", arm, arms))
    sample: NDArray[np.int64] = results.design.sample[arms.index(arm) if arm is not None else 0]
    sample = sample[sample >= 0]
    if design is None or design.method != "sobol":
        return sample
    k = len(results.experiment.factors)
    blocks = sample.reshape(2 + k * (2 if design.second_order else 1), -1)
    ordered: NDArray[np.int64] = np.concatenate([blocks[:1], blocks[2:], blocks[1:2]]).T.ravel()
    return ordered


def experiment_of_salib(experiment: Experiment, problem: Mapping[str, Any], inputs: ArrayLike) -> Experiment:
    """The experiment with the points of a SALib sample as its list, every row tried in every arm.

    The problem names the factors of the experiment in the order of the sample's columns. The order of rows is kept, so that
    `salib_outputs` of the sweep fits SALib's analysis of the same sample.

    Shape: inputs (sample, factor).
    Raises: SuasionError, for other names than the experiment's factors, and for the first value that a factor may not have.
    """
    table, names = np.asarray(inputs, dtype=np.float64), [str(name) for name in problem["names"]]
    if table.ndim != 2 or table.shape[1] != len(names):
        raise SuasionError(f"the problem has {len(names)} names, so inputs must be (sample, {len(names)}), found {table.shape}")
    return _with_list(experiment, dict(zip(names, table.T, strict=True)), None)


def experiment_of_ema(experiment: Experiment, experiments: pd.DataFrame) -> Experiment:
    """The experiment with the points of an EMA Workbench table of experiments as its list.

    The table has a column a factor. Its policies are the experiment's arms, where arms have names; columns scenario, model and run
    are passed over.

    Raises: SuasionError, for other columns than the experiment's factors, unknown arms, values that a factor may not have.
    """
    ids = {identifier(factor.id): factor.id for factor in experiment.factors}
    columns = {ids.get(str(name), str(name)): experiments[name] for name in experiments.columns if name not in (*EMA_LABELS, "run")}
    arms = None
    if list(experiment.arms) != [""]:
        if "policy" not in experiments.columns:
            raise SuasionError(f"the column policy is missing; it says the arm: {', '.join(experiment.arms)}")
        arms = [str(arm) for arm in experiments["policy"]]
    return _with_list(experiment, {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}, arms)


def _with_list(experiment: Experiment, columns: Mapping[str, Values], arms: Sequence[str] | None) -> Experiment:
    """The experiment with a list of points, a column a factor and perhaps an arm a row."""
    known = [factor.id for factor in experiment.factors]
    for name in columns:
        if name not in known:
            raise SuasionError(unknown("factor", name, known))
    for name in known:
        if name not in columns:
            raise SuasionError(f"the factor {name} is missing; every factor has a column")
    for arm in arms or ():
        if arm not in experiment.arms:
            raise SuasionError(unknown("arm", arm, experiment.arms))
    fitted = np.stack([_fitted(factor, columns[factor.id]) for factor in experiment.factors], axis=1).tolist()
    rows = [(arm, tuple(values)) for arm in experiment.arms for place, values in enumerate(fitted) if arms is None or arms[place] == arm]
    return replace(experiment, design=Design(method="list"), listed=tuple(rows))


def _fitted(factor: Factor, given: Values) -> Values:
    """Values of a factor out of another tool's: rounded as ours are, and whole or one of the choices where the factor says so.

    Whole numbers and choices that are such already stay.

    Raises: SuasionError, for the first value that the factor may not have.
    """
    low, high = _allowed(factor)
    for row in np.flatnonzero(~((given >= low) & (given <= high)))[:1]:
        raise SuasionError(f"row {row} of {factor.id} must be a number from {low:g} to {high:g}, found {given[row]:g}")
    if factor.values is not None:
        as_they_are = bool(np.isin(given, factor.values).all())
        return given + 0.0 if as_they_are else stretched(factor, (given - low) / (high - low))
    if factor.whole and not bool((given == np.floor(given)).all()):
        ends, places = (np.log([low, high]), np.log(given)) if factor.spacing == "log" else (np.array([low, high]), given)
        return stretched(factor, (places - ends[0]) / (ends[1] - ends[0]))
    return rounded(given) + 0.0


def _allowed(factor: Factor) -> tuple[float, float]:
    """The lowest and the highest value that a factor may have."""
    low, high = factor.span if factor.values or (factor.low is not None and factor.high is not None) else (-np.inf, np.inf)
    bounds = [bounds_at(path) for path in factor.targets] if factor.way == "set" else []
    return max([low, *(bound.low for bound in bounds)]), min([high, *(bound.high for bound in bounds)])


def ema_results(
    made: Made, outcomes: Sequence[str] | None = None, runs: Runs = "each", series: Sequence[str] = ()
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What EMA Workbench's perform_experiments gives: a table of experiments, and an array an outcome.

    The table has a column a factor, then scenario (a number for each set of values), policy (the arm) and model (the experiment).
    `runs` says what an experiment is: each history, with a column run; the mean over the runs of a point that went well; or a point
    with an array (experiment, replication) an outcome, as `process_replications` takes them. Where runs failed the arrays are
    masked. Names are made identifiers: plain_tension_end. `series` names variables of a single ensemble whose course is given too,
    (experiment, month) each; a sweep does not keep the months of single runs.

    Raises: SuasionError, for unknown outcomes and series, and for a factor called scenario, policy or model.
    """
    if isinstance(made, Record):
        return _ema_of_record(made, outcomes, series)
    if runs not in RUNS:
        raise SuasionError(unknown("kind of experiment", runs, RUNS))
    if series:
        raise SuasionError("a sweep keeps no months of single runs; simulate one point with sim.simulate for its series")
    import pandas as pd

    failed = ~_went_well(made)
    table = settings_of(made).drop(columns="arm", errors="ignore")
    table.columns = pd.Index([identifier(str(name)) for name in table.columns])
    for factor in made.experiment.factors:
        if factor.whole:
            table[identifier(factor.id)] = table[identifier(factor.id)].astype(np.int64)
    settings = list(table.columns)
    for name in EMA_LABELS:
        if name in settings:
            raise SuasionError(f"EMA Workbench has a column {name} of its own; call the factor otherwise")
    scenario = table.groupby(settings, sort=False).ngroup() if settings else 0
    policy = made.points["arm"].astype(str).replace("", NO_POLICY)
    table = table.assign(run=0, scenario=scenario, policy=policy, model=made.experiment.name)
    if runs == "each":
        table = table.loc[table.index.repeat(made.runs_a_point)].reset_index(drop=True)
        table["run"] = np.tile(np.arange(made.runs_a_point), len(made.points))
    else:
        table = table.drop(columns="run")
    names = asked(made.outcomes.columns.drop(["run", "point"]), outcomes)
    arrays = {identifier(name): _masked(np.ma.masked_array(by_point(made, name), failed), runs) for name in names}
    return _categories(table), arrays


def _masked(values: np.ma.MaskedArray[Any, Any], runs: Runs) -> Any:
    """An outcome as its experiments have it; a plain array where nothing failed. Shape: values (point, run)."""
    shaped = values.mean(axis=1, dtype=np.float64) if runs == "mean" else values.ravel() if runs == "each" else values
    return shaped if np.ma.is_masked(shaped) else np.asarray(shaped)


def _ema_of_record(record: Record, outcomes: Sequence[str] | None, series: Sequence[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The histories of an ensemble that went well, an experiment each."""
    rows = Histories.of(record, outcomes)
    table = rows.settings.assign(run=rows.run, scenario=rows.run, policy=NO_POLICY, model=rows.name)
    arrays = {identifier(str(name)): column.to_numpy() for name, column in rows.outcomes.items()}
    for name in asked(record.kept, series):
        for each in series_of(record.scenario, record.roster, name, record.values(name)):
            for place, ids in enumerate(zip(each.actors, each.partners, strict=True)):
                called = ".".join(filter(None, (ids[0], each.variable, ids[1])))
                arrays[identifier(called)] = np.ascontiguousarray(each.values[:, place].T)
    return _categories(table), arrays


def _categories(table: pd.DataFrame) -> pd.DataFrame:
    """A table of experiments with its labels as categories."""
    return table.astype(dict.fromkeys(EMA_LABELS, "category"))


def identifier(name: str) -> str:
    """A name that Python takes for one, as EMA Workbench wants them: plain_tension_end."""
    return name.replace(".", "_").replace("-", "_")
