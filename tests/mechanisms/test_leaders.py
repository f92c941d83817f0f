"""Chapter 5: leaders turn over, more in unrest, bring a lean of their own, and move fast for a while."""

from __future__ import annotations

import numpy as np

from sim.rules.alignment import siding
from sim.rules.leaders import inertia, leaders, popular_lean, turnover_hazard
from tests.mechanisms.arms import (
    Array,
    History,
    arm,
    assert_falls,
    everyone,
    history,
    middling,
    scenario_of,
    shocked,
    uneventful,
    without_luck,
)
from tests.mechanisms.moments import EVENLY, dealt, moment

LEAVES = [name for name, country in scenario_of().countries.items() if country.tenure is not None]
LEANLESS = {"mechanics.leaders.public": 0, "mechanics.leaders.surprise": 0}


def turnovers(history: History) -> Array:
    """How many leaders went, over all countries. Shape: (run)."""
    return np.asarray((np.diff(history.of("lean"), axis=0) != 0).any(axis=1).sum(axis=(0, 1)), dtype=float)


def test_a_leader_goes_once_in_a_tenure_and_sooner_in_unrest() -> None:
    now = moment()
    serbia = now.numbers.roster.place("country", "serbia")
    usual, unrest = now.number("mechanics.leaders.usual_tension"), now.number("mechanics.leaders.unrest")
    calm, hot = (turnover_hazard(now.numbers, np.full_like(now.world.tension, usual + more))[serbia] for more in (0, 0.3))
    assert np.allclose(calm, 1 / now.number("countries.serbia.tenure"))
    assert np.allclose(hot / calm, np.exp(0.3 * unrest)) and unrest > 1
    goes = leaders(now.having({"tension.serbia": usual}).world, now.numbers, dealt(turnover=EVENLY, lean=1.0))["lean"][0, serbia] != 0
    assert abs(goes.mean() - (1 - np.exp(-calm[0]))) <= 1 / EVENLY.size


def test_streets_bring_leaders_down() -> None:
    heated = shocked(scenario_of(), *({"at": "2017-01", "path": f"countries.{name}.grievance", "add": 3} for name in LEAVES))
    deaf = {"mechanics.leaders.unrest": 0}
    assert_falls(turnovers(arm(of=heated)), turnovers(arm(deaf, of=heated)), 1.5)
    tenures = arm(deaf).roster.scenario.countries
    wanted = sum(36 / float(tenures[name].tenure.value) for name in LEAVES)  # type: ignore[union-attr,arg-type]
    assert abs(turnovers(arm(deaf)).mean() / wanted - 1) < 0.25


def test_without_a_tenure_nobody_goes() -> None:
    tutorial = history(scenario_of("tutorial.yaml", None), runs=8)
    assert np.all(tutorial.of("lean") == 0) and np.all(tutorial.of("fresh") == 0)
    # The tenures of the default end nowhere else: entities have leaders, their country has none of its own.
    usual = arm()
    assert np.all(usual.of("lean", country="bosnia") == 0) and np.all(usual.of("fresh", country="bosnia") == 0)
    assert np.any(usual.of("lean", country="republika_srpska") != 0)


def test_a_new_leader_leans_as_the_public_has_moved_and_by_surprise() -> None:
    now = moment()
    serbia, albania = (now.numbers.roster.place("country", name) for name in ("serbia", "albania"))
    liked = popular_lean(now.numbers, now.world.opinion)
    assert np.allclose(liked.sum(axis=0), 0)
    assert np.all(liked[0, serbia] > liked[1, serbia]) and np.all(liked[0, albania] < liked[1, albania])
    public = now.number("mechanics.leaders.public")
    led = [now.numbers.roster.place("country", name) for name in LEAVES]
    assert np.allclose(leaders(now.world, now.numbers, dealt(turnover=0.0))["lean"], 0), "the public stands where it stood"
    warmer = now.moved("opinion.russia.serbia", 0.1)
    leaning = leaders(warmer.world, now.numbers, dealt(turnover=0.0))["lean"]
    assert np.allclose(leaning[:, serbia], public * (popular_lean(now.numbers, warmer.world.opinion) - liked)[:, serbia])
    assert np.all(leaning[0, serbia] > 0.02) and np.all(leaning[1, serbia] < 0)
    surprised = leaders(now.world, now.numbers, dealt(turnover=0.0, lean=1.0))["lean"]
    assert np.allclose(surprised[:, led], now.number("mechanics.leaders.surprise"))
    stays = leaders(now.having({"lean.east.serbia": 0.7}).world, now.numbers, dealt(turnover=1.0, lean=1.0))["lean"]
    assert np.all(stays[0, serbia] == 0.7)
    assert np.all(arm(LEANLESS).of("lean") == 0)


def test_a_lean_moves_the_course() -> None:
    now = moment()
    leaning = siding(now.having({"lean.east.serbia": 0.5}).world, now.numbers)["side_value"] - siding(now.world, now.numbers)["side_value"]
    serbia = now.numbers.roster.place("country", "serbia")
    assert np.allclose(leaning[0, serbia], 0.5) and np.count_nonzero(np.abs(leaning) > 1e-12) == leaning.shape[-1]
    # With no luck but that of leaders, leans spread courses out, and the course goes where the leaders lean.
    quiet = without_luck(uneventful(middling()))
    short = everyone("countries.{}.tenure", LEAVES, 12)
    alike, led = (history(quiet.with_changes({**short, "mechanics.leaders.surprise": size})) for size in (0, 0.5))
    where = {"side": "east", "country": "serbia"}
    assert led.end("course", **where).std() > 0.02 + 3 * alike.end("course", **where).std()
    lean = led.mean("lean", country="serbia")
    assert np.corrcoef(lean[0] - lean[1:].mean(axis=0), led.end("course", **where))[0, 1] > 0.6


def test_a_honeymoon_speeds_a_course() -> None:
    now = moment()
    fresh = np.zeros_like(now.world.fresh)
    fresh[3] = 1
    speed = inertia(now.numbers, fresh)
    assert np.all(speed[3] == now.number("mechanics.leaders.honeymoon_speed") * speed[4])
    left = leaders(now.world, now.numbers, dealt(turnover=0.0))["fresh"]
    assert np.all(left[now.numbers.roster.place("country", "serbia")] == now.number("mechanics.leaders.honeymoon"))
    assert np.all(leaders(now.having({"fresh.serbia": 4}).world, now.numbers, dealt(turnover=1.0))["fresh"].max(axis=0) == 3)
    assert np.all(leaders(now.having({"fresh.serbia": 0.4}).world, now.numbers, dealt(turnover=1.0))["fresh"] == 0)
    usual, slow = arm(), arm({"mechanics.leaders.honeymoon_speed": 1})
    new = usual.of("fresh")[:-1] > 0
    assert np.array_equal(new[:6], slow.of("fresh")[:6] > 0)
    step = [np.abs(np.diff(of.of("course"), axis=0)).sum(axis=1)[new].mean() for of in (usual, slow)]
    assert step[0] > 1.4 * step[1]
