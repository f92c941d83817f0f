"""The chain behind an event: a kick raises tension, tension leaks tapes, tapes bring people out; and ledgers that are exact."""

from functools import cache

import numpy as np
import pytest

from sim.analysis.refusals import NotAnalysable
from sim.model import InfluenceModel
from sim.why import causes_abroad, causes_at_home
from sim.why.chain import TRACERS, Chain, Link, event_months
from sim.why.history import History, history_of
from sim.world import VARIABLES
from tests.why.worlds import EVENTS, arm, boiling

# January 2020 is month 0; the boil comes in month 3, and what reads it in that month happens in that month.
BOILED, MARCHED = 3, 4


@cache
def boiled() -> History:
    return history_of(boiling(), 1, 5)


def behind(word: str) -> Link:
    kind, place, month = event_months(boiled(), word)[0]
    assert kind == "event"
    return Chain(boiled()).behind_event(place, month)


def test_a_history_is_the_run_of_that_number() -> None:
    with InfluenceModel(boiling(), 8, 1) as model:
        for month in range(8):
            model.step()
            here = boiled().after[month]
            assert all(np.array_equal(getattr(here, name)[..., 0], getattr(model.world, name)[..., 5]) for name in VARIABLES)


def test_events_are_found_in_the_months_in_which_they_happen() -> None:
    assert next(month for *_, month in event_months(boiled(), "leak")) == BOILED
    assert next(month for *_, month in event_months(boiled(), "march.avala")) == MARCHED
    with pytest.raises(NotAnalysable, match="did you mean march"):
        event_months(boiled(), "mrch")


def test_a_march_is_traced_to_the_tapes_and_the_tapes_to_the_kick() -> None:
    link = behind("march")
    assert link.month == "2020-05" and "'March on parliament' in Avala" in link.said
    assert "tapes" in link.causes[0][0] and link.causes[0][1] > 0.9
    (leak,) = [each for each in link.behind if each.what == "leak.avala"]
    assert leak.month == "2020-04" and leak.causes[0] == ("heat (tension in Avala)", pytest.approx(1.0))
    (heat,) = leak.behind
    assert heat.what == "tension.avala" and heat.causes[0][0] == "a dated change or the start" and heat.causes[0][1] > 0.9


def test_without_the_kick_nothing_happens_to_be_explained() -> None:
    assert event_months(history_of(arm(8, events=EVENTS), 1, 5), "march") == []


def test_the_terms_of_tension_are_its_ledgers_and_sum_to_how_far_it_moved() -> None:
    history, place = boiled(), (boiled().roster.place("country", "avala"),)
    for month in (1, 4, 7):
        trace = causes_at_home.tension(history, place, month)
        assert sum(term.part for term in trace.terms) == pytest.approx(history.moved("tension", place, month), abs=1e-9)


def test_the_terms_of_pressure_sum_to_what_stirring_has_added() -> None:
    history, roster = boiled(), boiled().roster
    place = (roster.place("power", "east"), roster.place("country", "avala"))
    month = 7
    kept = 0.5 ** (month / 6)
    trace = causes_abroad.pressure(history, place, month)
    added = history.at("pressure", place, month) - history.at("pressure", place, 0) * kept
    assert sum(term.part for term in trace.terms) == pytest.approx(added, abs=1e-9) and added > 0


def test_the_terms_of_effort_make_up_its_ratio() -> None:
    history, roster = boiled(), boiled().roster
    place = (roster.place("instrument", "east.covert"), roster.place("country", "avala"))
    trace = causes_abroad.effort(history, place, 7)
    ratio = history.at("effort", place, 7) / history.at("effort", place, 0)
    assert sum(term.part for term in trace.terms) == pytest.approx(np.log(ratio), abs=1e-3)


def test_every_tracer_has_a_sentence_and_finite_terms_at_every_place() -> None:
    history = boiled()
    for name, tracer in TRACERS.items():
        for place in np.ndindex(*getattr(history.before[0], name).shape[:-1]) if name != "tension_home" else [(0,), (1,)]:
            if name == "autonomy" and history.roster.parent_of[place[0]] < 0:
                continue
            trace = tracer(history, tuple(place), 6)
            assert trace.said and all(np.isfinite(term.part) and term.said for term in trace.terms), name


def test_a_chain_is_no_deeper_than_asked_and_tells_nothing_twice() -> None:
    kind, place, month = event_months(boiled(), "march")[0]
    link = Chain(boiled(), depth=1).behind_event(place, month)
    assert kind == "event" and all(not each.behind for each in link.behind)
    told = [line.strip() for line in behind("march").lines()]
    assert len(told) == len(set(told))
