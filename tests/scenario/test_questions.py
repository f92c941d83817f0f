"""What an experiment asks besides: read, kept and refused at its place."""

import json

import pytest

import sim
from sim.outcomes import metrics_of, outcomes_of
from sim.scenario.experiments import experiment_of, read_experiment_text
from sim.scenario.faults import ScenarioFaults
from tests.scenario.small import SMALL

KNOWN = sim.vocabulary()
TWO = "  - {id: purse, path: powers.east.capacity, low: 1, high: 9}\n  - {id: war, path: powers.east.war, low: 0, high: 0.5}\n"
SPREAD = SMALL + "design: {method: latin_hypercube, points: 8}\nfactors:\n" + TWO
LINE = SMALL + "design: {method: grid}\nfactors:\n  - {id: purse, path: powers.east.capacity, low: 1, high: 9, levels: 5}\n"
ARMS = SPREAD + "arms:\n  as_is: {}\n  poor: {set: {powers.east.capacity: 1}}\n".replace("powers.east.capacity", "powers.west.capacity")
DISCOVER = "discover: {outcome: avala.tension.end, above: 0.5, name: Avala boils}\n"
TIPPING = "tipping: {outcome: avala.tension.end, crosses: 0.5}\n"
GOALS = "goals: [{outcome: avala.tension.mean, better: lower, enough: 0.4, for: west}]\nowners: {poor: west}\n"


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioFaults) as found:
        read_experiment_text(text, "text.yaml", KNOWN)
    return [(fault.code, fault.path, fault.message) for fault in found.value.faults]


@pytest.mark.parametrize("text", [SPREAD + DISCOVER, LINE + TIPPING, ARMS + GOALS])
def test_a_question_survives_being_written_and_made_again(text: str) -> None:
    experiment = read_experiment_text(text, "asked.yaml", KNOWN)
    own, scenario = json.loads(json.dumps([experiment.dumped(), experiment.scenario.dumped()]))
    arms = {name: json.loads(json.dumps(arm.dumped())) for name, arm in experiment.arms.items() if name}
    assert experiment_of(own, scenario, arms) == experiment
    assert experiment.discover or experiment.tipping or experiment.goals


def test_an_experiment_that_asks_nothing_besides_says_nothing_of_it() -> None:
    assert not {"discover", "tipping", "goals", "owners"} & read_experiment_text(SPREAD, "plain.yaml", KNOWN).dumped().keys()


def test_a_goal_says_whose_it_is() -> None:
    (goal,) = read_experiment_text(ARMS + GOALS, "asked.yaml", KNOWN).goals
    assert (goal.owner, goal.better, goal.enough) == ("west", "lower", 0.4)


@pytest.mark.parametrize(
    ("text", "code", "path", "words"),
    [
        (SPREAD + DISCOVER.replace("above: 0.5, ", ""), "E054", "discover", "exactly one of below and above: which side of a level"),
        (SPREAD + DISCOVER.replace("above: 0.5", "above: 0.5, below: 1"), "E054", "discover", "found both"),
        (SPREAD + DISCOVER.replace("tension.end", "tensoin.end"), "E040", "discover.outcome", "did you mean avala.tension.end?"),
        (LINE + DISCOVER, "E054", "discover", "a design latin_hypercube, sobol or list, found grid"),
        (SPREAD + TIPPING, "E054", "tipping", "it needs design: {method: grid} and exactly one factor"),
        (SPREAD + DISCOVER.replace("name:", "called:"), "E040", "discover.called", "no key called 'called' here"),
        (ARMS + GOALS.replace("owners: {poor: west}\n", ""), "E041", "owners", "say whose each arm is"),
        (ARMS + GOALS.replace("{poor: west}", "{por: west}"), "E040", "owners.por", "did you mean poor?"),
        (ARMS + GOALS.replace("{poor: west}", "{poor: west, as_is: west}"), "E054", "owners", "one arm must be nobody's"),
        (ARMS + GOALS.replace("{poor: west}", "{poor: east}"), "E041", "owners.poor", "'east' has no goal to choose by"),
        (ARMS + GOALS.replace("for: west", "for: wst"), "E040", "goals[0].for", "no power or country called 'wst' (did you mean west?)"),
        (ARMS + GOALS.replace("better: lower", "better: less"), "E047", "goals[0].better", "higher, lower"),
        (ARMS + GOALS.replace("{poor: west}", "{poor: wset}"), "E041", "owners.poor", "(did you mean west?)"),
        (ARMS + "owners: {poor: west}\n", "E054", "owners", "need goals to choose by"),
        (SPREAD + GOALS, "E041", "arms", "goals compare policies, which are arms, and there are none"),
        (SPREAD + DISCOVER.replace("tension.end", "club_member.month"), "E054", "discover.outcome", "ask for avala.club_member.end"),
        (LINE + TIPPING.replace("tension.end", "club_member.month"), "E054", "tipping.outcome", "a month that may never come"),
        (ARMS + GOALS.replace("tension.mean", "club_member.month"), "E054", "goals[0].outcome", "so it has no mean"),
        (ARMS + GOALS.replace("[", "[{outcome: avala.tension.mean, better: higher, for: west}, "), "E042", "goals[1]", "twice"),
    ],
)  # fmt: skip
def test_a_question_without_an_answer_is_refused(text: str, code: str, path: str, words: str) -> None:
    found = refused(text)
    assert any((given, at) == (code, path) and words in told for given, at, told in found), found


def test_a_scenario_does_not_take_an_experiments_questions() -> None:
    with pytest.raises(ScenarioFaults, match="this is an experiment and no scenario"):
        sim.scenario.reading.read_text(SMALL + DISCOVER)


def test_deal_talks_and_normalisation_are_read_off_a_history() -> None:
    scenario = sim.read_scenario("scenarios/kosovo_deal.yaml")
    short = scenario.model_copy(
        update={"outcomes": ["deal", "talks", "normalisation"], "time": scenario.time.model_copy(update={"months": 72})}
    )
    record = sim.simulate(short, runs=12, seed=1)
    table = outcomes_of(record).set_index("run")
    assert set(table) == {f"kosovo.{name}" for name in ("deal.end", "deal.month", "talks.mean", "normalisation.mean", "normalisation.end")}
    signed = table["kosovo.deal.end"] > 0.5
    assert 0 < signed.sum() < 12 and (table["kosovo.deal.month"].notna() == signed).all()
    assert (table.loc[signed, "kosovo.normalisation.end"] == 1).all()
    deal = record.values("deal", dispute="kosovo")
    first = table.loc[signed, "kosovo.deal.month"].astype(int)
    assert all(deal[month, run] == 1 and (month == 0 or deal[month - 1, run] == 0) for run, month in first.items())


def test_a_world_without_disputes_has_no_deal() -> None:
    scenario = sim.read_scenario("scenarios/kosovo_deal.yaml")
    assert {"deal", "talks", "normalisation"} <= metrics_of(scenario).keys()
    assert not {"deal", "talks"} & metrics_of(scenario.model_copy(update={"disputes": {}})).keys()
