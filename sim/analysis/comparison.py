"""What a change did: ensembles paired run by run, outcome by outcome, and what changed most."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr, stdtr

from sim.analysis.intervals import LEVEL, Interval, Values, of_mean, of_paired_shares, of_unpaired_difference, of_unpaired_shares
from sim.analysis.refusals import ROUNDING, NotAnalysable, finite, shaped
from sim.scenario.faults import shown
from sim.showing import Shown

LABELS = ("run", "point")
YES_NO, MONTH, AMOUNT = "yes_no", "month", "amount"
# A pooled spread below this share of an outcome's size is taken to be that share, so that constant outcomes have a place in the list.
LEAST_SPREAD = 1e-3
# Arms that its short text names.
MOST_NAMED = 3
COLUMNS = (
    "arm", "rank", "outcome", "kind", "pairs", "base", "other", "difference", "low", "high", "unpaired_low", "unpaired_high",
    "unpaired_runs", "went_up", "went_down", "spread", "size", "beyond_chance",
    "only_base", "only_other", "neither", "share_base", "share_other", "share_difference", "share_low", "share_high",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison(Shown):
    """Arms against the first of them, over the runs that went well in all.

    `table` has a row an arm and outcome, what changed most first (columns in docs/analysis.md); `left_out` counts the runs of each
    arm that some other arm lacks; `not_shared` names outcomes that not every arm has.
    """

    base: str
    arms: tuple[str, ...]
    runs: int
    left_out: Mapping[str, int]
    not_shared: tuple[str, ...]
    table: pd.DataFrame

    def __repr__(self) -> str:
        arms = ", ".join(f"'{shown(arm)}'" for arm in self.arms[:MOST_NAMED])
        more = f" and {len(self.arms) - MOST_NAMED} more" if len(self.arms) > MOST_NAMED else ""
        moved = f"{int(self.table['beyond_chance'].sum())} of {len(self.table)} outcomes move beyond chance"
        return f"<Comparison of {arms}{more} with '{shown(self.base)}': {self.runs} paired runs, {moved}>"

    def of(self, arm: str) -> pd.DataFrame:
        """The rows of one arm, what changed most first."""
        return self.table[self.table["arm"] == arm].reset_index(drop=True)


def comparison(arms: Mapping[str, pd.DataFrame], yes_no: Collection[str] | None = None) -> Comparison:
    """Compares ensembles with the first of them, run by run.

    Each table has a column `run` with the runs that went well, and a column an outcome. An outcome called `.month` is missing where
    something never happened: months are compared where it happens in both, with the change in how often it does beside them.
    Without `yes_no`, outcomes that are 0 or 1 throughout count as shares of runs.

    Raises: NotAnalysable when no run is in all arms, or another outcome has missing values.
    """
    shaped(len(arms) >= 2, f"a comparison needs two arms or more, found {len(arms)}")
    tables = {arm: table.set_index("run") for arm, table in arms.items()}
    shaped(all(table.index.is_unique for table in tables.values()), "each table of a comparison must have a run once")
    names = {arm: [str(column) for column in table.columns if column not in LABELS] for arm, table in tables.items()}
    shared = [column for column in next(iter(names.values())) if all(column in others for others in names.values())]
    strangers = dict.fromkeys(column for others in names.values() for column in others if column not in shared)
    runs = sorted(set.intersection(*(set(table.index) for table in tables.values())))
    if not runs:
        raise NotAnalysable(f"no run went well in all of {', '.join(arms)}: nothing can be paired; run them with the same run numbers")
    values = {arm: table.loc[runs, shared].to_numpy(dtype=np.float64).T for arm, table in tables.items()}
    base, *others = arms
    rows = [_compared(arm, shared, values[base], values[arm], yes_no) for arm in others]
    left_out = {arm: len(table) - len(runs) for arm, table in tables.items()}
    table = pd.concat(rows, ignore_index=True)[list(COLUMNS)]
    return Comparison(base, tuple(others), len(runs), left_out, tuple(strangers), table)


def kind_of(outcome: str, base: Values, other: Values, yes_no: Collection[str] | None = None) -> str:
    """Whether an outcome is a month that may never come, a yes or no, or an amount."""
    if outcome.endswith(".month"):
        return MONTH
    either = bool(np.isin(base, (0, 1)).all() and np.isin(other, (0, 1)).all())
    return YES_NO if either and (yes_no is None or outcome in yes_no) else AMOUNT


def _compared(arm: str, outcomes: list[str], base: Values, other: Values, yes_no: Collection[str] | None) -> pd.DataFrame:
    """All outcomes of one arm, ranked. Shape: (outcome, run)."""
    kinds = np.array([kind_of(name, a, b, yes_no) for name, a, b in zip(outcomes, base, other, strict=True)], dtype=object)
    numbers = {name: np.full(len(outcomes), np.nan) for name in (*COLUMNS[4:], "chance")}
    methods: dict[str, Callable[[Values, Values], dict[str, Values]]] = {AMOUNT: _amounts, YES_NO: _shares, MONTH: _months}
    for kind, method in methods.items():
        places = np.flatnonzero(kinds == kind)
        if not len(places):
            continue
        if kind != MONTH:
            for place in np.flatnonzero(~np.isfinite([base, other]).all(axis=(0, 2)) & (kinds == kind)):
                finite([base[place], other[place]], f"{outcomes[place]} in {arm} or its base")
        for name, values in method(base[places], other[places]).items():
            numbers[name][places] = values
    numbers["beyond_chance"] = holm(numbers.pop("chance"))
    table = pd.DataFrame({"arm": arm, "rank": 0, "outcome": outcomes, "kind": kinds.astype(str), **numbers})
    order = ranked(table)
    return table.iloc[order].assign(rank=np.arange(1, len(table) + 1)).reset_index(drop=True)


def _amounts(base: Values, other: Values) -> dict[str, Values]:
    """Amounts: Student's interval of the paired difference. Shape: (outcome, run)."""
    change = other - base
    paired, unpaired = of_mean(change), of_unpaired_difference(base, other)
    runs = change.shape[1]
    if runs < 2:
        needed, chance = np.full(len(change), np.nan), np.full(len(change), np.nan)
    else:
        spread = change.var(axis=1, ddof=1)
        needed = runs * _ratio(base.var(axis=1, ddof=1) + other.var(axis=1, ddof=1), spread)
        t = _ratio(np.abs(paired.value), np.sqrt(spread / runs), nothing=0.0)
        chance = np.where(np.isinf(t), 0.0, 2 * stdtr(runs - 1, -np.where(np.isinf(t), 0.0, t)))
    return _together(base, other, paired, unpaired) | {"unpaired_runs": needed, "chance": chance}


def _shares(base: Values, other: Values) -> dict[str, Values]:
    """Yes or no: shares of runs, with the score interval of their paired difference. Shape: (outcome, run)."""
    runs = base.shape[1]
    gained, lost = (other > base).sum(axis=1), (other < base).sum(axis=1)
    paired = of_paired_shares(gained, lost, runs)
    unpaired = of_unpaired_shares(base.sum(axis=1), other.sum(axis=1), (runs, runs))
    needed = runs * _ratio((unpaired.high - unpaired.low) ** 2, (paired.high - paired.low) ** 2)
    # Exact test of signs among the runs that changed. Source: McNemar (1947).
    chance = np.minimum(2 * bdtr(np.minimum(gained, lost), gained + lost, 0.5), 1.0)
    return _together(base, other, paired, unpaired) | {"unpaired_runs": needed, "chance": chance}


def _months(base: Values, other: Values) -> dict[str, Values]:
    """Months that may never come: their difference where both come, and the change in how often they do. Shape: (outcome, run)."""
    here, there = np.isfinite(base), np.isfinite(other)
    both = here & there
    found = _shared_months(base, other, both)
    counts = {"only_base": here & ~there, "only_other": there & ~here, "neither": ~here & ~there}
    found |= {name: which.sum(axis=1).astype(np.float64) for name, which in counts.items()}
    shares = of_paired_shares(found["only_other"], found["only_base"], base.shape[1])
    found |= {"share_base": here.mean(axis=1), "share_other": there.mean(axis=1)}
    return found | {"share_difference": shares.value, "share_low": shares.low, "share_high": shares.high}


def _shared_months(base: Values, other: Values, both: NDArray[np.bool_]) -> dict[str, Values]:
    """The difference of each outcome over the runs in which its month comes in both arms."""
    found = {"pairs": both.sum(axis=1).astype(np.float64)}
    for place in np.flatnonzero(both.any(axis=1)):
        for name, value in _amounts(base[place : place + 1, both[place]], other[place : place + 1, both[place]]).items():
            found.setdefault(name, np.full(len(base), np.nan))[place] = value[0]
    return found


def _together(base: Values, other: Values, paired: Interval, unpaired: Interval) -> dict[str, Values]:
    """What amounts and shares have in common: means, differences, how many runs moved, and the standardised size."""
    means = base.mean(axis=1), other.mean(axis=1)
    still = ROUNDING * np.maximum(np.abs(base), np.abs(other))
    many = base.shape[1] > 1
    pooled = np.sqrt((base.var(axis=1, ddof=1) + other.var(axis=1, ddof=1)) / 2) if many else np.full(len(base), np.nan)
    yard = np.maximum(pooled, LEAST_SPREAD * np.maximum(np.abs(means[0]), np.abs(means[1])))
    return {
        "pairs": np.full(len(base), float(base.shape[1])),
        "base": means[0],
        "other": means[1],
        "difference": paired.value,
        "low": paired.low,
        "high": paired.high,
        "unpaired_low": unpaired.low,
        "unpaired_high": unpaired.high,
        "went_up": (other - base > still).mean(axis=1),
        "went_down": (base - other > still).mean(axis=1),
        "spread": yard,
        "size": _ratio(paired.value, yard, nothing=0.0),
    }


def _ratio(above: Values, below: Values, nothing: float = 1.0) -> Values:
    """A ratio; infinite over 0, and `nothing` where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(above / below, dtype=np.float64)
    return np.where((above == 0) & (below == 0), nothing, found)


def ranked(table: pd.DataFrame) -> NDArray[np.intp]:
    """Places of the rows from the largest standardised change to the smallest; those without one last, ties as they were."""
    size = table["size"].abs().fillna(-1.0).to_numpy(dtype=np.float64)
    return np.argsort(-np.round(size, 9), kind="stable")


def holm(chances: Values) -> NDArray[np.bool_]:
    """Which of many changes are beyond chance at 5% over all of them together; a missing one is not. Source: Holm (1979)."""
    known = np.flatnonzero(np.isfinite(chances))
    order = known[np.argsort(chances[known], kind="stable")]
    passed = chances[order] <= (1 - LEVEL) / np.arange(len(order), 0, -1)
    found = np.zeros(len(chances), dtype=bool)
    found[order[: len(passed) if passed.all() else int(passed.argmin())]] = True
    return found
