"""Chapter 4, second half: what effort is worth to a power, and how it chooses."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.mechanisms.arms import (
    RUNS,
    Array,
    History,
    arm,
    assert_falls,
    assert_rises,
    at_the_middle,
    history,
    overlaid,
    spending,
    uneventful,
    without_luck,
)

WANTS_NO_ENTRY = {"powers.russia.objectives.membership.eu": 0, "powers.russia.objectives.membership.nato": 0}
# Montenegro put far enough from the alliance that its approach can be watched.
FURTHER_OFF = """\
extends: western_balkans_2017.yaml
schema: 1
title: Montenegro some years away from the alliance
countries: {montenegro: {membership: {nato: {stage: map, progress: 0.55}}}}
"""


def cells(history: History, power: str) -> Array:
    """Over how many cells a power's effort is spread at the end: one over the sum of squared shares. Shape: (run)."""
    held = [place for place, name in enumerate(history.roster.ids["instrument"]) if name.startswith(f"{power}.")]
    effort = history.of("effort")[-1, held].reshape(-1, RUNS)
    share = effort / effort.sum(axis=0)
    return 1 / (share * share).sum(axis=0)


def spent(history: History, power: str) -> Array:
    """Share of its budget that a power spends. Shape: (run)."""
    return spending(history, power) / history.mean("budget", power=power)


@pytest.mark.parametrize(("power", "by"), [("russia", 15), ("eu", 6), ("nato", 12), ("us", 14)])
def test_a_rational_power_concentrates_its_effort(power: str, by: float, usual: History) -> None:
    assert_rises(cells(usual, power), cells(arm({f"powers.{power}.rationality": 0}), power), by)


@pytest.mark.parametrize(("power", "by"), [("russia", 0.06), ("eu", 0.035), ("nato", 0.08), ("us", 0.02)])
def test_a_power_that_cannot_hold_back_spends_all(power: str, by: float, usual: History) -> None:
    eager = arm({f"powers.{power}.hold_back": 1e-6})
    assert_rises(spent(usual, power), spent(eager, power), by)
    assert np.all(spent(eager, power) > 0.95)


def test_a_power_that_thinks_itself_skilled_spends_more(usual: History) -> None:
    assert_rises(spent(usual, "russia"), spent(arm({"powers.russia.bias": 1}), "russia"), 0.04)
    assert_falls(spent(usual, "russia"), spent(arm({"powers.russia.bias": 0}), "russia"), 0.005)


def test_a_power_that_never_adjusts_keeps_its_plan(usual: History) -> None:
    stubborn = arm({"mechanics.choice.adjustment": 0})

    def moved(history: History) -> Array:
        share = history.of("effort")[1:] / history.of("budget")[:-1, history.roster.power_of, None]
        return np.abs(share[-1] - share[0]).sum(axis=(0, 1))

    assert np.all(moved(stubborn) < 1e-12)
    assert_falls(moved(usual), moved(stubborn), 0.2)


def test_a_bystander_draws_no_effort(usual: History) -> None:
    unconcerned = arm({"powers.russia.stakes.montenegro": 0})
    assert np.all(spending(unconcerned, "russia", country="montenegro") == 0)
    assert np.all(spending(usual, "russia", country="montenegro") > 1)


def test_a_free_tool_is_used_more(usual: History) -> None:
    free = arm({"channels.covert.price": 0})
    assert_rises(spending(usual, "russia", "covert"), spending(free, "russia", "covert"), 4)


def test_force_is_spared_because_it_is_dear(usual: History) -> None:
    free = arm({"channels.force.price": 0})
    assert np.all(spending(usual, "russia", "force") < 0.05)
    assert_rises(spending(usual, "russia", "force"), spending(free, "russia", "force"), 2)


def test_a_power_that_minds_being_seen_keeps_out_of_sight(usual: History) -> None:
    shameless, shy = arm({"powers.russia.attribution": 0}), arm({"powers.russia.attribution": 2})
    assert_rises(spending(usual, "russia", "military"), spending(shameless, "russia", "military"), 0.2)
    assert_falls(spending(usual, "russia", "covert"), spending(shy, "russia", "covert"), 2)


def test_two_way_tools_help_or_block_as_their_owner_wishes(usual: History) -> None:
    friendly = arm({"powers.russia.objectives.membership.eu": 0.15, "powers.russia.objectives.membership.nato": 0.23})
    where = {"institution": "eu", "country": "serbia"}
    assert_falls(usual.mean("block", **where), friendly.mean("block", **where), 0.05)
    assert_rises(usual.mean("help", **where), friendly.mean("help", **where), 0.04)
    # Its covert work is one-way, so some obstruction remains even in friendly hands.
    assert np.all(friendly.mean("block", **where) > 0)


def test_a_spoiler_obstructs_what_it_does_not_want(usual: History) -> None:
    indifferent = arm(WANTS_NO_ENTRY)
    where = {"institution": "eu", "country": "serbia"}
    assert_falls(usual.mean("block", **where), indifferent.mean("block", **where), 0.03)
    assert_falls(indifferent.mean("flow", **where), usual.mean("flow", **where), 0.001)


def test_unrest_is_a_means_against_entry() -> None:
    # No wish for unrest itself, and covert work that reaches entry only through the streets; Montenegro still some years away,
    # since where it stands it is in within the year.
    means_only = {
        "powers.russia.objectives.unrest": 0,
        "channels.covert.effects.accession.eu": 0,
        "channels.covert.effects.accession.nato": 0,
    }
    away = uneventful(overlaid(FURTHER_OFF))
    against, indifferent = arm(means_only, of=away), arm({**means_only, **WANTS_NO_ENTRY}, of=away)
    where = {"power": "russia", "country": "montenegro"}
    assert_falls(spending(against, "russia", "covert"), spending(indifferent, "russia", "covert"), 0.6)
    assert_falls(against.mean("pressure", **where), indifferent.mean("pressure", **where), 0.05)


def test_a_wish_for_unrest_stirs(usual: History) -> None:
    calm = arm({"powers.russia.objectives.unrest": 0})
    where = {"power": "russia", "country": "serbia"}
    assert_falls(usual.mean("pressure", **where), calm.mean("pressure", **where), 0.2)
    assert_falls(spending(usual, "russia", "covert"), spending(calm, "russia", "covert"), 2)


def test_a_wish_for_resilience_pays_for_reform(usual: History) -> None:
    careless = arm({"powers.eu.objectives.resilience": 0})
    assert_falls(spending(usual, "eu", "reform_assistance"), spending(careless, "eu", "reform_assistance"), 1)
    assert_falls(usual.end("resilience", country="serbia"), careless.end("resilience", country="serbia"), 0.0005)


def test_a_wish_for_autonomy_backs_an_entitys_leader(usual: History) -> None:
    aloof = arm({"powers.russia.objectives.autonomy": 0})
    where = {"country": "republika_srpska"}
    assert_falls(
        spending(usual, "russia", "patronage", "republika_srpska"), spending(aloof, "russia", "patronage", "republika_srpska"), 0.01
    )
    assert_falls(usual.end("autonomy", **where), aloof.end("autonomy", **where), 0.005)


@cache
def approach() -> History:
    """Montenegro's way into the alliance from far off, luck left only in the consent of members."""
    return history(without_luck(uneventful(at_the_middle(overlaid(FURTHER_OFF, 130)))), runs=16)


def effort_there(power: str) -> tuple[Array, Array, Array]:
    """A power's effort in Montenegro, months to go, and whether it is in. Shape of each: (month, run)."""
    held = [place for place, name in enumerate(approach().roster.ids["instrument"]) if name.startswith(f"{power}.")]
    where = {"institution": "nato", "country": "montenegro"}
    effort = approach().of("effort", country="montenegro")[:, held].sum(axis=1)
    return effort, approach().of("months_to_go", **where), approach().of("rung", **where) >= 5


@pytest.mark.parametrize(("power", "by"), [("russia", 1.25), ("nato", 1.25)])
def test_effort_rises_as_entry_nears_and_falls_after_it(power: str, by: float) -> None:
    effort, to_go, inside = effort_there(power)
    entered = inside.any(axis=0)
    assert entered.mean() > 0.5
    for run in np.flatnonzero(entered):
        month = int(inside[:, run].argmax())
        far = effort[(to_go[:, run] > 55) & ~inside[:, run], run]
        near = effort[(to_go[:, run] > 12) & (to_go[:, run] < 30) & ~inside[:, run], run]
        after = effort[min(month + 8, len(effort) - 1), run]
        assert near.max() > by * np.median(far), (run, near.max(), np.median(far))
        assert after < near.max() / by, (run, near.max(), after)


def test_effort_peaks_where_patience_ends() -> None:
    effort, to_go, inside = effort_there("russia")
    for run in np.flatnonzero(inside.any(axis=0)):
        before = effort[: int(inside[:, run].argmax()), run]
        at = to_go[int(before.argmax()), run]
        assert 10 < at < 32, at


def test_means_grow_harsher_as_entry_nears() -> None:
    _, to_go, inside = effort_there("russia")
    roster = approach().roster
    held = [place for place, name in enumerate(roster.ids["instrument"]) if name.startswith("russia.")]
    effort = approach().of("effort", country="montenegro")
    covert = effort[:, roster.place("instrument", "russia.covert")] / effort[:, held].sum(axis=1)
    near, far = (to_go > 12) & (to_go < 30) & ~inside, (to_go > 60) & ~inside
    assert covert[near].mean() > 1.2 * covert[far].mean()


def test_a_patient_power_cares_for_entries_further_off() -> None:
    # Montenegro's entry into the Union is twenty years away: only the patient spend on holding it up.
    patient, hasty = arm({"mechanics.choice.patience": 90}), arm({"mechanics.choice.patience": 6})
    where = {"institution": "eu", "country": "montenegro"}
    assert_rises(hasty.mean("block", **where), patient.mean("block", **where), 0.01)
