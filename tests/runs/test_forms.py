"""Results in the forms of other tools: what goes out is what we hold, the tools themselves take it, and what comes in is run."""

import csv
import io
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.screening import screening
from sim.analysis.sensitivity import laid_out, sensitivity
from sim.model import InfluenceModel
from sim.record import Record
from sim.runs.forms import batch_run_frame, behaviorspace_table, iamc_frame, iamc_meta, xarray_dataset
from sim.runs.points import points_of
from sim.runs.results import Results
from sim.runs.samples import ema_results, experiment_of_ema, experiment_of_salib, salib_inputs, salib_outputs, salib_problem
from sim.scenario.experiments import Experiment
from sim.scenario.faults import SuasionError
from tests.runs.sweeps import made, small

NORTH = "{id: north, path: powers.north.capacity, low: 10, high: 30}"
KINSHIP = "{id: kin-ship, path: countries.plain.kinship.east, low: 0.2, high: 0.8}"
REFORM = "{id: reform, path: powers.east.capacity, low: 5, high: 40, spacing: log}"
OUTCOMES = ("plain.tension.mean", "plain.alignment.east.end", "plain.club_member.month")
TENSION = "plain.tension.mean"


def experiment_of(folder: Path, design: str, factors: tuple[str, ...], runs: int = 2, more: str = "") -> Experiment:
    text = f"schema: 1\nextends: tutorial.yaml\ntitle: Trial\nensemble: {{runs: {runs}, seed: 7}}\n"
    text += "outcomes: [tension, alignment, club_member]\n"
    listed = "factors:\n" + "".join(f"  - {factor}\n" for factor in factors) if factors else ""
    (folder / "trial.yaml").write_text(text + f"design: {design}\n" * bool(design) + listed + more, encoding="utf-8")
    return sim.read_experiment(folder / "trial.yaml")


def swept(experiment: Experiment, folder: Path) -> Results:
    made(experiment, folder / "out")
    return Results.read(folder / "out")


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("grid")
    return swept(small(folder, runs=4), folder)


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A sweep of two arms in which run 1 failed wherever north has 20."""
    folder = tmp_path_factory.mktemp("holed")
    step = InfluenceModel.step

    def faulty(model: InfluenceModel) -> None:
        if any(model.run_ids[model.lanes.set["powers.north.capacity"][: len(model.run_ids)] == 20] == 1):
            raise RuntimeError("planted")
        step(model)

    levels = "{id: north, path: powers.north.capacity, values: [15, 20]}"
    arms = "arms:\n  plain: {}\n  short: {time: {months: 12}}\nsummary: [alignment]\n"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(InfluenceModel, "step", faulty)
        return swept(experiment_of(folder, "{method: grid}", (levels,), 3, arms), folder)


@pytest.fixture(scope="module")
def sobol(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("sobol")
    return swept(experiment_of(folder, "{method: sobol, points: 8, second_order: true}", (NORTH, KINSHIP)), folder)


@pytest.fixture(scope="module")
def record() -> Record:
    return sim.simulate(sim.read_scenario("scenarios/tutorial.yaml"), 4, 7)


@pytest.fixture(scope="module")
def ema() -> ModuleType:
    """EMA Workbench, which warns of what else could be installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ema_workbench", reason="EMA Workbench is not installed")


class Toy:
    """What a Mesa user would write: the class is made when Mesa is there."""

    @staticmethod
    def model() -> type:
        from mesa import DataCollector, Model

        class Told(Model):
            def __init__(self, north: float, months: int, rng: int | None = None) -> None:
                super().__init__(rng=rng)
                self.months = months
                self.datacollector = DataCollector(model_reporters={"tension": lambda model: north})

            def step(self) -> None:
                self.datacollector.collect(self)
                self.running = self.steps < self.months

        return Told


def test_the_frame_is_that_of_mesas_batch_run(grid: Results) -> None:
    from mesa import batch_run

    rows = batch_run(Toy.model(), {"north": [15.0, 20.0, 25.0], "months": 24}, iterations=4, display_progress=False)
    theirs, ours = pd.DataFrame(rows), batch_run_frame(grid)
    places = ["RunId", "iteration", "Step", "north"]
    pd.testing.assert_frame_equal(ours[places], theirs[places])
    assert list(ours.columns[:4]) == places
    assert list(ours.columns[4:]) == list(grid.outcomes.columns.drop(["run", "point"]))


def test_a_row_of_the_batch_run_frame_is_the_run_that_it_names(holed: Results) -> None:
    frame = batch_run_frame(holed, ["plain.alignment.east.end"])
    assert len(frame) == 10 and set(range(12)) - set(frame["RunId"]) == {1 * 4 + 1, 1 * 4 + 3}
    for row in frame.itertuples(index=False):
        point, run = row.RunId % 4, row.RunId // 4
        found = holed.outcomes.query("point == @point and run == @run")["plain.alignment.east.end"]
        assert [row[-1]] == list(found) and row.iteration == run
        assert row.north == holed.points["north"][point] and row.arm == holed.points["arm"][point]
        assert row.Step == (23 if row.arm == "plain" else 11)


def test_an_ensemble_is_a_batch_of_one_point(record: Record) -> None:
    frame = batch_run_frame(record, OUTCOMES)
    assert list(frame.columns) == ["RunId", "iteration", "Step", *OUTCOMES]
    assert list(frame["RunId"]) == list(frame["iteration"]) == [0, 1, 2, 3]
    pd.testing.assert_frame_equal(frame[list(OUTCOMES)], record.outcomes[list(OUTCOMES)])


def test_a_behaviorspace_table_reads_back_as_what_was_held(holed: Results, record: Record) -> None:
    text = behaviorspace_table(holed, OUTCOMES)
    lines = text.splitlines()
    assert lines[0].startswith("BehaviorSpace results (Suasion ") and lines[0].endswith('), "Table version 2.0"')
    assert lines[1:6] == [
        '"trial"', '"Trial"', '"01/01/2020 00:00:00:000 +0000"', '"min-pxcor","max-pxcor","min-pycor","max-pycor"', '"0","0","0","0"',
    ]  # fmt: skip
    assert next(csv.reader(lines[6:7])) == ["[run number]", "arm", "north", "[step]", *OUTCOMES]
    table = pd.read_csv(io.StringIO(text), skiprows=6)
    number = table["[run number]"].to_numpy() - 1
    assert np.array_equal(number, holed.outcomes["point"] * 3 + holed.outcomes["run"])
    assert list(table["[step]"]) == [24 if arm == "plain" else 12 for arm in table["arm"]]
    back = table[list(OUTCOMES)].to_numpy(dtype=np.float32)
    assert np.array_equal(back, holed.outcomes[list(OUTCOMES)].to_numpy(), equal_nan=True)
    alone = pd.read_csv(io.StringIO(behaviorspace_table(record, [TENSION])), skiprows=6)
    assert list(alone["[run number]"]) == [1, 2, 3, 4]


def test_the_iamc_frame_holds_every_number_of_the_summary(holed: Results) -> None:
    frame = iamc_frame(holed, ["mean", "q05"])
    assert list(frame.columns) == ["model", "scenario", "region", "variable", "unit", "time", "value"]
    assert not frame.duplicated(["scenario", "region", "variable", "time"]).any()
    assert len(frame) == 2 * len(holed.summary)
    here = holed.summary.query("point == 3 and actor == 'plain' and partner == 'east'")
    wanted = frame.query("scenario == 'trial short 3' and region == 'Plain' and variable == 'Alignment|East|5th Percentile'")
    assert np.array_equal(wanted["value"].astype(np.float32), here["q05"])
    assert list(wanted["time"]) == list(pd.to_datetime(here["date"])) and set(wanted["unit"]) == {"share"}
    meta = iamc_meta(holed).set_index("scenario")
    assert dict(meta.loc["trial short 3", ["arm", "north"]]) == {"arm": "short", "north": 20.0}


def test_a_year_of_the_iamc_frame_has_the_value_of_its_last_month(record: Record) -> None:
    frame = iamc_frame(record, ["mean"], yearly=True)
    summary = record.summary()
    found = frame.query("region == 'Plain' and variable == 'Tension|Mean'")
    last = summary[(summary["actor"] == "plain") & (summary["variable"] == "tension")]["mean"].to_numpy()[[11, 23]]
    assert list(found["year"]) == [2020, 2021] and np.array_equal(found["value"], last.astype(np.float64))
    assert set(frame.query("variable.str.startswith('The Club stage')")["variable"]) == {
        f"The Club stage|{stage}|Mean" for stage in ("outside", "candidate", "member")
    }
    assert not frame.duplicated(["scenario", "region", "variable", "year"]).any()


def test_a_dataset_has_each_outcome_at_its_point_and_run(holed: Results) -> None:
    pytest.importorskip("xarray", reason="xarray is not installed")
    data = xarray_dataset(holed)
    assert dict(data.sizes) == {"point": 4, "run": 3}
    for row in holed.outcomes.itertuples(index=False):
        assert float(data["plain.tension.mean"].sel(point=row.point, run=row.run)) == row[holed.outcomes.columns.get_loc(TENSION)]
    failed = data["status"] == "error"
    assert failed.values.tolist() == [[False] * 3, [False, True, False]] * 2
    assert bool(data[TENSION].isnull().where(failed, False).sum() == 2) and data["arm"].values.tolist() == [
        "plain",
        "plain",
        "short",
        "short",
    ]
    about = data["plain.alignment.east.end"].attrs
    assert about == {"long_name": "Alignment", "units": "share", "actor": "plain", "partner": "east", "how": "end"}
    assert data["plain.club_member.month"].attrs["units"] == "months"
    assert data["north"].dims == ("point",) and data["north"].attrs["path"] == "powers.north.capacity"


def test_a_dataset_survives_a_netcdf_file(grid: Results, record: Record, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray", reason="xarray is not installed")
    for name, made_one in (("sweep", grid), ("ensemble", record)):
        data = xarray_dataset(made_one)
        data = data.drop_vars([each for each in data.variables if 0 in data[each].shape])
        data.to_netcdf(tmp_path / f"{name}.nc", engine="scipy")
        with xarray.open_dataset(tmp_path / f"{name}.nc", engine="scipy") as back:
            for each in data.data_vars:
                assert back[each].dims == data[each].dims
                np.testing.assert_array_equal(back[each].values.astype(data[each].dtype), data[each].values)


def test_an_ensemble_is_labelled_by_month_actor_and_run(record: Record) -> None:
    pytest.importorskip("xarray", reason="xarray is not installed")
    data = xarray_dataset(record)
    assert set(data.data_vars) == set(record.kept)
    assert data["alignment"].dims == ("month", "power", "country", "run")
    assert data["leverage"].dims == ("year", "instrument", "country", "run")
    here = data["alignment"].sel(power="east", country="plain")
    assert np.array_equal(here, record.values("alignment", power="east", country="plain"))
    assert np.array_equal(data["month"].values.astype("datetime64[M]"), record.months)
    assert np.array_equal(data["year"].values.astype("datetime64[M]"), record.dates("leverage"))
    assert data["alignment"].attrs == {"long_name": "Alignment", "units": "share", "kind": "share"}
    assert data["rung"].attrs["stages_club"] == "outside, candidate, member"


def test_without_xarray_the_command_that_installs_it_is_told(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(SuasionError, match="xarray is not installed; install it with: pip install xarray"):
        xarray_dataset(record)


def test_nothing_of_the_other_forms_needs_another_library(grid: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SALib", "ema_workbench", "xarray"):
        monkeypatch.setitem(sys.modules, name, None)
    assert len(batch_run_frame(grid)) == 12 and behaviorspace_table(grid) and len(iamc_frame(grid)) and len(ema_results(grid)[0]) == 12
    assert salib_problem(grid.experiment)["num_vars"] == 1 and len(salib_inputs(grid)) == len(salib_outputs(grid, TENSION)) == 3


def test_outcomes_that_are_not_there_are_refused_with_what_was_meant(grid: Results, record: Record) -> None:
    for form in (batch_run_frame, behaviorspace_table, ema_results):
        for made_one in (grid, record):
            with pytest.raises(SuasionError, match=r"did you mean plain\.tension\.mean\?"):
                form(made_one, ["plain.tensoin.mean"])
    with pytest.raises(SuasionError, match="no statistic called 'median'"):
        iamc_frame(record, ["median"])
    with pytest.raises(SuasionError, match=r"no kind of experiment called 'means'.*did you mean mean"):
        ema_results(grid, runs="means")  # type: ignore[arg-type]


def test_a_sobol_sample_stands_in_salibs_order(sobol: Results) -> None:
    x = salib_inputs(sobol).reshape(8, 6, 2)
    a, first, second, b_first, b_second, b = x.transpose(1, 0, 2)
    assert np.array_equal(first, np.stack([b[:, 0], a[:, 1]], axis=1)) and np.array_equal(second, np.stack([a[:, 0], b[:, 1]], axis=1))
    assert np.array_equal(b_first, np.stack([a[:, 0], b[:, 1]], axis=1)) and np.array_equal(b_second, np.stack([b[:, 0], a[:, 1]], axis=1))
    assert salib_problem(sobol.experiment, [TENSION]) == {
        "num_vars": 2, "names": ["north", "kin-ship"], "bounds": [[10.0, 30.0], [0.2, 0.8]], "outputs": [TENSION],
    }  # fmt: skip


def test_salib_finds_in_our_sobol_sweep_what_we_find(sobol: Results) -> None:
    salib = pytest.importorskip("SALib.analyze.sobol", reason="SALib is not installed")
    outcome = "plain.alignment.east.end"
    y = salib_outputs(sobol, outcome, run=0)
    theirs = salib.analyze(salib_problem(sobol.experiment), y, calc_second_order=True, seed=1)
    whole = np.full((len(sobol.points), 2), np.nan)
    whole[sobol.outcomes["point"], sobol.outcomes["run"]] = sobol.outcomes[outcome]
    parts = laid_out(whole[sobol.design.sample[0]][:, 0], 2, True)
    ours = sensitivity(parts, ["north", "kin-ship"], outcome, resamples=50).indices
    assert np.allclose(theirs["ST"], ours["total"], atol=1e-9)
    # We centre outputs on the mean of A and B, SALib on that of all rows; its first-order estimate is moved by the difference.
    moved = (parts.points.mean() - y.mean()) * (parts.ab - parts.a).mean(axis=(1, 2)) / parts.points.var()
    assert np.allclose(theirs["S1"], ours["first"] + moved, atol=1e-9)
    assert theirs["ST"].min() > 0.01 and theirs["S2"].shape == (2, 2)


def test_salib_finds_in_our_morris_sweep_what_we_find(tmp_path: Path) -> None:
    salib = pytest.importorskip("SALib.analyze.morris", reason="SALib is not installed")
    results = swept(experiment_of(tmp_path, "{method: morris, points: 5}", (NORTH, KINSHIP, REFORM), 1), tmp_path)
    problem, x = salib_problem(results.experiment), salib_inputs(results)
    assert problem["dists"] == ["unif", "unif", "logunif"]
    y = salib_outputs(results, "plain.alignment.east.end")
    theirs = salib.analyze(problem, x, y, num_levels=4, seed=1)
    low, high = np.array(problem["bounds"]).T
    shares = (x - low) / (high - low)
    shares[:, 2] = np.log(x[:, 2] / 5) / np.log(40 / 5)
    ours = screening(y, shares, problem["names"]).set_index("factor").loc[problem["names"]]
    for name in ("mu", "mu_star", "sigma"):
        assert np.allclose(np.asarray(theirs[name], dtype=float), ours[name], rtol=1e-6, atol=1e-9)


def test_a_sample_of_salib_is_run_and_its_analysis_fits_the_outputs(tmp_path: Path) -> None:
    sample = pytest.importorskip("SALib.sample.sobol", reason="SALib is not installed").sample
    analyze = pytest.importorskip("SALib.analyze.sobol", reason="SALib is not installed").analyze
    experiment = experiment_of(tmp_path, "{method: morris, points: 2}", (NORTH, REFORM), 1)
    problem = salib_problem(experiment)
    x = sample(problem, 4, calc_second_order=False, seed=3)
    results = swept(experiment_of_salib(experiment, problem, x), tmp_path)
    assert results.experiment.design is not None and results.experiment.design.method == "list"
    assert np.allclose(salib_inputs(results), x, rtol=1e-11)
    y = salib_outputs(results, "plain.alignment.east.end")
    row = 5
    alone = sim.simulate(
        experiment.scenario.with_changes({"powers.north.capacity": x[row, 0], "powers.east.capacity": x[row, 1]}), 1, 7
    ).outcomes["plain.alignment.east.end"]
    assert y[row] == pytest.approx(alone[0], abs=1e-6)
    assert np.isfinite(analyze(problem, y, calc_second_order=False, seed=1)["ST"]).all()


def test_a_sample_that_went_out_comes_in_as_the_same_points(sobol: Results) -> None:
    problem, x = salib_problem(sobol.experiment), salib_inputs(sobol)
    back = points_of(experiment_of_salib(sobol.experiment, problem, x))
    assert set(back.keys) == set(points_of(sobol.experiment).keys)
    turned = points_of(experiment_of_salib(sobol.experiment, {"names": ["kin-ship", "north"]}, x[:, ::-1]))
    assert turned.keys == back.keys


def test_whole_numbers_and_choices_get_equal_parts_of_another_tools_range(tmp_path: Path) -> None:
    whole = "{id: whole, path: powers.north.capacity, low: 1, high: 4, whole: true}"
    choice = "{id: choice, path: powers.east.capacity, values: [5, 6, 40]}"
    experiment = experiment_of(tmp_path, "{method: latin_hypercube, points: 4}", (whole, choice))
    problem = salib_problem(experiment)
    assert problem["bounds"] == [[1.0, 4.0], [5.0, 40.0]]
    even = (np.arange(12) + 0.5) / 12
    rows = experiment_of_salib(experiment, problem, np.stack([1 + 3 * even, 5 + 35 * even], axis=1)).listed
    assert [values for _, values in rows] == [(1.0 + place // 3, (5.0, 6.0, 40.0)[place // 4]) for place in range(12)]
    again = experiment_of_salib(experiment, problem, [values for _, values in rows])
    assert again.listed == rows


@pytest.mark.parametrize(
    ("names", "inputs", "told"),
    [
        (["north", "kinship"], [[20, 0.5]], r"no factor called 'kinship'.*did you mean kin-ship\?"),
        (["north"], [[20]], "the factor kin-ship is missing; every factor has a column"),
        (["north", "kin-ship"], [[20, 0.5], [31, 0.5]], "row 1 of north must be a number from 10 to 30, found 31"),
        (["north", "kin-ship"], [[20, np.nan]], "row 0 of kin-ship must be a number from 0.2 to 0.8, found nan"),
        (["north", "kin-ship"], [20, 0.5], r"inputs must be \(sample, 2\), found \(2,\)"),
    ],
)
def test_a_sample_that_does_not_fit_is_refused(sobol: Results, names: list[str], inputs: Any, told: str) -> None:
    with pytest.raises(SuasionError, match=told):
        experiment_of_salib(sobol.experiment, {"num_vars": len(names), "names": names}, inputs)


def test_outputs_with_holes_are_not_handed_to_salib(holed: Results, sobol: Results) -> None:
    with pytest.raises(SuasionError, match="there are several arms; say which: plain, short"):
        salib_outputs(holed, TENSION)
    whole = salib_outputs(holed, TENSION, "plain")
    rows = holed.outcomes.query("run != 1 and point < 2").groupby("point")[TENSION].mean()
    assert np.allclose(whole, rows, rtol=1e-6)
    with pytest.raises(SuasionError, match="run 1 failed at some point; these went well at all: 0, 2"):
        salib_outputs(holed, TENSION, "short", run=1)
    with pytest.raises(SuasionError, match=r"ask for hill\.club_member\.end instead"):
        salib_outputs(sobol, "hill.club_member.month")
    with pytest.raises(SuasionError, match="trial has no factors"):
        salib_problem(replace(sobol.experiment, factors=()))


def toy(north: float = 15.0) -> dict[str, float]:
    return {"plain_tension_mean": north}


def test_experiments_and_outcomes_are_shaped_as_ema_workbenchs(ema: ModuleType, grid: Results) -> None:
    model = ema.Model("small", function=toy)
    model.uncertainties = [ema.RealParameter("north", 15, 25)]
    model.outcomes = [ema.ScalarOutcome("plain_tension_mean")]
    theirs, measured = ema.perform_experiments(model, [ema.Scenario(place, north=value) for place, value in enumerate((15.0, 20.0, 25.0))])
    ours, outcomes = ema_results(grid, [TENSION], "mean")
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, check_categorical=False)
    assert [str(kind) for kind in ours.dtypes] == [str(kind) for kind in theirs.dtypes]
    assert {name: values.shape for name, values in outcomes.items()} == {name: values.shape for name, values in measured.items()}
    assert np.allclose(outcomes["plain_tension_mean"], grid.outcomes.groupby("point")[TENSION].mean())


def test_ema_workbench_keeps_our_results_and_reduces_our_replications(ema: ModuleType, grid: Results, tmp_path: Path) -> None:
    ema.ScalarOutcome("plain_tension_mean")
    each = ema_results(grid, [TENSION])
    ema.save_results(each, str(tmp_path / "kept.tar.gz"))
    experiments, outcomes = ema.load_results(str(tmp_path / "kept.tar.gz"))
    assert np.array_equal(experiments["north"], each[0]["north"]) and list(experiments["run"]) == list(range(4)) * 3
    assert np.allclose(outcomes["plain_tension_mean"], each[1]["plain_tension_mean"])
    from ema_workbench.util.utilities import process_replications

    _, reduced = process_replications(ema_results(grid, [TENSION], "replications"))
    assert np.allclose(reduced["plain_tension_mean"], ema_results(grid, [TENSION], "mean")[1]["plain_tension_mean"])


def test_failed_runs_are_masked_and_arms_are_policies(holed: Results) -> None:
    experiments, outcomes = ema_results(holed, [TENSION])
    masked = outcomes["plain_tension_mean"]
    assert np.ma.getmaskarray(masked).tolist() == [False] * 4 + [True] + [False] * 5 + [True, False]
    assert list(experiments["policy"]) == ["plain"] * 6 + ["short"] * 6
    assert list(experiments["scenario"]) == [0] * 3 + [1] * 3 + [0] * 3 + [1] * 3
    _, means = ema_results(holed, [TENSION], "mean")
    assert np.allclose(means["plain_tension_mean"], holed.outcomes.groupby("point")[TENSION].mean())


def test_the_course_of_an_ensemble_is_an_outcome_by_month(record: Record, grid: Results) -> None:
    experiments, outcomes = ema_results(record, [TENSION], series=["alignment"])
    assert len(experiments) == 4 and outcomes["plain_alignment_east"].shape == (4, 24)
    assert np.array_equal(outcomes["plain_alignment_east"].T, record.values("alignment", power="east", country="plain"))
    with pytest.raises(SuasionError, match="a sweep keeps no months of single runs"):
        ema_results(grid, series=["alignment"])


def test_experiments_of_ema_workbench_are_run_as_a_list(ema: ModuleType, sobol: Results, holed: Results) -> None:
    def nothing(north: float = 0.0, kin_ship: float = 0.0) -> dict[str, float]:
        return {"nothing": 0.0}

    model = ema.Model("trial", function=nothing)
    model.uncertainties = [ema.RealParameter("kin_ship", 0.2, 0.8), ema.RealParameter("north", 10, 30)]
    model.outcomes = [ema.ScalarOutcome("nothing")]
    experiments, _ = ema.perform_experiments(model, 6)
    listed = experiment_of_ema(sobol.experiment, experiments).listed
    assert np.allclose([values for _, values in listed], experiments[["north", "kin_ship"]], rtol=1e-11)
    for results in (sobol, holed):
        back = experiment_of_ema(results.experiment, ema_results(results, [TENSION])[0])
        assert points_of(back).keys == tuple(results.points["key"])
    with pytest.raises(SuasionError, match="no arm called 'None'; arms are plain, short"):
        experiment_of_ema(holed.experiment, pd.DataFrame({"north": [15.0], "policy": ["None"]}))
