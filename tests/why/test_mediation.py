"""What carries a difference: hybrids that are their arms to the bit, changes with one way through, and parts that add up."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.refusals import NotAnalysable
from sim.model import InfluenceModel
from sim.roster import Roster
from sim.runs.ensemble import simulate
from sim.scenario.schema import Scenario
from sim.turn import TURN
from sim.why.lockstep import Hybrids, Side, other_arm, outcomes_of_hybrids
from sim.why.mechanisms import MECHANISMS, READINGS, WRITTEN
from sim.why.mediation import Effort, Mediation, changed_paths, mediation, pair_of
from sim.world import VARIABLES
from tests.why.worlds import arm

ALONE = Effort(orders=4, workers=1)
TOLD = "avala.alignment.west.end"
# An arm that differs in nearly everything: capacity, a reading's number, an act's number, a dated kick and a held level.
OTHERWISE = (
    ("capacity: {value: 6, range: [5, 7]", "capacity: {value: 3, range: [2.5, 7]"),
    ("decisiveness: 1,", "decisiveness: 1.5,"),
    ("inertia: 0.06", "inertia: 0.2"),
    ("speed: 0.05, reach", "speed: 0.2, reach"),
)
SHOCKS = """[
  {id: boil, name: A boil, at: 2020-03, path: countries.avala.tension, add: 0.2, assumption: made up},
  {id: quarrel, name: A quarrel, at: 2020-02, path: disputes.border.hostility, set: 0.9, assumption: made up}]
"""


def other(months: int) -> Scenario:
    return arm(months, *OTHERWISE, shocks=SHOCKS)


def parts(found: Mediation) -> dict[str, float]:
    assert found.parts is not None
    return dict(zip(found.parts.players, found.parts.value, strict=True))


@cache
def far_apart(column: str) -> Mediation:
    return mediation(arm(6), other(6), column, 6, 1, ALONE)


def plain(scenario: Scenario, column: str, runs: int) -> np.ndarray:
    return simulate(scenario.model_copy(update={"outcomes": ()}), runs, 1).outcomes[column].to_numpy()


def test_every_variable_that_an_act_writes_belongs_to_one_mechanism() -> None:
    owned = [name for each in MECHANISMS for name in each.variables]
    assert len(owned) == len(set(owned)) and set(owned) >= WRITTEN and set(owned) | set(READINGS) == set(VARIABLES)


def test_the_parts_of_a_month_are_a_step() -> None:
    with InfluenceModel(other(4), 8, 1) as whole, Side(other(4), 8, 1) as side:
        for _ in range(4):
            whole.step()
            side.dated()
            side.acted()
            side.read()
        assert all(np.array_equal(getattr(whole.world, name), getattr(side.world, name)) for name in VARIABLES)


@pytest.mark.parametrize("column", [TOLD, "avala.union_position.end", "avala.influence_share.east.mean", "avala.tension.mean"])
def test_with_nothing_pinned_a_hybrid_is_one_arm_and_with_all_pinned_the_other_to_the_bit(column: str) -> None:
    found = far_apart(column)
    assert np.array_equal(found.base, plain(arm(6), column, 6))
    assert np.array_equal(found.other, plain(other(6), column, 6))
    assert not np.array_equal(found.base, found.other)


@pytest.mark.parametrize("column", [TOLD, "avala.union_position.end", "avala.influence_share.east.mean", "avala.tension.mean"])
def test_parts_and_remainder_add_up_to_the_difference(column: str) -> None:
    found = far_apart(column)
    assert abs(sum(parts(found).values()) + found.remainder.value - found.difference.value) < 1e-12
    table = found.table().set_index("mechanism")["part"]
    assert abs(table.drop("whole").sum() - table["whole"]) < 1e-12


def test_a_change_that_acts_through_one_mechanism_alone_gives_it_all_the_credit() -> None:
    # Publics move faster. In the second month governments hear them; nothing else can have heard of it before.
    found = mediation(arm(2), arm(2, ("speed: 0.05, reach", "speed: 0.5, reach")), TOLD, 6, 1, ALONE)
    shares = parts(found)
    assert found.difference.value and abs(shares.pop("publics") - found.difference.value) < 1e-12
    assert set(shares.values()) == {0.0} and found.remainder.value == 0


def test_two_links_of_one_chain_share_its_credit_equally() -> None:
    # Publics move in the first month, governments in the second, and the work on the ladder, which is the outcome's own, in the third.
    found = mediation(arm(3), arm(3, ("speed: 0.05, reach", "speed: 0.5, reach")), "avala.union_position.end", 6, 1, Effort(40, 1))
    shares = parts(found)
    whole = float(found.difference.value)
    assert whole != 0
    assert abs(shares["publics"] - whole / 2) < 1e-6 * abs(whole) and abs(shares["governments"] - whole / 2) < 1e-6 * abs(whole)


def test_a_change_in_the_outcomes_own_rule_is_the_remainder() -> None:
    found = mediation(arm(2), arm(2, ("inertia: 0.06", "inertia: 0.5")), TOLD, 6, 1, ALONE)
    assert found.remainder.value == found.difference.value and found.difference.value and set(parts(found).values()) == {0.0}


def test_a_number_of_the_readings_is_the_remainder_of_an_outcome_that_is_a_reading() -> None:
    found = mediation(arm(1), arm(1, ("agency: 1\n", "agency: 0.6\n")), "avala.influence_share.east.end", 6, 1, ALONE)
    assert found.remainder.value > 0


def test_a_dated_kick_is_carried_by_the_mechanism_whose_variable_it_kicks() -> None:
    kick = "[{id: boil, name: A boil, at: 2020-01, path: countries.avala.tension, set: 0.9, assumption: made up}]"
    found = mediation(arm(1), arm(1, shocks=kick), "avala.resilience.end", 6, 1, ALONE)
    assert found.difference.value < 0 and abs(parts(found)["unrest"] - found.difference.value) < 1e-9


def test_switching_a_mechanism_off_takes_its_part_away() -> None:
    faster, deaf = ("speed: 0.05, reach", "speed: 0.5, reach"), ("audience: 0.5", "audience: 0")
    assert parts(mediation(arm(4), arm(4, faster), TOLD, 6, 1, ALONE))["publics"] != 0
    found = mediation(arm(4, deaf), arm(4, deaf, faster), TOLD, 6, 1, ALONE)
    assert found.parts is None or abs(parts(found)["publics"]) < 1e-3 * abs(far_apart(TOLD).difference.value)


def test_arms_that_agree_in_the_outcome_leave_nothing_to_carry() -> None:
    found = mediation(arm(1), arm(1, ("speed: 0.05, reach", "speed: 0.5, reach")), TOLD, 6, 1, ALONE)
    assert found.parts is None and found.difference.value == 0 and not found.is_beyond_chance


def test_a_hybrid_is_the_same_alone_and_in_company_and_on_workers() -> None:
    pair = pair_of(arm(4), other(4), TOLD, np.arange(5), 1)
    sets = [frozenset({"publics"}), frozenset({"efforts", "start"}), other_arm(pair.cast), frozenset[str]()]
    together = outcomes_of_hybrids(Hybrids(pair, tuple(sets)))
    for pinned in sets:
        assert np.array_equal(outcomes_of_hybrids(Hybrids(pair, (pinned,)))[pinned], together[pinned])
    two = mediation(arm(4), other(4), TOLD, 5, 1, Effort(orders=4, workers=2))
    one = mediation(arm(4), other(4), TOLD, 5, 1, ALONE)
    assert parts(two) == parts(one)


def test_the_outcomes_own_mechanism_is_no_mediator() -> None:
    assert "ladders" not in pair_of(arm(3), other(3), "brda.union_stage.end", np.arange(2), 1).cast.names
    assert "unrest" not in pair_of(arm(3), other(3), "brda.tension.end", np.arange(2), 1).cast.names
    assert {name for act in TURN for name in act.writes} == WRITTEN


@pytest.mark.parametrize(
    ("column", "changed", "said"),
    [
        ("avala.alignment.wst.end", {}, "did you mean avala.alignment.west.end?"),
        ("brda.union_member.month", {}, "ask for brda.union_member.end"),
        (TOLD, {"months": 3}, "time.months 2 and 3"),
    ],
)
def test_what_cannot_be_split_is_refused_with_what_to_ask_instead(column: str, changed: dict[str, int], said: str) -> None:
    with pytest.raises(NotAnalysable) as refused:
        mediation(arm(2), arm(changed.get("months", 2)), column, 4, 1, ALONE)
    assert said in str(refused.value)


def test_worlds_of_other_things_are_refused_by_name() -> None:
    with pytest.raises(NotAnalysable, match="driver oil"):
        mediation(arm(2), arm(2, ("drivers:\n", "drivers:\n  oil: {name: Oil, unit: USD, level: 50, reference: 50}\n")), TOLD, 4, 1, ALONE)


def test_what_two_scenarios_say_differently_is_named_by_path() -> None:
    assert changed_paths(arm(2), arm(2, ("inertia: 0.06", "inertia: 0.5"))) == [("mechanics.alignment.inertia.value", 0.06, 0.5)]
    assert changed_paths(arm(3), other(3))[-1] == ("shocks.quarrel", None, "a dated change")
    assert Roster(arm(3)).ids == Roster(other(3)).ids


def test_the_page_names_every_mechanism_as_the_table_does() -> None:
    page = (Path(__file__).parents[2] / "docs" / "why.md").read_text(encoding="utf-8")
    assert [each.label for each in MECHANISMS if f"| {each.label} |" not in page] == []


def test_a_difference_within_chance_has_no_shares() -> None:
    found = mediation(arm(4), arm(4, ("speed: 0.05, reach", "speed: 0.5, reach")), TOLD, 4, 1, ALONE)
    assert not found.is_beyond_chance and found.parts is not None and found.table()["share"].isna().all()
