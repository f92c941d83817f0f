"""The page about all claims: what was tried, what came of it, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.claims.plan import Examined
from sim.claims.summary import CAUTION, summary_told
from sim.claims.tables import contrast_told
from sim.claims.trials import CAPACITY, Found, Trial
from sim.claims.variants import AS_IT_IS, VARIANTS
from sim.scenario.claim_file import Expectation

HOW = """\
Each claim is a contrast of arms: the same histories, with the same luck, under treatments that differ in one thing. What is measured,
which way it should move and how far at least was written into the claim's file before any run. An effect is the mean over histories of
the contrast, with its 95% interval. A claim is supported when every expectation of it lies wholly beyond the least effect that counts,
refuted when one lies wholly short of it, and undecided else. A claim that something makes no difference needs a power check besides: the
same contrast with Russia's capacity scaled by 1.5, 2, 3, 5 and 10 has to leave the bound, or else the coupling is too weak to speak of.

Some claims hold because the model was built or its numbers coded that way. They are tried all the same, for their size, and are not
counted as findings. `draws` is the share of histories, each with its own draw of the uncertain numbers, in which all of it holds."""


def page(examined: Sequence[Examined], command: str) -> str:
    """The page as Markdown, made by a command."""
    readings = list(dict.fromkeys(reading for each in examined for reading in each.trials))
    parts = [
        "# The claims of the documents, tried\n",
        f"This page is made by `{command} --page FILE`; it is not written by hand.\n",
        f"{CAUTION}\n",
        f"{HOW}\n",
        "## What came out\n",
        "\n".join(f"- {line}" for line in summary_told(examined).splitlines()) + "\n",
    ]
    for title, wanted in (("Findings, some in part by construction", True), ("By construction or by coding", False)):
        chosen = [each for each in examined if each.is_finding is wanted]
        if chosen:
            parts += [f"## {title}\n", _table(chosen, readings)]
    parts += ["## Claim by claim\n", *(_told(each) for each in examined)]
    robust = next((each for each in examined if each.base is not None), None)
    if robust is not None and robust.base is not None:
        titles = "; ".join(variant.title for name, variant in VARIANTS.items() if name != AS_IT_IS)
        parts += ["## Other forms of the model\n", f"Each claim was tried again, with {robust.base.runs} runs an arm, under: {titles}.\n"]
    return "\n".join(parts)


def _table(examined: Sequence[Examined], readings: Sequence[str]) -> str:
    head = ["claim", "says", "standing", *readings, "draws"]
    lines = [_line(head), _line(["---"] * len(head))]
    for each in examined:
        verdicts = [each.trials[reading].verdict if reading in each.trials else "-" for reading in readings]
        verdicts = verdicts if each.trials else ["not expressible", *["-"] * (len(readings) - 1)]
        draws = f"{each.main.holds_in:.0%}" if each.main is not None else "-"
        lines.append(_line([each.claim.id, _plain(_says(each)), each.standing, *verdicts, draws]))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _says(each: Examined) -> str:
    return each.coded.claim if each.coded is not None else each.claim.title


def _told(each: Examined) -> str:
    """One claim: its words, what was expected, what came, and why."""
    sure = f", the source {each.coded.sure}" if each.coded is not None and each.coded.sure else ""
    refs = f" ({', '.join(each.coded.refs)})" if each.coded is not None else ""
    lines = [f"### {each.claim.id}: {each.verdict}\n", f"{_says(each)}{refs} Standing: {each.standing}{sure}.\n"]
    if each.claim.not_expressible:
        return "\n".join([*lines, f"The model cannot express it: {each.claim.not_expressible.strip()}\n"])
    if each.claim.note:
        lines.append(f"{each.claim.note.strip()}\n")
    lines += [*_expectations(each), ""]
    if each.control is not None:
        told = "changes" if each.is_changed_by_labels else "stays"
        lines.append(f"With countries' numbers changed about under their names the verdict {told} ({each.control.verdict}).\n")
    if each.fragile:
        lines.append(f"Fragile: the verdict turns over with {', '.join(VARIANTS[name].title for name in each.fragile)}.\n")
    return "\n".join(lines)


def _expectations(each: Examined) -> Iterator[str]:
    for reading, trial in each.trials.items():
        for found in trial.found:
            yield _found(reading, trial, found)


def _found(reading: str, trial: Trial, found: Found) -> str:
    """One expectation over one reading as a line of a list."""
    asked, effect = found.expectation, found.effect
    about = asked.about or asked.measure
    interval = f" ({effect.low:.3g} to {effect.high:.3g})" if math.isfinite(effect.low) else ""
    why = f", {found.judgement.why}" if found.judgement.why else ""
    line = f"- {reading}: {about}: {asked.measure}, {contrast_told(asked.weights)}, {expected(asked)}: "
    line += f"{effect.value:.3g}{interval}, {found.judgement.verdict}{why}; holds in {found.holds_in:.0%} of {trial.runs} draws"
    if found.power:
        left = next((check for check in found.power if check.leaves), None)
        told = (
            f"first leaves the bound at {left.multiple:g} times"
            if left is not None
            else f"stays inside up to {found.power[-1].multiple:g} times"
        )
        line += f"; power check: {told} `{CAPACITY}`"
    return line


def expected(asked: Expectation) -> str:
    """What is expected, in words: at least +0.05, within 0.1 of none, above 0.5."""
    match asked.kind:
        case "sign":
            return f"expected {asked.sign}{asked.least:g} or beyond"
        case "within":
            return f"expected within {asked.within:g} of none"
        case "above":
            return f"expected above {asked.above:g}"
        case _:
            return f"expected below {asked.below:g}"
