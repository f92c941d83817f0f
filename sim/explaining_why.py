"""Why, as a user meets it: which mechanisms carry a difference between two folders, and the chain behind an event of one history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from sim.analysis.intervals import of_mean
from sim.analysis.names import Spoken, outcome_spoken
from sim.runs.standing import DirectoryFault, refuse_unfit
from sim.scenario.faults import SuasionError, shown
from sim.telling import Telling
from sim.why.chain import Chain, Link, event_months
from sim.why.folders import Finished
from sim.why.history import history_of
from sim.why.mechanisms import OWN
from sim.why.mediation import ORDERS, RUNS, WHOLE, WORKERS, Effort, Mediation, changed_paths, mediation
from sim.why.wording import amount, large, listed, month_meant, month_said, month_written

# Changed numbers named, and mechanisms named in the sentences; a part is worth a sentence from this share of the difference on.
MOST_CHANGES, MOST_NAMED, WORTH_NAMING = 4, 4, 0.05
# What a mechanism pinned alone must bring of the whole to be told as a link of a chain.
NEARLY_ALL, COUNTS = 0.8, ("none", "one", "two", "three", "four")
# Other outcomes proposed where the asked one does not differ.
MOST_SUGGESTED = 3


@dataclass(frozen=True)
class Wish:
    """What the command line asks for, besides folders and outcome."""

    runs: int | None = None
    orders: int | None = None
    workers: int = WORKERS
    run: int | None = None
    event: str | None = None
    at: str | None = None
    as_json: bool = False
    out: Path | None = None


def why_from_words(words: tuple[str, ...], wish: Wish) -> None:
    """What `suasion why` does with its words.

    Raises: SuasionError for words that are neither a difference nor an event, and whatever the folders are refused for.
    """
    if wish.out is not None:
        refuse_unfit(wish.out, make_parents=True)
    if wish.event is not None and (wish.runs is not None or wish.orders is not None):
        raise SuasionError("--runs and --orders go with a difference between two folders; --event asks about one history")
    if wish.event is None and len(words) == 3:
        if wish.run is not None or wish.at is not None:
            raise SuasionError("--run and --at go with --event, which asks about one history of one folder")
        _tell_difference(Path(words[0]), Path(words[1]), words[2], wish)
    elif wish.event is not None and len(words) == 1:
        _tell_event(Path(words[0]), wish.event, wish)
    else:
        raise SuasionError(
            "say either two folders and an outcome (suasion why OUT_A OUT_B serbia.eu_stage.end), or one folder, a run and an event "
            f"(suasion why OUT --run 17 --event coup_plot); found {len(words)} {'word' if len(words) == 1 else 'words'} "
            f"{'with' if wish.event is not None else 'without'} --event"
        )


def _tell_difference(path_a: Path, path_b: Path, column: str, wish: Wish) -> None:
    a, b = Finished.read(path_a), Finished.read(path_b)
    if a.seed != b.seed:
        raise DirectoryFault(
            f"{path_a} has seed {a.seed} and {path_b} has seed {b.seed}, so their histories do not share their luck; "
            f"make one of them anew with --seed {a.seed}"
        )
    runs = np.intersect1d(a.well(a.runs), b.well(b.runs))[: wish.runs or RUNS]
    if wish.runs is not None and len(runs) < wish.runs:
        raise DirectoryFault(f"the folders share {len(runs)} runs that went well, fewer than --runs {wish.runs}")
    with Telling(f"why {shown(column)}", len(runs)) as telling:

        def progress(done: int, hybrids: int) -> None:
            telling.progress(done * len(runs), hybrids * len(runs))

        found = mediation(a.scenario, b.scenario, column, runs, a.seed, Effort(wish.orders or ORDERS, wish.workers, progress))
    if not found.dropped:
        a.refuse_other(column, runs, found.base)
        b.refuse_other(column, runs, found.other)
    spoken = outcome_spoken(a.scenario, column)
    sentences = [*_difference_said(found, spoken, a, b), *_parts_said(found, spoken)]
    if wish.as_json:
        click.echo(json.dumps(_difference_plain(found, a, b, sentences), indent=2))
    else:
        click.echo("\n".join([*sentences, "", *_table_told(found, spoken)] if found.parts is not None else sentences))
    if wish.out is not None:
        _write(wish.out, found, a, b, spoken)


def _difference_said(found: Mediation, spoken: Spoken, a: Finished, b: Finished) -> list[str]:
    """The difference itself, what the arms say differently, and what all runs of the folders say."""
    who, pairs = large(spoken.in_sentence), f"{found.runs} paired runs"
    if found.parts is None:
        said = [f"{who} is the same in {_arm(a)} and {_arm(b)} in each of {pairs}: there is no difference to explain."]
        others = _that_differ(a, b)
        said += [f"Outcomes that do differ: {', '.join(others)}."] if others else []
    else:
        value, low, high = (float(each) for each in found.difference)
        size = f"{_size(abs(value), spoken)} ({_range(low, high, spoken, value < 0)})"
        verb = "rises" if value > 0 else "falls"
        said = [f"{who} {verb} by {size} from {_arm(a)} to {_arm(b)}, over {pairs}."]
        if not found.is_beyond_chance:
            said = [
                f"{who} does not differ beyond chance between {_arm(a)} and {_arm(b)}: {_signed(value, spoken)} "
                f"({_range(low, high, spoken)}), over {pairs}. The parts below are parts of a difference that may be none."
            ]
        said += _all_runs(found, spoken, a, b)
    changes = changed_paths(a.scenario, b.scenario)
    named = [_change_said(*each) for each in changes[:MOST_CHANGES]]
    more = f" and {len(changes) - MOST_CHANGES} more" if len(changes) > MOST_CHANGES else ""
    said.append(f"The arms differ in {', '.join(named)}{more}." if changes else "The arms say the same of the world.")
    return said


def _change_said(path: str, one: object, other: object) -> str:
    """A place where the arms differ, with what each says there."""
    words = path.removeprefix("set.")
    if one is None or other is None:
        return f"{words} ({shown(str(other if one is None else one))} in the {'second' if one is None else 'first'} only)"
    return f"{words} ({shown(str(one))} against {shown(str(other))})"


def _that_differ(a: Finished, b: Finished) -> list[str]:
    """The outcomes that both folders have and that differ most, measured by their own spread."""
    both = [column for column in a.outcomes if column in b.outcomes and not str(column).endswith(".month")]
    change = (b.outcomes[both] - a.outcomes[both]).dropna()
    size = (change.mean() / change.std().replace(0.0, np.inf)).abs()
    return [str(name) for name in size[size > 0].nlargest(MOST_SUGGESTED).index]


def _all_runs(found: Mediation, spoken: Spoken, a: Finished, b: Finished) -> list[str]:
    """What the folders' own tables say, where they hold more runs than were stepped again."""
    if found.column not in a.outcomes or found.column not in b.outcomes:
        return []
    both = (b.outcomes[found.column] - a.outcomes[found.column]).dropna().to_numpy(dtype=np.float64)
    if len(both) <= found.runs:
        return []
    value, low, high = (float(each) for each in of_mean(both))
    return [f"Over all {len(both)} runs of the folders it is {_signed(value, spoken)} ({_range(low, high, spoken)})."]


def _parts_said(found: Mediation, spoken: Spoken) -> list[str]:
    """Who carries the difference, in sentences."""
    if found.parts is None:
        return []
    table = found.table()
    steps = table[~table["mechanism"].isin([OWN, WHOLE])]
    beyond = steps[(steps["low"] > 0) | (steps["high"] < 0)]
    if not found.is_beyond_chance:
        parts = zip(beyond["mechanism"], beyond["part"], strict=True)
        clear = [f"{_said_of(found, name)} ({_signed(part, spoken)})" for name, part in parts]
        said = [f"Parts that show by themselves: {listed(clear)}." if clear else "No part shows by itself."]
        return [*said, _remainder_said(found, spoken)]
    named = beyond[beyond["share"] >= WORTH_NAMING].head(MOST_NAMED)
    if named.empty:
        said = ["No mechanism carries a part that shows."]
    else:
        words = [f"{_said_of(found, name)} ({share:.0%})" for name, share in zip(named["mechanism"], named["share"], strict=True)]
        said = [f"It is carried by {listed(words)}."]
        first = named.iloc[0]
        who = _said_of(found, str(first["mechanism"]))
        rest = float(found.pinned.mean() - found.base.mean()) - float(first["all_but"])
        alone = f"Pinned alone, {who} would bring {_signed(float(first['alone']), spoken)}"
        said.append(f"{alone}; everything but {who} would bring {_signed(rest, spoken)}.")
        links = int((named["alone"] / float(found.difference.value) >= NEARLY_ALL).sum())
        if links > 1:
            said.append(
                f"{large(COUNTS[links])} of these are links of one chain, which share its credit: each pinned alone brings nearly all."
            )
        against = beyond[beyond["share"] <= -WORTH_NAMING]
        if not against.empty:
            said.append(f"Against it work {listed([_said_of(found, str(name)) for name in against['mechanism']])}.")
    still = len(steps) - len(beyond)
    said += [f"{still} of {len(steps)} mechanisms carry nothing that shows."] if still else []
    said.append(_remainder_said(found, spoken))
    said += [f"{found.dropped} runs were left out, in which some hybrid did not stay a number."] if found.dropped else []
    return said


def _remainder_said(found: Mediation, spoken: Spoken) -> str:
    value, low, high = (float(each) for each in found.remainder)
    if not np.any(found.other != found.pinned):
        return "Nothing acts on it directly: with all mechanisms pinned, it is as in the other arm in every run."
    return f"What changed numbers do to it directly, and what it does to itself, is {_signed(value, spoken)} ({_range(low, high, spoken)})."


def _said_of(found: Mediation, name: str) -> str:
    return next(each.said for each in found.cast.mediators if each.name == name)


def _table_told(found: Mediation, spoken: Spoken) -> list[str]:
    """The parts as a table for the screen."""
    head = ("mechanism", "part", "95% interval", "of the whole", "alone", "all but it", "error over runs", "over orders")
    rows = [head]
    for _, row in found.table().iterrows():

        def number(key: str, row: pd.Series = row) -> str:
            value = float(row[key]) * spoken.scale
            return "-" if not np.isfinite(value) else f"{value:.3g}" if abs(value) > 1e-12 else "0"

        share = "-" if not np.isfinite(row["share"]) else f"{row['share']:.0%}".replace("-0%", "0%")
        rows.append(
            (str(row["label"]), number("part"), f"{number('low')} to {number('high')}", share, number("alone"), number("all_but"),
             number("error_runs"), number("error_orders"))
        )  # fmt: skip
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    foot = f"in {spoken.unit or 'its own unit'}; {found.runs} paired runs, {found.orders} orders"
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows] + [foot]


def _difference_plain(found: Mediation, a: Finished, b: Finished, sentences: list[str]) -> dict[str, Any]:
    """The finding as plain data; what is not known is null."""
    rows = found.table().astype(object)
    rows = rows.where(rows.notna(), None)
    changes = [{"path": path, "a": one, "b": other} for path, one, other in changed_paths(a.scenario, b.scenario)]
    return {
        "outcome": found.column, "a": str(a.path), "b": str(b.path), "runs": found.runs, "orders": found.orders, "dropped": found.dropped,
        "base": float(found.base.mean()), "other": float(found.other.mean()), "changes": changes, "sentences": sentences,
        "parts": rows.to_dict(orient="records"),
    }  # fmt: skip


def _write(out: Path, found: Mediation, a: Finished, b: Finished, spoken: Spoken) -> None:
    """The chart with its data, and the table."""
    from sim.charts import why
    from sim.charts.saving import csv_bytes, save, write_whole
    from sim.charts.sheet import Origin

    write_whole(out / "why.csv", csv_bytes(found.table()))
    figure = why.draw(found.table(), Origin(a.scenario, found.runs, a.seed), spoken, (_arm(a), _arm(b)), float(found.base.mean()))
    for path in [out / "why.csv", *save(figure, why.data(found.table()), out / "charts", "why")]:
        click.echo(f"  {path}", err=True)


def _tell_event(path: Path, word: str, wish: Wish) -> None:
    folder = Finished.read(path)
    if wish.run is None or wish.run >= folder.runs:
        found = "no --run" if wish.run is None else f"--run {wish.run}"
        raise SuasionError(f"an event is one history's: give --run from 0 to {folder.runs - 1}; found {found}")
    history = history_of(folder.scenario, folder.seed, wish.run)
    roster, happened = history.roster, event_months(history, word)
    wanted = None if wish.at is None else month_meant(roster, wish.at)
    if wish.at is not None and (wanted is None or not 0 <= wanted < len(history.before)):
        last = month_written(roster, len(history.before) - 1)
        raise SuasionError(f"--at is a month of the history, {month_written(roster, 0)} to {last}; found '{shown(wish.at)}'")
    fitting = [each for each in happened if wanted is None or each[2] == wanted]
    if not fitting:
        when = ", ".join(dict.fromkeys(month_written(roster, month) for *_, month in happened))
        instead = f"; it did in {when}" if when else ""
        at = "" if wanted is None else f" in {month_said(roster, wanted)}"
        raise SuasionError(f"'{shown(word)}' did not happen in run {wish.run}{at}{instead}")
    chain = Chain(history)
    links = [chain.behind_event(at, month) if kind == "event" else chain.behind_deed(at, month) for kind, at, month in fitting[:1]]
    others = [month_written(roster, month) for *_, month in fitting[1:]]
    if wish.as_json:
        click.echo(json.dumps({"folder": str(path), "run": wish.run, "links": [link.plain() for link in links], "also": others}, indent=2))
    else:
        also = [f"It happened again in {', '.join(others)}; --at asks about another time."] if others else []
        click.echo("\n".join([*(line for link in links for line in link.lines()), *also, "", *_causes_told(links)]))
    if wish.out is not None:
        _write_causes(wish.out, links)


def _flat(links: list[Link]) -> list[tuple[int, str, str, str, float]]:
    """Every cause of a chain: depth, month, what it is a cause of, the cause, its share."""
    rows = []
    for link in links:
        rows += [(link.depth, link.month, link.what, cause, share) for cause, share in link.causes]
        rows += _flat(list(link.behind))
    return rows


def _causes_told(links: list[Link]) -> list[str]:
    rows = [("month", "of", "cause", "share"), *((month, what, cause, f"{share:.0%}") for _, month, what, cause, share in _flat(links))]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _write_causes(out: Path, links: list[Link]) -> None:
    from sim.charts.saving import csv_bytes, write_whole

    table = pd.DataFrame(_flat(links), columns=["depth", "month", "of", "cause", "share"])
    click.echo(f"  {write_whole(out / 'why.csv', csv_bytes(table))}", err=True)


def _arm(folder: Finished) -> str:
    return f"'{shown(folder.scenario.title)}'"


def _size(value: float, spoken: Spoken) -> str:
    return f"{amount(value * spoken.scale)} {spoken.unit}".strip()


def _signed(value: float, spoken: Spoken) -> str:
    size = _size(abs(value), spoken)
    return "nothing" if abs(value) < 1e-12 else f"-{size}" if value < 0 else f"+{size}"


def _range(low: float, high: float, spoken: Spoken, turned: bool = False) -> str:
    ends = (-high, -low) if turned else (low, high)
    return " to ".join(amount(end * spoken.scale) for end in ends)
