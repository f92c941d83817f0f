"""Chapter 4, first half: who holds how much of a country's course."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import InfluenceModel
from sim.rules.contest import contest
from sim.scenario.schema import Scenario
from tests.mechanisms.arms import RUNS, SEED, History, arm, assert_falls, assert_rises, scenario_of, settled_of, spending


def western(scenario: Scenario, country: str) -> np.ndarray:
    """What the three Western powers would hold of a country's course with the default's leverage. Shape: (run)."""
    with InfluenceModel(scenario_of(), RUNS, SEED, settled=settled_of(scenario_of())) as model:
        world = model.world
    with InfluenceModel(scenario, RUNS, SEED, settled=settled_of(scenario)) as model:
        held, roster = contest(world, model.numbers)["influence_share"], model.numbers.roster
    return np.asarray(sum(held[roster.place("power", power), roster.place("country", country)] for power in ("eu", "nato", "us")))


def with_blocs(**blocs: str) -> Scenario:
    """The default with some powers in other blocs."""
    scenario = scenario_of()
    powers = {name: power.model_copy(update={"bloc": blocs.get(name, power.bloc)}) for name, power in scenario.powers.items()}
    return scenario.model_copy(update={"powers": powers})


def test_a_mix_of_channels_beats_one(usual: History) -> None:
    # With an exponent of 1 channels are substitutes: whoever rests on few of them gains most, as Moscow does on the church.
    alike = arm({"mechanics.contest.variety": 1})
    for country in ("serbia", "bulgaria"):
        where = {"power": "russia", "country": country}
        assert_rises(usual.mean("influence_share", **where), alike.mean("influence_share", **where), 0.004)


def test_a_decisive_contest_gives_the_stronger_more(usual: History) -> None:
    even, sharp = arm({"mechanics.contest.decisiveness": 0.3}), arm({"mechanics.contest.decisiveness": 3})
    where = {"bloc": "west", "country": "kosovo"}
    assert_falls(usual.mean("bloc_share", **where), even.mean("bloc_share", **where), 0.08)
    assert_rises(usual.mean("bloc_share", **where), sharp.mean("bloc_share", **where), 0.1)


def test_a_country_of_its_own_mind_keeps_more_of_its_course(usual: History) -> None:
    limp = arm({"countries.serbia.agency": 0})
    assert_falls(usual.mean("own_share", country="serbia"), limp.mean("own_share", country="serbia"), 0.2)
    assert_rises(
        usual.mean("influence_share", country="serbia").sum(axis=0), limp.mean("influence_share", country="serbia").sum(axis=0), 0.2
    )


def test_a_hollow_government_holds_less_of_its_course(usual: History) -> None:
    firm = arm({"mechanics.contest.agency_without_resilience": 1})
    assert_rises(usual.mean("own_share", country="serbia"), firm.mean("own_share", country="serbia"), 0.04)
    strong = arm({"countries.serbia.resilience": 0.9})
    assert_rises(usual.of("own_share", country="serbia")[0], strong.of("own_share", country="serbia")[0], 0.03)


def test_a_foothold_keeps_an_absent_power_in_the_field(usual: History) -> None:
    without = arm({"mechanics.contest.foothold": 1e-5})
    where = {"power": "russia", "country": "kosovo"}
    assert_falls(usual.mean("influence_share", **where), without.mean("influence_share", **where), 0.02)


@pytest.mark.parametrize("country", ["serbia", "kosovo"])
def test_blocs_contend_before_powers_do(country: str) -> None:
    together, apart = with_blocs(), with_blocs(eu="union", nato="alliance", us="america")
    # Each bloc has a foothold of its own, here too small to matter. The leverage is the same on both sides: what the West would
    # gather when divided is another matter.
    flat, sharp = ({"mechanics.contest.decisiveness": value, "mechanics.contest.foothold": 1e-5} for value in (1, 1.6))
    assert np.allclose(*(western(blocs.with_changes(flat), country) for blocs in (together, apart)), atol=1e-3)
    assert_falls(*(western(blocs.with_changes(sharp), country) for blocs in (together, apart)), 0.02)


def test_allies_who_count_only_their_own_share_crowd_each_other(usual: History) -> None:
    selfish = arm({"mechanics.choice.bloc_regard": 0})
    assert_rises(spending(usual, "us", country="kosovo"), spending(selfish, "us", country="kosovo"), 1)


def test_the_start_and_every_month_share_each_course_out(usual: History) -> None:
    whole = usual.of("influence_share").sum(axis=1) + usual.of("own_share")
    assert np.allclose(whole, 1, atol=1e-3)
    assert np.allclose(usual.of("bloc_share").sum(axis=1) + usual.of("own_share"), 1, atol=1e-12)


def test_a_kin_power_starts_with_more(usual: History) -> None:
    where = {"power": "russia", "country": "serbia"}
    without = arm({"mechanics.leverage.start": 0})
    assert_falls(usual.of("influence_share", **where)[0], without.of("influence_share", **where)[0], 0.03)
