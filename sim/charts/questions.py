"""What is asked of a sweep besides its design's own analysis, as pictures and files: discovery, tipping points, policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.answers import Answer, Sweep, in_sentence
from sim.analysis.discovery import Discovery
from sim.analysis.names import Spoken, outcome_spoken
from sim.analysis.policies import Policies
from sim.analysis.tipping import Tip
from sim.charts import discovery, gains, pareto, policies, tipping
from sim.charts.saving import csv_bytes
from sim.charts.sheet import Names, Origin
from sim.runs.results import Results
from sim.scenario.schema import Scenario

LONGEST_TITLE = 60


class Picture(NamedTuple):
    """A picture, the name of its files, and the numbers it shows."""

    name: str
    figure: Figure
    data: pd.DataFrame


def question_pictures(sweep: Sweep, answers: Sequence[Answer], origin: Origin) -> Iterator[Picture]:
    """The pictures of what is asked besides."""
    scenario = sweep.experiment.scenario
    for answer in answers:
        found = answer.found
        if isinstance(found, Discovery):
            figure = discovery.draw(found, event_words(sweep), origin, sweep.names)
            yield Picture(name_of("discovery", answer.outcome, answer.arm), figure, discovery.data(found))
        elif isinstance(found, Tip):
            figure = tipping.draw(found, origin, outcome_spoken(scenario, answer.outcome), sweep.names)
            yield Picture(name_of("tipping", answer.outcome, answer.arm), figure, tipping.data(found))
        elif isinstance(found, Policies):
            yield from policy_pictures(sweep, found, origin)


def policy_pictures(sweep: Sweep, found: Policies, origin: Origin) -> Iterator[Picture]:
    """The ranking, who gains, and for each owner of two goals or more its choices over two of them."""
    names, actors = policy_words(sweep), actor_words(sweep.experiment.scenario)
    yield Picture("policies", policies.draw(found, origin, names, actors), policies.data(found))
    yield Picture("gains", gains.draw(found, origin, names, actors), gains.data(found))
    for owner in dict.fromkeys(map(str, found.ranking["owner"])):
        outcomes = pareto.goals_of(found, owner)
        if len(outcomes) == 2:
            one, other = (outcome_spoken(sweep.experiment.scenario, outcome) for outcome in outcomes)
            figure = pareto.draw(found, owner, origin, (names, actors, (one, other)))
            yield Picture(name_of("pareto", owner, ""), figure, pareto.data(found, owner))


def question_files(sweep: Sweep, answers: Sequence[Answer]) -> dict[str, bytes]:
    """Tables of what is asked besides, by file."""
    files: dict[str, bytes] = {}
    tips = [answer.table for answer in answers if isinstance(answer.found, Tip)]
    if tips:
        files["analysis/tipping.csv"] = csv_bytes(pd.concat(tips, ignore_index=True))
    for answer in answers:
        found = answer.found
        if isinstance(found, Discovery):
            files["analysis/discovery.csv"] = csv_bytes(found.table)
            files["analysis/discovery_trajectory.csv"] = csv_bytes(found.trajectory)
            files["analysis/discovery_tree.csv"] = csv_bytes(discovery.sentences(found, event_words(sweep), sweep.names))
        elif isinstance(found, Policies):
            files["analysis/policies.csv"] = csv_bytes(found.ranking)
            files["analysis/policies_goals.csv"] = csv_bytes(found.goals)
            files["analysis/policies_gains.csv"] = csv_bytes(found.gains)
    return files


def event_words(sweep: Sweep) -> str:
    """What is looked for, as the experiment calls it, or the outcome and the side of its level."""
    asked = sweep.experiment.discover
    assert asked is not None
    if asked.name:
        return asked.name
    spoken = outcome_spoken(sweep.experiment.scenario, asked.outcome)
    side, level = ("below", asked.below) if asked.below is not None else ("above", asked.above)
    return f"{spoken.in_sentence} is {side} {tipping.worded(float(level or 0.0), spoken)}"


def policy_words(sweep: Sweep) -> Names:
    """What people call the arms."""
    found = {}
    for arm in sweep.experiment.arms:
        words = words_of(sweep.results, arm)
        found[arm] = Spoken(words, words, said=in_sentence(words, _proper(sweep.experiment.scenario)))
    return found


def _proper(scenario: Scenario) -> set[str]:
    """First words of names of actors, which keep their large letter."""
    return {actor.name.split()[0] for section in (scenario.powers, scenario.countries) for actor in section.values()}


def actor_words(scenario: Scenario) -> Names:
    """What people call powers and countries: the name, and an abbreviation where the id is one."""
    found = {}
    for section in (scenario.powers, scenario.countries):
        for id, actor in section.items():
            found[id] = Spoken(actor.name, id.upper() if len(id) <= 4 else actor.name)
    return found


def name_of(kind: str, outcome: str, arm: str) -> str:
    """The name of a picture's files."""
    return "_".join(part.replace(".", "_") for part in (kind, arm, outcome) if part)


def words_of(results: Results, arm: str) -> str:
    """What people call an arm: its scenario's title where that is short, else its name as words."""
    title = results.experiment.arms[arm].title
    alone = sum(other.title == title for other in results.experiment.arms.values()) == 1
    return title if alone and len(title) <= LONGEST_TITLE else arm.replace("_", " ")
