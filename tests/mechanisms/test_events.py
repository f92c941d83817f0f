"""Chapter 10: what happens by chance, more or less often for its causes, is remembered, and changes numbers meanwhile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.rules.events import at_place, events, hazard, needs_met, reasons
from tests.mechanisms.arms import arm, assert_falls_on_average, history, overlaid, scenario_of
from tests.mechanisms.moments import EVENLY, LANES, Moment, dealt, moment, moment_of

EVENTS = scenario_of().events
PLACES = [(kind, place) for kind, event in EVENTS.items() for place in event.where]
CAUSES = [(kind, event.where[-1], cause) for kind, event in EVENTS.items() for cause in event.causes]
EFFECTS = [(kind, event.where[0], effect) for kind, event in EVENTS.items() for effect in event.effects]
NEEDED = """\
extends: western_balkans_2017.yaml
schema: 1
title: A clash needs a crowd
events: {clash: {needs: {crowd: {watches: tension.here, shut: 0.4, open: 0.6}}}}
"""


def odds(now: Moment, kind: str, place: str) -> float:
    """Hazard of one event in a moment."""
    return float(hazard(now.world, now.numbers)[now.numbers.roster.place("event", f"{kind}.{place}")].mean())


def as_usual(now: Moment, kind: str, place: str) -> Moment:
    """The moment with all that an event's causes watch at its usual level."""
    causes = EVENTS[kind].causes
    return now.having({at_place(each.watches, place): now.number(f"events.{kind}.causes.{name}.usual") for name, each in causes.items()})


@pytest.mark.parametrize(("kind", "place"), PLACES)
def test_an_event_happens_at_its_base_rate_where_all_is_as_usual(kind: str, place: str) -> None:
    now = as_usual(moment(), kind, place)
    assert odds(now, kind, place) == pytest.approx(now.number(f"events.{kind}.base"))
    often = now.by({f"events.{kind}.base": 0.3})
    happened = events(often.world, often.numbers, dealt(event=EVENLY))["happened"]
    assert abs(happened[now.numbers.roster.place("event", f"{kind}.{place}")].mean() - (1 - np.exp(-0.3))) <= 1 / LANES
    assert odds(now.by({f"events.{kind}.base": 0}), kind, place) == 0


@pytest.mark.parametrize(("kind", "place", "cause"), CAUSES)
def test_a_cause_raises_the_hazard(kind: str, place: str, cause: str) -> None:
    now, watches = as_usual(moment(), kind, place), at_place(EVENTS[kind].causes[cause].watches, place)
    weight = now.number(f"events.{kind}.causes.{cause}.weight")
    more = now.moved(watches, 0.1)
    assert odds(more, kind, place) == pytest.approx(odds(now, kind, place) * np.exp(0.1 * weight))
    assert (weight < 0) == (cause == "weak_state") and abs(weight) >= 2
    event = now.numbers.roster.place("event", f"{kind}.{place}")
    told = {name: float(part.mean()) for name, part in reasons(more.world, now.numbers, event).items()}
    assert told[cause] == pytest.approx(0.1 * weight)
    assert all(value == pytest.approx(0) for name, value in told.items() if name != cause)
    deaf = now.by({f"events.{kind}.causes.{cause}.weight": 0})
    assert odds(deaf.moved(watches, 0.1), kind, place) == pytest.approx(odds(now, kind, place))


def test_a_need_closes_an_event_exactly() -> None:
    now = moment_of(overlaid(NEEDED))
    clash = now.numbers.roster.place("event", "clash.kosovo")
    for tension, met in ((0.4, 0), (0.5, 0.5), (0.6, 1), (0.2, 0)):
        there = now.having({"tension.kosovo": tension})
        assert np.allclose(needs_met(there.world, there.numbers, clash), met, rtol=0, atol=1e-12)
    shut = now.having({"tension.kosovo": 0.4})
    assert odds(shut, "clash", "kosovo") == 0
    assert np.all(events(shut.world, shut.numbers, dealt(event=0.0))["happened"][clash] == 0)
    history_of = history(overlaid(NEEDED), runs=32)
    before = history_of.of("tension", country="kosovo")[:-1]
    assert np.all(history_of.of("happened", event="clash.kosovo")[1:][before <= 0.4] == 0)


def test_an_event_is_remembered_and_fades() -> None:
    for kind, event in EVENTS.items():
        name = f"{kind}.{event.where[0]}"
        now = moment().having({f"event_memory.{name}": 0.8})
        at = now.numbers.roster.place("event", name)
        quiet, again = (events(now.world, now.numbers, dealt(event=draw)) for draw in (1.0, 0.0))
        assert np.allclose(quiet["event_memory"][at], 0.8 * 0.5 ** (1 / now.number(f"events.{kind}.memory")))
        assert np.all(again["event_memory"][at] == 1) and np.all(quiet["happened"] == 0)


@pytest.mark.parametrize(("kind", "place", "effect"), EFFECTS)
def test_an_effect_is_in_force_as_far_as_the_event_is_remembered(kind: str, place: str, effect: str) -> None:
    now, consequence = moment(), EVENTS[kind].effects[effect]
    still = now.having({f"deed.{name}": 0 for name in scenario_of().deeds})
    assert still.in_force() is now.numbers
    ledger, other = ("success_memory", "event_memory") if consequence.after == "success" else ("event_memory", "success_memory")
    path, way = at_place(consequence.path, place), "scale" if consequence.scale is not None else "add"
    base, size = now.number(path), now.number(f"events.{kind}.effects.{effect}.{way}")
    for memory in (0.25, 1):
        there = still.having({f"{ledger}.{kind}.{place}": memory})
        found = there.levels_in_force()["hostility"][0, 0] if path.endswith("hostility") else now.number(path, there.in_force())
        assert found == pytest.approx(base * (1 + (size - 1) * memory) if way == "scale" else base + size * memory)
    elsewhere = still.having({f"{other}.{kind}.{place}": 1})
    assert now.number(path, elsewhere.in_force()) == base or consequence.after == "event"
    assert consequence.after == ("success" if effect == "reversal" else "event")


def test_success_is_drawn_apart_from_the_event() -> None:
    now = moment({"events.coup_plot.success": 0.1})
    plot = now.numbers.roster.place("event", "coup_plot.montenegro")
    for draw, share in ((0.0, 0.1), (1.0, 0)):
        found = events(now.world, now.numbers, dealt(event=draw, success=EVENLY))
        assert np.all(found["happened"][plot] == (draw == 0))
        assert abs(found["success_memory"][plot].mean() - share) <= 1 / LANES
    # Luck of the event and luck of its success are no kin: many plots, a tenth of which succeed.
    many = arm({"events.coup_plot.base": 1, "events.coup_plot.success": 0.1})
    tried = many.of("happened", event="coup_plot.montenegro")
    worked = (many.of("success_memory", event="coup_plot.montenegro") == 1) & (tried == 1)
    assert tried.mean() > 0.3
    assert worked.sum() / tried.sum() == pytest.approx(0.1, abs=0.03)
    never = arm({"events.coup_plot.base": 1, "events.coup_plot.success": 0})
    assert np.all(never.of("success_memory") == 0) and np.any(never.of("happened", event="coup_plot.montenegro"))


@pytest.mark.parametrize("place", EVENTS["coup_plot"].where)
def test_plotters_do_not_look_at_how_near_entry_is(place: str) -> None:
    now = moment()
    nearer = now.world
    for name in ("months_to_go", "months_if_open", "urgency", "urgency_if_open", "progress", "rung", "flow", "gate", "help", "credibility"):
        nearer = replace(nearer, **{name: getattr(nearer, name) * 0})
    assert odds(replace(now, world=nearer), "coup_plot", place) == odds(now, "coup_plot", place) > 0
    # It hangs on covert work, which does.
    assert odds(now.moved(f"potency.russia.covert.{place}", 0.3), "coup_plot", place) > 2.5 * odds(now, "coup_plot", place)


def test_a_rare_thing_never_overflows() -> None:
    wild = moment({"events.unrest.causes.tension.weight": 100, "events.unrest.causes.tension.usual": -1000})
    assert np.all(np.isfinite(hazard(wild.world, wild.numbers)))


def test_protest_feeds_tension() -> None:
    calm, hot = arm({"events.unrest.base": 0}, runs=64), arm({"events.unrest.base": 0.05}, runs=64)
    assert np.all(calm.of("happened", event="unrest.serbia") == 0)
    assert_falls_on_average(hot.mean("tension", country="serbia"), calm.mean("tension", country="serbia"), 0.004)


def test_a_crisis_lets_the_way_into_the_union_drift() -> None:
    calm, stuck = arm({"events.government_crisis.base": 0}), arm({"events.government_crisis.base": 0.2})
    where = {"institution": "eu", "country": "albania"}
    assert_falls_on_average(calm.mean("flow", **where), stuck.mean("flow", **where), 0.005)


def test_an_expulsion_rolls_up_networks() -> None:
    never, always = arm({"events.expulsion.base": 0}), arm({"events.expulsion.base": 1})
    where = {"instrument": "russia.covert", "country": "montenegro"}
    assert_falls_on_average(never.mean("potency", **where), always.mean("potency", **where), 0.01)


def test_a_summit_raises_the_promise() -> None:
    never, always = arm({"events.summit.base": 0}), arm({"events.summit.base": 1})
    assert_falls_on_average(
        always.mean("course", side="west", country="montenegro"), never.mean("course", side="west", country="montenegro"), 2e-4
    )


def test_a_plot_found_out_costs_its_author_liking() -> None:
    never, always = arm({"events.coup_plot.base": 0}), arm({"events.coup_plot.base": 0.05})
    where = {"power": "russia", "country": "montenegro"}
    assert_falls_on_average(never.end("opinion", **where), always.end("opinion", **where), 0.01)
    where = {"institution": "nato", "country": "north_macedonia"}
    sure = arm({"events.coup_plot.base": 0.05, "events.coup_plot.success": 1})
    assert np.all(sure.of("flow", **where)[1:].mean() <= never.of("flow", **where)[1:].mean())
