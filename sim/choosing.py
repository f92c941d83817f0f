"""Policies as a user compares them: an experiment with goals is swept, its policies are ranked, told as a table and drawn."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np

import sim
from sim.analysis.answers import Sweep
from sim.analysis.policies import Policies
from sim.runs.results import Results
from sim.runs.standing import seed_held
from sim.runs.sweep import Means, plan_of
from sim.scenario.experiments import Experiment
from sim.scenario.faults import SuasionError
from sim.sweeping import Words, made_with_talk
from sim.telling import Telling

HEADS = ("rank", "policy", "regret", "", "enough", "first")
NO_GOALS = (
    "asks for no policies; say what is wanted and whose each arm is: goals: [{outcome: ..., better: higher, for: eu}] and owners: {ARM: eu}"
)


def policies_from_words(path: Path, words: Words, means: Means, as_json: bool = False) -> int:
    """What `suasion policies` does with its words; gives the number of failed runs.

    Raises: SuasionError, when the experiment has no goals; what making a sweep raises.
    """
    experiment = sim.read_experiment(path)
    if not experiment.goals:
        raise SuasionError(f"{path} {NO_GOALS}")
    out = words.out or Path("out") / path.stem
    seed = words.seed if words.seed is not None or means.fresh else seed_held(out) or words.seed
    plan = plan_of(experiment, words.runs, seed)
    with Telling(experiment.title, plan.rows) as telling:
        made = made_with_talk(experiment, plan, out, means, telling)
        found = Sweep(Results.read(out), experiment).policies()
        if words.charts:
            from sim.charts.sweeps import draw_sweep

            for picture in draw_sweep(out, experiment)[0]:
                telling.say(f"  {picture}")
    click.echo(json.dumps(plain(found), indent=2) if as_json else told(found, experiment), nl=as_json)
    return made.failed.total()


def plain(found: Policies) -> dict[str, object]:
    """The ranking and the gains as plain values; what is not known is null."""
    tables = {"ranking": found.ranking, "goals": found.goals, "gains": found.gains}
    return {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}


def told(found: Policies, experiment: Experiment) -> str:
    """Each owner's choices, the best first, and who else gains or loses by the first of them."""
    lines = [f"{experiment.title}: {len(found.policies)} policies at {found.points} points"]
    for owner in dict.fromkeys(map(str, found.ranking["owner"])):
        menu = found.menu(owner)
        rows = [HEADS]
        for _, row in menu.iterrows():
            between = f"({100 * row['regret_low']:.0f} to {100 * row['regret_high']:.0f})"
            enough = f"{row['enough']:.0%}" if np.isfinite(row["enough"]) else "-"
            rows.append((f"{row['rank']:.0f}", str(row["policy"]), f"{100 * row['regret']:.0f}", between, enough, f"{row['first']:.0%}"))
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
        lines += ["", f"choices of {owner}"]
        lines += ["  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.append(f"  {gained(found, str(menu['policy'].iloc[0]))}")
    lines += [
        "",
        "regret: hundredths of the owner's span, not exceeded at nine points of ten (95% interval); enough: share of points at which",
    ]
    lines += ["every goal is met; first: share of resamples in which the choice ranks first"]
    return "\n".join(lines) + "\n"


def gained(found: Policies, policy: str) -> str:
    """What a policy changes for every actor with goals, where that is beyond chance."""
    own = found.gains[found.gains["policy"] == policy]
    sure = own[(own["gain_low"] > 0) | (own["gain_high"] < 0)]
    changes = [f"{row['owner']} {100 * row['gain']:+.0f}" for _, row in sure.iterrows()]
    return f"{policy} changes, in hundredths of each actor's span: {', '.join(changes) or 'nothing beyond chance'}"
