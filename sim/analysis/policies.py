"""Policies under deep uncertainty: which holds up whatever the world turns out to be, by regret and by what is enough; and who gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import LEVEL, RESAMPLES, Interval, Values, of_resamples, of_share, weights
from sim.analysis.refusals import finite, shaped

# Regret is told for the worse points: of ten, nine have less.
WORSE = 0.9
# The lesser of the spreads that a goal's values are measured by, as a share of their size.
LEAST_SPAN = 1e-9


@dataclass(frozen=True)
class Aim:
    """A goal: an outcome, whether more of it is better, how much is enough, and whose goal it is ("" for everybody's)."""

    outcome: str
    higher: bool
    enough: float | None = None
    owner: str = ""


@dataclass(frozen=True)
class Policies:
    """What policies do over all points.

    `ranking` has a row an owner and policy of its menu: owner, policy, rank, rank_low, rank_high, regret (in nine points of ten it is
    less), regret_low, regret_high, regret_mean, enough, enough_low, enough_high, best, undominated. Units of regret: the owner's
    value, in which 1 is from the 5th to the 95th of a hundred points and policies. `goals` has a row a policy and goal: policy, owner,
    outcome, mean, change against doing nothing (change_low, change_high), regret, enough. `gains` has a row a policy and owner:
    change of the owner's value against doing nothing, its interval, and the share of points at which the owner gains.
    """

    nothing: str
    policies: tuple[str, ...]
    owners: tuple[str, ...]
    aims: tuple[Aim, ...]
    points: int
    ranking: pd.DataFrame
    goals: pd.DataFrame
    gains: pd.DataFrame

    def menu(self, owner: str) -> pd.DataFrame:
        """The ranking of one owner's policies, the best first."""
        return self.ranking[self.ranking["owner"] == owner].reset_index(drop=True)


def policies(values: Mapping[Aim, Mapping[str, Values]], owners: Mapping[str, str], seed: int = 1, resamples: int = RESAMPLES) -> Policies:
    """Compares policies at the same points and with the same luck.

    An owner's value of a policy at a point is the mean over its goals of the outcome's mean over runs, the better way up, each in units
    of the span between the 5th and the 95th of a hundred of its values over all points and policies. Its regret is what the best of
    the owner's own policies, or doing nothing, would have given more at that point. A policy is enough at a point where every goal
    of its owner with an `enough` is met. Intervals resample points and runs.

    Shape: values (point, run) for each aim and policy. `owners` has the owner of each policy; the one policy without is doing nothing.
    Raises: NotAnalysable when a value is missing, shapes do not fit, or not exactly one policy is nobody's.
    Source: Savage (1951) for regret; Simon (1956) and Starr (1963) for what is enough; Lempert, Popper and Bankes (2003); McPhail et
    al. (2018) for how rankings depend on the measure.
    """
    aims, names = tuple(values), tuple(next(iter(values.values()), {}))
    alone = [name for name in names if not owners.get(name)]
    shaped(len(alone) == 1, f"exactly one policy must be nobody's, for the others to be compared with; found {len(alone)}")
    table = np.stack([np.stack([finite(values[aim][name], f"{aim.outcome} under {name}") for name in names]) for aim in aims])
    shaped(table.ndim == 4 and min(table.shape[2:]) > 0, "values must be (point, run) for each goal and policy")
    who = tuple(dict.fromkeys(owner for owner in owners.values() if owner))
    aimless = [owner for owner in who if not any(aim.owner in ("", owner) for aim in aims)]
    shaped(not aimless, f"{', '.join(aimless)} has policies and no goal to choose by")
    work = _Work(table, aims, names, names.index(alone[0]), {owner: _menu(owner, names, owners, alone[0]) for owner in who})
    exact = work.at(np.full(table.shape[2], 1 / table.shape[2]), np.full(table.shape[3], 1 / table.shape[3]))
    of_points, of_runs = np.random.SeedSequence(seed).spawn(2)
    both = zip(weights(table.shape[2], of_points, resamples), weights(table.shape[3], of_runs, resamples), strict=True)
    drawn = [work.at(w, v) for w, v in both]
    ranking = pd.concat([_ranking(work, owner, exact, drawn) for owner in who], ignore_index=True)
    everybody = tuple(dict.fromkeys([*who, *(aim.owner for aim in aims if aim.owner)]))
    return Policies(
        alone[0], names, everybody, aims, table.shape[2], ranking, _goals(work, exact, drawn), _gains(work, everybody, exact, drawn)
    )


def _menu(owner: str, names: Sequence[str], owners: Mapping[str, str], nothing: str) -> NDArray[np.int64]:
    """The places of an owner's policies, doing nothing first."""
    return np.array([names.index(nothing), *(place for place, name in enumerate(names) if owners.get(name) == owner)])


@dataclass(frozen=True)
class _At:
    """What comes out under weights of points and runs.

    Shape: means (aim, policy); changes (aim, policy); regret, mean_regret, rank, undominated and enough by owner (menu); gain and
    gaining by owner (policy).
    """

    means: Values
    changes: Values
    regret: dict[str, Values]
    mean_regret: dict[str, Values]
    rank: dict[str, Values]
    undominated: dict[str, Values]
    gain: dict[str, Values]
    gaining: dict[str, Values]


class _Work:
    """All values, the better way up, and the spans that goals are measured by. Shape of table: (aim, policy, point, run)."""

    def __init__(
        self, table: Values, aims: Sequence[Aim], names: Sequence[str], nothing: int, menus: Mapping[str, NDArray[np.int64]]
    ) -> None:
        self.table, self.aims, self.names, self.nothing, self.menus = table, aims, names, nothing, menus
        self.sign = np.array([1.0 if aim.higher else -1.0 for aim in aims])
        means = table.mean(axis=3)
        spans = np.ptp(np.quantile(means.reshape(len(aims), -1), [0.05, 0.95], axis=1), axis=0)
        self.spans = np.maximum(spans, LEAST_SPAN * np.maximum(np.abs(means).max(axis=(1, 2)), 1.0))

    def goals_of(self, owner: str) -> list[int]:
        """Places of an owner's goals, those of everybody among them."""
        return [place for place, aim in enumerate(self.aims) if aim.owner in ("", owner)]

    def value(self, owner: str, means: Values) -> Values:
        """An owner's value of every policy at every point. Shape: means (aim, policy, point) gives (policy, point)."""
        own = self.goals_of(owner)
        return np.asarray((self.sign[own, None, None] * means[own] / self.spans[own, None, None]).mean(axis=0))

    def at(self, w: Values, v: Values) -> _At:
        """Everything under weights of points and runs."""
        means = self.table @ v
        changes = (means - means[:, self.nothing : self.nothing + 1]) @ w
        found = _At(means @ w, changes, {}, {}, {}, {}, {}, {})
        for owner in dict.fromkeys([*self.menus, *(aim.owner for aim in self.aims if aim.owner)]):
            value = self.value(owner, means)
            gain = value - value[self.nothing]
            found.gain[owner], found.gaining[owner] = gain @ w, (gain > LEAST_SPAN) @ w
            if owner in self.menus:
                menu = value[self.menus[owner]]
                regret = menu.max(axis=0) - menu
                found.regret[owner] = np.array([_quantile(each, w) for each in regret])
                found.mean_regret[owner] = regret @ w
                order = np.lexsort((regret @ w, found.regret[owner]))
                found.rank[owner] = np.argsort(order).astype(np.float64) + 1
                found.undominated[owner] = self._undominated(owner, means @ w)
        return found

    def _undominated(self, owner: str, means: Values) -> Values:
        """1 for policies of a menu that no other is as good as in every goal and better in one. Shape: (menu)."""
        own = self.goals_of(owner)
        good = (self.sign[own, None] * means[own])[:, self.menus[owner]]
        near = 1e-9 * self.spans[own, None]
        worse = [
            any(bool((good[:, other] >= good[:, place] - near[:, 0]).all() and (good[:, other] > good[:, place] + near[:, 0]).any())
                for other in range(good.shape[1]) if other != place)
            for place in range(good.shape[1])
        ]  # fmt: skip
        return 1.0 - np.array(worse)

    def enough(self, places: Sequence[int], policy: int) -> NDArray[np.bool_] | None:
        """At which points the mean over runs of every goal that says so is enough; None where none does. Shape: (point)."""
        said = [place for place in places if self.aims[place].enough is not None]
        if not said:
            return None
        means = self.table[said, policy].mean(axis=2)
        least = np.array([self.aims[place].enough for place in said], dtype=np.float64)[:, None]
        return np.asarray((self.sign[said, None] * means >= self.sign[said, None] * least).all(axis=0))


def _quantile(values: Values, w: Values) -> float:
    """The value that nine tenths of the weight lies at or below."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(w[order])
    return float(values[order][min(int(np.searchsorted(reached, WORSE - 1e-12)), len(values) - 1)])


def _shares(found: NDArray[np.bool_] | None) -> tuple[float, float, float]:
    """The share of points with Wilson's interval, NaN where nothing is asked."""
    if found is None:
        return np.nan, np.nan, np.nan
    return tuple(float(end) for end in of_share(int(found.sum()), len(found)))  # type: ignore[return-value]  # an interval has three


def _ranking(work: _Work, owner: str, exact: _At, drawn: Sequence[_At]) -> pd.DataFrame:
    """The rows of one owner, the smallest regret first."""
    menu = work.menus[owner]
    regret, _ = of_resamples(exact.regret[owner], np.array([each.regret[owner] for each in drawn]))
    rank = np.array([each.rank[owner] for each in drawn])
    low, high = np.quantile(rank, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0, method="nearest")
    shares = [_shares(work.enough(work.goals_of(owner), int(place))) for place in menu]
    means = work.value(owner, work.table.mean(axis=3))[menu]
    columns = {
        "owner": [owner] * len(menu), "policy": [work.names[place] for place in menu], "rank": exact.rank[owner], "rank_low": low,
        "rank_high": high, "regret": regret.value, "regret_low": regret.low, "regret_high": regret.high,
        "regret_mean": exact.mean_regret[owner], "enough": [share[0] for share in shares], "enough_low": [share[1] for share in shares],
        "enough_high": [share[2] for share in shares],
        "best": (means >= means.max(axis=0) - LEAST_SPAN).mean(axis=1), "first": (rank == 1).mean(axis=0),
        "undominated": exact.undominated[owner], "undominated_share": np.mean([each.undominated[owner] for each in drawn], axis=0),
    }  # fmt: skip
    return pd.DataFrame(columns).sort_values("rank", kind="stable", ignore_index=True)


def _goals(work: _Work, exact: _At, drawn: Sequence[_At]) -> pd.DataFrame:
    """One row a goal and policy, in the outcome's own unit."""
    change, _ = of_resamples(exact.changes, np.array([each.changes for each in drawn]))
    mean, _ = of_resamples(exact.means, np.array([each.means for each in drawn]))
    rows = []
    for place, aim in enumerate(work.aims):
        for policy, name in enumerate(work.names):
            share = _shares(work.enough([place], policy))
            rows.append(
                {"policy": name, "owner": aim.owner, "outcome": aim.outcome, "better": "higher" if aim.higher else "lower",
                 **_ends("mean", mean, place, policy), **_ends("change", change, place, policy), "enough": share[0]}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _gains(work: _Work, owners: Sequence[str], exact: _At, drawn: Sequence[_At]) -> pd.DataFrame:
    """One row a policy and owner: what the policy changes in the owner's value, and at how many points it gains."""
    rows = []
    for owner in owners:
        gain, _ = of_resamples(exact.gain[owner], np.array([each.gain[owner] for each in drawn]))
        for policy, name in enumerate(work.names):
            if policy != work.nothing:
                ends = {"gain": gain.value[policy], "gain_low": gain.low[policy], "gain_high": gain.high[policy]}
                rows.append({"policy": name, "owner": owner, **ends, "gaining": exact.gaining[owner][policy]})
    return pd.DataFrame(rows)


def _ends(name: str, found: Interval, place: int, policy: int) -> dict[str, float]:
    """A value and both ends as columns."""
    return {f"{name}{end}": float(each[place, policy]) for end, each in zip(("", "_low", "_high"), found, strict=True)}
