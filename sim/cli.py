"""The commands of suasion. Each imports what it needs when it runs, so that help and checks come at once."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import sim
from sim import cli_claims, cli_dashboard, cli_policies, cli_runs, cli_why

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

STOPPED_BY_HAND = 130
NOBODY_LISTENS = 141
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}")


class Commands(click.Group):
    """The one place where what a user can mend becomes a message and an exit code, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        from sim.runs.stopping import Stopped, stoppable
        from sim.scenario.faults import SuasionError

        try:
            with stoppable():
                given = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return given
        except SuasionError as error:
            _leave(error.exit_code, str(error))
        except Stopped as stopped:
            _leave(stopped.exit_code, str(stopped))
        except KeyboardInterrupt:
            _leave(STOPPED_BY_HAND, "stopped")
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _leave(NOBODY_LISTENS, "")


def _leave(code: int, message: str) -> NoReturn:
    """Say why and go."""
    if message:
        click.echo(message, err=True)
    raise click.exceptions.Exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sim.__version__, "--version", prog_name="suasion", message="%(prog)s %(version)s")
def suasion() -> None:
    """Simulate how great powers compete for influence over smaller countries.

    \b
    suasion new my_world             writes a scenario to start from
    suasion check my_world.yaml      says what is wrong with it, or that it is well
    suasion run my_world.yaml        simulates it, draws its charts and writes its report
    suasion compare a.yaml b.yaml    runs both with the same luck and says what changed
    suasion sweep experiment.yaml    simulates every point of a design, and analyses it
    suasion dashboard my_world.yaml  a page with levers to try it on
    suasion claims                   tries what the documents claim
    """


@suasion.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Read scenarios, experiments and claims, and say everything that is wrong with them.

    Leaves with 0 when all are well, and with 2 after the faults of every file.

    \b
    Example:
      suasion check scenarios/western_balkans_2017.yaml
    """
    from sim.scenario.cautions import name_warnings, support_warnings
    from sim.scenario.explaining import AN_EXPERIMENT
    from sim.scenario.faults import ScenarioFaults, listing, shown

    refused = False
    for file in files:
        points: tuple[str, ...] = ()
        try:
            try:
                scenario = sim.read_scenario(file)
            except ScenarioFaults as faults:
                if any(fault.path == "claim" for fault in faults.faults):
                    _echo_claim(file)
                    continue
                if not any(fault.message.startswith(AN_EXPERIMENT) for fault in faults.faults):
                    raise
                scenario, points = _read_experiment(file)
        except ScenarioFaults as faults:
            refused = True
            click.echo(str(faults), err=True)
            continue
        counts = (
            *points,
            _count(len(scenario.powers), "power"),
            _count(len(scenario.countries), "country"),
            _count(len(scenario.channels), "channel"),
            _count(scenario.ensemble.runs, "run"),
            _count(scenario.time.months, "month"),
        )
        click.echo(f"{shown(file, 200)}: well, {', '.join(counts)}")
        warnings = (*support_warnings(scenario, file), *name_warnings(scenario, file))
        if warnings:
            click.echo(listing(warnings, "warning"), err=True)
    if refused:
        raise click.exceptions.Exit(2)


def _read_experiment(file: str) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario of an experiment, and how many factors, arms and points it has.

    Raises: ScenarioFaults.
    """
    from sim.runs.points import how_many

    experiment = sim.read_experiment(file)
    arms = [_count(len(experiment.arms), "arm")] if "" not in experiment.arms else []
    counts = [_count(len(experiment.factors), "factor"), *arms, _count(how_many(experiment), "point")]
    return experiment.scenario, tuple(counts)


def _echo_claim(file: str) -> None:
    """Say of a claim that it is well, and how many arms, measures and expectations it has.

    Raises: ScenarioFaults.
    """
    from sim.scenario.faults import shown

    claim = sim.read_claim(file)
    counts = [_count(len(claim.arms), "arm"), _count(len(claim.measures), "measure"), _count(len(claim.expect), "expectation")]
    click.echo(f"{shown(file, 200)}: well, {', '.join(counts) if claim.arms else 'a claim that the model cannot express'}")


def _count(number: int, noun: str) -> str:
    from sim.scenario.faults import plural

    return f"{number} {noun if number == 1 else plural(noun)}"


@suasion.command()
@click.argument("name")
def new(name: str) -> None:
    """Write NAME.yaml: a commented scenario to start from, over the Western Balkans.

    \b
    Example:
      suasion new gas_crisis
    """
    from sim.scenario.faults import SuasionError, shown
    from sim.scenario.starter import STARTER

    if not NAME.fullmatch(name):
        raise SuasionError(f"a name is letters, digits, _ and -, 1 to 32 long, without a folder or .yaml; found '{shown(name)}'")
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.replace("NAME", name.replace("_", " ")))
    except FileExistsError:
        raise SuasionError(f"{path} is there already; choose another name, or move it away") from None
    except OSError as error:
        fault = SuasionError(f"{path} cannot be written: {error.strerror}")
        fault.exit_code = 5
        raise fault from None
    click.echo(f"{path} is written; next: suasion check {path}", err=True)


@suasion.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
@click.option("--experiments", is_flag=True, help="The schema of experiments instead.")
def schema(out: Path | None, experiments: bool) -> None:
    """Print the JSON Schema of scenarios or experiments, which lets an editor complete keys and mark faults.

    \b
    Example:
      suasion schema --out scenario.schema.json
    """
    import json

    from sim.scenario.editors import json_schema, json_schema_of_experiments

    _print(json.dumps(json_schema_of_experiments() if experiments else json_schema(), indent=2) + "\n", out)


def _print(text: str, out: Path | None) -> None:
    """Put a text on the screen or into a file."""
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        from sim.scenario.faults import SuasionError

        fault = SuasionError(f"{out} cannot be written: {error.strerror}")
        fault.exit_code = 5
        raise fault from None
    click.echo(f"{out} is written", err=True)


@suasion.command()
@click.argument("scenario", type=click.Path(path_type=Path), default=Path("scenarios/western_balkans_2017.yaml"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
def odd(scenario: Path, out: Path | None) -> None:
    """Print the model's description after the ODD protocol, with the tables of SCENARIO.

    \b
    Example:
      suasion odd --out docs/odd.md
    """
    from sim.odd import page

    _print(page(sim.read_scenario(scenario)), out)


@suasion.command()
@click.argument("subject", required=False)
@click.argument("scenario", type=click.Path(path_type=Path), default=Path("scenarios/western_balkans_2017.yaml"))
@click.option("--coverage", is_flag=True, help="The inventory of the documents: where each row lives and what shows it.")
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
def evidence(subject: str | None, scenario: Path, coverage: bool, as_json: bool) -> None:
    """Say why a number has its value, and what the documents say of an actor, a claim or an event.

    SUBJECT is a path, a part of one, an actor, a channel, a claim (T19), an event, or lines of a document (B61-62).

    \b
    Examples:
      suasion evidence countries.serbia.opinion.russia
      suasion evidence T19
      suasion evidence --coverage
    """
    import json

    from sim import evidence_answers, evidence_telling
    from sim.evidence import read_seeds
    from sim.numbers import TABLE

    known, seeds = sim.read_scenario(scenario), read_seeds()
    if coverage:
        found = evidence_telling.coverage(known, seeds)
    elif subject:
        found = evidence_answers.answer(subject, known, seeds, [(entry.template, entry.chapter) for entry in TABLE])
    else:
        found = evidence_answers.overview(known, seeds)
    text = evidence_telling.coverage_told if coverage else evidence_telling.told
    click.echo(json.dumps(found, indent=2) if as_json else text(found))


for command in (*cli_runs.COMMANDS, *cli_policies.COMMANDS, cli_dashboard.dashboard, cli_claims.claims, *cli_why.COMMANDS):
    suasion.add_command(command)


def open_streams() -> None:
    """Gives a program that was started with closed streams others, so that no file of ours takes their numbers and words go nowhere."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))


def main() -> None:
    """Run the command line."""
    open_streams()
    suasion(prog_name="suasion")
