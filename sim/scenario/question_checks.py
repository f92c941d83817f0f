"""Whether what an experiment asks of its points fits its design, its arms and the actors of its world."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.faults import FaultList, Mark, meant, shown
from sim.scenario.nodes import Listing, Mapping
from sim.scenario.references import child, children, named, word
from sim.scenario.schema import Scenario

# Designs whose points are spread over the whole space of their factors.
SPREAD = ("latin_hypercube", "sobol", "list")
OWNERS_WITHOUT_GOALS = "owners of policies need goals to choose by: goals: [{outcome: ..., better: higher}]"
# The column of a month that may never come.
MONTH = ".month"
COLUMNS = (("discover", "outcome"), ("tipping", "outcome"), ("goals", "*", "outcome"))


def asked_columns(own: Mapping) -> Iterator[tuple[str, Mark, str]]:
    """Columns of outcomes that questions are about, each with its mark and path."""
    for place in COLUMNS:
        yield from named(own, place)


def check_questions(own: Mapping, faults: FaultList) -> None:
    """Note every question that the design or the arms of a file cannot answer."""
    method = word(child(own.values.get("design"), "method")) or ""
    discover, tipping = own.values.get("discover"), own.values.get("tipping")
    if isinstance(discover, Mapping):
        _check_discover(discover, own.keys["discover"], method, faults)
    if isinstance(tipping, Mapping) and (method != "grid" or len(children(own, "factors")) != 1):
        told = "a tipping point lies along one lever; it needs design: {method: grid} and exactly one factor"
        faults.add(own.keys["tipping"], "E054", "tipping", told)
    goals = own.values.get("goals")
    if "owners" in own.keys and goals is None:
        faults.add(own.keys["owners"], "E054", "owners", OWNERS_WITHOUT_GOALS)
    if isinstance(goals, Listing) and goals.items:
        _check_policies(own, faults)
        _check_twice(goals, faults)
    for column, mark, path in asked_columns(own):
        if column.endswith(MONTH):
            told = f"'{shown(column)}' is a month that may never come, so it has no mean; ask for {shown(column.removesuffix(MONTH))}.end"
            faults.add(mark, "E054", path, told)


def _check_twice(goals: Listing, faults: FaultList) -> None:
    """No actor wants something of one outcome twice: it would count double, or against itself."""
    seen = set[tuple[str | None, str | None]]()
    for number, goal in enumerate(goals.items):
        named_by = (word(child(goal, "outcome")), word(child(goal, "for")))
        if named_by in seen and named_by[0] is not None:
            whose = f"'{shown(named_by[1])}'" if named_by[1] is not None else "everybody"
            faults.add(goal.mark, "E042", f"goals[{number}]", f"{whose} has a goal for '{shown(named_by[0])}' twice; leave one out")
        seen.add(named_by)


def _check_discover(discover: Mapping, mark: Mark, method: str, faults: FaultList) -> None:
    """Cases are those on one side of one level, among points spread over the space."""
    ends = [key for key in ("below", "above") if key in discover.values]
    if len(ends) != 1:
        found = "both" if ends else "none"
        faults.add(
            discover.mark, "E054", "discover", f"needs exactly one of below and above: which side of a level is asked for; found {found}"
        )
    if method not in SPREAD:
        told = f"points spread over all factors are needed: a design {', '.join(SPREAD[:-1])} or {SPREAD[-1]}"
        faults.add(mark, "E054", "discover", f"{told}, found {method or 'none'}")


def _check_policies(own: Mapping, faults: FaultList) -> None:
    """Policies are arms with owners, beside an arm that nobody owns; every owner has a goal."""
    arms, owners = own.values.get("arms"), own.values.get("owners")
    names = list(arms.values) if isinstance(arms, Mapping) else []
    owned = owners.values if isinstance(owners, Mapping) else {}
    if not owned:
        told = "goals compare policies; say whose each arm is, as in owners: {more_outreach: eu}, and leave one arm without an owner"
        faults.add(own.keys["goals"], "E041", "owners", told)
        return
    assert isinstance(owners, Mapping)
    if not names:
        told = "goals compare policies, which are arms, and there are none: arms: {as_it_is: {}, more_outreach: {set: {...}}}"
        faults.add(own.keys["goals"], "E041", "arms", told)
    for arm, mark in owners.keys.items():
        if arm not in names and names:
            guess = meant(arm, names)
            told = f"no arm called '{shown(arm)}'" + (f" (did you mean {guess}?)" if guess else f"; arms are {', '.join(names[:12])}")
            faults.add(mark, "E040", f"owners.{arm}", told)
    if names and all(name in owned for name in names):
        told = "every arm has an owner; one arm must be nobody's, the world as it is without a policy: as_it_is: {}"
        faults.add(own.keys["owners"], "E054", "owners", told)
    wanted = {word(child(goal, "for")) for goal in children(own, "goals")}
    for arm, node in owned.items():
        owner = word(node)
        if owner is not None and owner not in wanted and None not in wanted:
            guess = meant(owner, [known for known in wanted if known is not None])
            told = f"'{shown(owner)}' has no goal to choose by; add one: {{outcome: ..., better: higher, for: {shown(owner)}}}"
            told += f" (did you mean {shown(guess)}?)" if guess else ""
            faults.add(node.mark, "E041", f"owners.{arm}", told)


def check_actors(own: Mapping, scenario: Scenario, faults: FaultList) -> None:
    """Note every owner of a policy or a goal who is no power and no country of the world."""
    known = [*scenario.powers, *scenario.countries]
    owners = own.values.get("owners")
    found: list[tuple[str, Mark, str]] = list(named(own, ("goals", "*", "for")))
    if isinstance(owners, Mapping):
        each = ((word(node), node.mark, f"owners.{arm}") for arm, node in owners.values.items())
        found += [(name, mark, path) for name, mark, path in each if name is not None]
    for name, mark, path in found:
        if name not in known:
            guess = meant(name, known)
            told = f"no power or country called '{shown(name)}'" + (
                f" (did you mean {guess}?)" if guess else f"; known: {', '.join(known[:12])}"
            )
            faults.add(mark, "E040", path, told)
