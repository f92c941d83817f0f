"""Whether a scenario agrees with itself: every name in it exists, every changed number too, and every date lies in its span."""

from __future__ import annotations

from collections.abc import Iterator

from annotated_types import MaxLen

from sim.scenario.changes import check_changes
from sim.scenario.faults import FaultList, Mark, shown, unknown
from sim.scenario.happenings import check_happenings
from sim.scenario.nodes import Listing, Mapping, Node, Scalar
from sim.scenario.scalars import look_alike
from sim.scenario.schema import Scenario

# Where a file names something that stands elsewhere in it: the place, and the section that must have it. A place that ends
# in KEYS names by its keys, one that ends in ITEMS by the items of a list.
KEYS, ITEMS = "(keys)", "(items)"
REFERENCES = (
    (("powers", "*", "drivers", KEYS), "drivers"),
    (("powers", "*", "attention", "distraction", KEYS), "drivers"),
    (("powers", "*", "objectives", "membership", KEYS), "institutions"),
    (("powers", "*", "stakes", KEYS), "countries"),
    (("powers", "*", "skill", KEYS), "channels"),
    (("countries", "*", "dependence", KEYS), "powers"),
    (("countries", "*", "dependence", "*", "channels", KEYS), "channels"),
    (("countries", "*", "aspiration", KEYS), "institutions"),
    (("countries", "*", "membership", KEYS), "institutions"),
    (("countries", "*", "kinship", KEYS), "powers"),
    (("countries", "*", "opinion", KEYS), "powers"),
    (("countries", "*", "permits", KEYS), "powers"),
    (("countries", "*", "neighbours", ITEMS), "countries"),
    (("countries", "*", "part_of"), "countries"),
    (("channels", "*", "effects", "accession", KEYS), "institutions"),
    (("channels", "*", "erodes", KEYS), "channels"),
    (("relays", "*", "country"), "countries"),
    (("relays", "*", "powers", ITEMS), "powers"),
    (("relays", "*", "channels", ITEMS), "channels"),
    (("institutions", "*", "grantor"), "powers"),
    (("gates", "*", "institution"), "institutions"),
    (("gates", "*", "countries", ITEMS), "countries"),
    (("gates", "*", "watches", "condition"), "conditions"),
    (("gates", "*", "watches", "dispute"), "disputes"),
    (("disputes", "*", "parties", ITEMS), "countries"),
    (("disputes", "*", "felt", KEYS), "countries"),
    (("policies", "*", "by"), "powers"),
    (("gates", "*", "watches", "deed"), "deeds"),
    (("gates", "*", "watches", "without"), "deeds"),
    (("deeds", "*", "audience", KEYS), "powers"),
    (("deeds", "*", "pushed", KEYS), "channels"),
    (("events", "*", "where", ITEMS), "countries"),
    (("institutions", "*", "strain", KEYS), "countries"),
    (("disputes", "*", "talks", "hindered_by", ITEMS), "deeds"),
    (("disputes", "*", "talks", "slowed_by", KEYS), "drivers"),
    (("disputes", "*", "talks", "veto"), "powers"),
    (("disputes", "*", "talks", "parties", KEYS), "countries"),
    (("disputes", "*", "talks", "parties", "*", "heeds", KEYS), "powers"),
    (("disputes", "*", "recognition", "of"), "countries"),
    (("linkages", "*", "power"), "powers"),
    (("linkages", "*", "driver"), "drivers"),
    (("linkages", "*", "institution"), "institutions"),
)
ACTORS = ("powers", "channels", "countries", "institutions", "relays")
SECTIONS = (*ACTORS, "drivers", "conditions", "disputes", "gates", "deeds", "events", "linkages")
NOUNS = {
    "powers": "power",
    "channels": "channel",
    "countries": "country",
    "institutions": "institution",
    "drivers": "driver",
    "conditions": "condition",
    "disputes": "dispute",
    "deeds": "deed",
}
# What a country with entities leaves to them, and every other country states.
OWN = (
    *("population", "agency", "pride", "hedging", "fear", "tension", "grievance", "nationalism", "stagnation", "ethnic_tension"),
    *("presence", "resilience", "capture", "false_belief", "literacy", "pickup", "curb"),
)
# Lists in which nothing stands twice.
SETS = (
    ("countries", "*", "neighbours", ITEMS),
    ("relays", "*", "powers", ITEMS),
    ("relays", "*", "channels", ITEMS),
    ("gates", "*", "countries", ITEMS),
    ("outcomes", ITEMS),
)
OWN_BY_POWER = ("kinship", "opinion")
OF_ENTITIES = ("autonomy", "veto")
OF_STATES = ("membership",)
RESERVED_BLOC = "self"

Found = tuple[str, Mark, str]


def fill_usual(root: Mapping) -> None:
    """Give every dependence a number for every channel: where a file names none, its `usual`."""
    channels = section(root, "channels")
    for country in section(root, "countries").values():
        for dependence in children(country, "dependence"):
            usual = child(dependence, "usual")
            if usual is None or not isinstance(dependence, Mapping):
                continue
            named = dependence.values.setdefault("channels", Mapping(usual.mark))
            dependence.keys.setdefault("channels", usual.mark)
            if isinstance(named, Mapping):
                for channel in channels:
                    named.keys.setdefault(channel, usual.mark)
                    named.values.setdefault(channel, usual)


def check_references(root: Mapping, faults: FaultList) -> None:
    """Note everything in a file that contradicts the rest of it."""
    for place, kind in REFERENCES:
        known = list(section(root, kind))
        for name, mark, path in named(root, place):
            if name not in known and not faults.has(mark):
                doubt = look_alike(name)
                code, message = (doubt.code, doubt.message) if doubt else ("E047", unknown(NOUNS[kind], name, known))
                faults.add(mark, code, path, message)
    _check_ids(root, faults)
    _check_blocs(root, faults)
    _check_countries(root, faults)
    _check_ladders(root, faults)
    _check_pairs(root, faults)
    _check_gates(root, faults)
    check_happenings(root, faults)
    check_changes(root, faults)


def check_outcomes(root: Mapping, known: frozenset[str], faults: FaultList) -> None:
    """Note every wanted outcome that does not exist."""
    for name, mark, path in named(root, ("outcomes", ITEMS)):
        if name not in known:
            faults.add(mark, "E040", path, unknown("outcome", name, sorted(known)))


def section(root: Mapping, name: str) -> dict[str, Node]:
    """The entries of a section, none where it is missing or is no mapping."""
    found = root.values.get(name)
    return found.values if isinstance(found, Mapping) else {}


def child(node: Node | None, key: str) -> Node | None:
    """The value under a key, if there is one."""
    return node.values.get(key) if isinstance(node, Mapping) else None


def children(node: Node | None, key: str) -> list[Node]:
    """The values of the mapping or list under a key."""
    found = child(node, key)
    return list(found.values.values()) if isinstance(found, Mapping) else found.items if isinstance(found, Listing) else []


def word(node: Node | None) -> str | None:
    """The text of a node that is text."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def named(root: Node, place: tuple[str, ...], path: str = "") -> Iterator[Found]:
    """The names that stand at a place, each with its mark and path."""
    step, rest = place[0], place[1:]
    if step == KEYS:
        if isinstance(root, Mapping):
            yield from ((key, mark, f"{path}.{key}") for key, mark in root.keys.items())
    elif step == ITEMS:
        if isinstance(root, Listing):
            texts = ((number, word(item), item) for number, item in enumerate(root.items))
            yield from ((text, item.mark, f"{path}[{number}]") for number, text, item in texts if text is not None)
    elif step == "*" and isinstance(root, Listing):
        for number, item in enumerate(root.items):
            yield from named(item, rest, f"{path}[{number}]")
    elif isinstance(root, Mapping):
        for key in list(root.values) if step == "*" else [step]:
            inner, deeper = root.values.get(key), f"{path}.{key}" if path else key
            if inner is not None and rest:
                yield from named(inner, rest, deeper)
            elif inner is not None and (text := word(inner)) is not None:
                yield text, inner.mark, deeper


def _check_ids(root: Mapping, faults: FaultList) -> None:
    """No kind has too many, no two ids of a kind differ only by case or share a stream, and no list names something twice."""
    for kind in SECTIONS:
        entries = root.values.get(kind)
        if not isinstance(entries, Mapping):
            continue
        limit = next((found.max_length for found in Scenario.model_fields[kind].metadata if isinstance(found, MaxLen)), None)
        if limit is not None and len(entries.keys) > limit:
            faults.add(root.keys[kind], "E030", kind, f"{len(entries.keys)} entries; the limit is {limit}")
        seen: dict[str, str] = {}
        streams: dict[str, str] = {}
        for key, mark in entries.keys.items():
            other = seen.setdefault(key.casefold(), key)
            if other != key:
                told = f"'{shown(key)}' and '{shown(other)}' (line {entries.keys[other].line}) differ only by case"
                faults.add(mark, "E042", f"{kind}.{key}", told)
            stream = child(entries.values[key], "stream")
            owner = streams.setdefault(word(stream) or key, key)
            if owner != key:
                at = stream.mark if stream is not None else mark
                told = f"'{shown(key)}' and '{shown(owner)}' would draw the same luck; a stream belongs to one of them"
                faults.add(at, "E042", f"{kind}.{key}.stream", told)
    for place in SETS:
        twice: dict[tuple[str, str], Mark] = {}
        for name, mark, path in named(root, place):
            first = twice.setdefault((path.rpartition("[")[0], name), mark)
            if first != mark:
                faults.add(mark, "E042", path, f"'{shown(name)}' stands twice in this list")


def _check_blocs(root: Mapping, faults: FaultList) -> None:
    """A country's own side is called self; no bloc may be."""
    for name, mark, path in named(root, ("powers", "*", "bloc")):
        if name.casefold() == RESERVED_BLOC:
            faults.add(mark, "E042", path, f"'{RESERVED_BLOC}' is what a country's own side is called; name the bloc otherwise")


def _check_countries(root: Mapping, faults: FaultList) -> None:
    """Entities and states each state what is theirs; neighbours are so both ways."""
    countries = section(root, "countries")
    holder = root.values.get("countries")
    inside = {name: whole for name, country in countries.items() if (whole := word(child(country, "part_of"))) is not None}
    for name, country in countries.items():
        if not isinstance(country, Mapping) or not isinstance(holder, Mapping):
            continue
        path, mark, whole = f"countries.{name}", holder.keys[name], inside.get(name)
        if whole == name:
            faults.add(country.values["part_of"].mark, "E048", f"{path}.part_of", "a country cannot be part of itself")
        elif whole in inside:
            told = f"{shown(whole)} is itself part of {shown(inside[whole])}; entities have no entities"
            faults.add(country.values["part_of"].mark, "E048", f"{path}.part_of", told)
        _check_own(country, path, mark, list(section(root, "powers")), whole is not None, name in inside.values(), faults)
        for number, other in enumerate(children(country, "neighbours")):
            _check_neighbour(name, other, f"{path}.neighbours[{number}]", countries, faults)


def _check_own(country: Mapping, path: str, mark: Mark, powers: list[str], is_entity: bool, has_entities: bool, faults: FaultList) -> None:
    """Whether a country states what it must and nothing that others state for it."""
    unwanted: dict[str, str] = {}
    if has_entities:
        unwanted = dict.fromkeys(
            (*OWN, *OWN_BY_POWER, "permits", *OF_ENTITIES), "this country has entities, which state it; leave it out here"
        )
    elif is_entity:
        unwanted = dict.fromkeys(OF_STATES, "the country that this entity is part of states it; leave it out here")
    else:
        unwanted = dict.fromkeys(OF_ENTITIES, "only an entity (with part_of) has it; leave it out here")
    for key, why in unwanted.items():
        if key in country.keys:
            faults.add(country.keys[key], "E040", f"{path}.{key}", why)
    if has_entities:
        return
    for key in (*OWN, *(OF_ENTITIES if is_entity else ())):
        if key not in country.keys:
            who = "an entity" if is_entity else "a country without entities"
            faults.add(mark, "E041", f"{path}.{key}", f"'{key}' is missing; {who} states it")
    for key in OWN_BY_POWER:
        given = country.values.get(key)
        lacking = [power for power in powers if not isinstance(given, Mapping) or power not in given.keys]
        if lacking and (given is None or isinstance(given, Mapping)):
            told = f"needs a number for every power; missing are {', '.join(map(shown, lacking))}"
            faults.add(country.keys.get(key, mark), "E041", f"{path}.{key}", told)


def _check_neighbour(name: str, node: Node, path: str, countries: dict[str, Node], faults: FaultList) -> None:
    """A neighbour is another country that has this one as its neighbour."""
    other = word(node)
    if other == name:
        faults.add(node.mark, "E048", path, "a country is not its own neighbour")
    elif other in countries and name not in [word(back) for back in children(countries[other], "neighbours")]:
        told = f"{shown(other or '')} does not name {shown(name)} as its neighbour; add it there, or take it out here"
        faults.add(node.mark, "E053", path, told)


def _check_ladders(root: Mapping, faults: FaultList) -> None:
    """The stages that memberships and gates name stand on the institution's ladder."""
    ladders = {name: child(node, "stages") for name, node in section(root, "institutions").items()}
    stages = {name: list(ladder.values) for name, ladder in ladders.items() if isinstance(ladder, Mapping)}
    for country, node in section(root, "countries").items():
        standing = child(node, "membership")
        if isinstance(standing, Mapping):
            for institution, entry in standing.values.items():
                _check_stage(child(entry, "stage"), stages.get(institution), f"countries.{country}.membership.{institution}.stage", faults)
    for gate, node in section(root, "gates").items():
        _check_stage(child(node, "stage"), stages.get(word(child(node, "institution")) or ""), f"gates.{gate}.stage", faults)


def _check_stage(node: Node | None, ladder: list[str] | None, path: str, faults: FaultList) -> None:
    name = word(node)
    if node is not None and name is not None and ladder is not None and name not in ladder:
        faults.add(node.mark, "E047", path, unknown("stage", name, ladder))


def _check_pairs(root: Mapping, faults: FaultList) -> None:
    """Nothing is tied to itself."""
    for dispute, node in section(root, "disputes").items():
        parties = children(node, "parties")
        if len(parties) == 2 and word(parties[0]) is not None and word(parties[0]) == word(parties[1]):
            faults.add(parties[1].mark, "E048", f"disputes.{dispute}.parties[1]", "a dispute needs two different parties")
    for channel, node in section(root, "channels").items():
        erodes = child(node, "erodes")
        if isinstance(erodes, Mapping) and channel in erodes.keys:
            faults.add(erodes.keys[channel], "E048", f"channels.{channel}.erodes.{channel}", "a channel does not erode itself")


def _check_gates(root: Mapping, faults: FaultList) -> None:
    """A gate watches exactly one thing, and opens above where it is shut."""
    for gate, node in section(root, "gates").items():
        watches = child(node, "watches")
        if isinstance(watches, Mapping):
            chosen = [key for key, value in watches.values.items() if not (isinstance(value, Scalar) and value.value is False)]
            if len(chosen) != 1:
                found = ", ".join(map(shown, chosen)) or "none"
                told = f"needs exactly one of condition, deed, without, dispute, aspiration, entities, found {found}"
                faults.add(watches.mark, "E054", f"gates.{gate}.watches", told)
        shut, opened = child(node, "shut"), child(node, "open")
        low, high = _single(shut), _single(opened)
        if opened is not None and low is not None and high is not None and not low < high:
            faults.add(opened.mark, "E031", f"gates.{gate}.open", f"must be above shut ({low:g}), found {high:g}")


def _single(node: Node | None) -> float | None:
    """The number of a node that is a bare number or a value."""
    node = child(node, "value") if isinstance(node, Mapping) else node
    given = node.value if isinstance(node, Scalar) else None
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None
