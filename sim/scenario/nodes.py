"""A file's text as a tree in which every key and value knows its place: YAML 1.2 without aliases, tags and surprises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sim.scenario.faults import FaultList, Mark, shown
from sim.scenario.scalars import Doubt, Value, look_alike, plain_value, unfit_text

DEEPEST = 32
MOST_ENTRIES = 1000
MOST_FAULTS = 100
RAW_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
RAW_HIDDEN = re.compile("[\u2028\u2029\ufeff\ufffe\uffff]")
BRACKETS = re.compile(r"[\[\]{}]")
Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class Scalar:
    """A single value; a refused one has the value nothing."""

    mark: Mark
    value: Value
    text: str
    plain: bool


@dataclass(slots=True)
class Listing:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys, where each stands, and their values."""

    mark: Mark
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)


Node = Scalar | Listing | Mapping


def tree(text: str, file: str, faults: FaultList) -> Mapping | None:
    """The mapping that a file is, or nothing if it cannot be read so far; what is wrong goes to faults."""
    if _unreadable(text, file, faults):
        return None
    root = document(text, file, faults)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        kind = "a list" if isinstance(root, Listing) else "a single value"
        faults.add(root.mark, "E002", "", f"the top level must be a mapping (key: value lines), found {kind}")
        return None
    return root


def document(text: str, file: str, faults: FaultList) -> Node | None:
    """The one document of a text, of any kind."""
    reader = _Reader(file, faults)
    try:
        return reader.document(yaml.parse(text, Loader=Parser))
    except yaml.MarkedYAMLError as error:
        _syntax(error, text, file, faults)
    except yaml.YAMLError as error:
        faults.add(Mark(file, 1, 1), "E003", "", f"cannot be read as YAML: {shown(str(error), 120)}")
    except _Enough:
        pass
    return None


def plain(node: Node) -> Any:
    """A tree as plain values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.values.items()}


def copied(node: Node) -> Node:
    """A tree that can be changed without changing this one; single values are shared, as they never change."""
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Listing):
        return Listing(node.mark, [copied(item) for item in node.items])
    return Mapping(node.mark, {key: copied(value) for key, value in node.values.items()}, dict(node.keys))


class _Enough(Exception):
    """There is no point in reading on."""


class _Reader:
    """Builds the tree out of the parser's events and refuses what a scenario has no use for."""

    def __init__(self, file: str, faults: FaultList) -> None:
        self.file = file
        self.faults = faults

    def document(self, events: Iterator[Any]) -> Node | None:
        """The first document, if it is the only one."""
        self.events = events
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event, "E004", "", "a second document begins here; a file holds one scenario")
                    raise _Enough
            elif not isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                root = self.node(event, (), 1)
        if root is None or (isinstance(root, Scalar) and root.value is None and root.text == "" and root.plain):
            self.faults.add(Mark(self.file, 1, 1), "E001", "", "the file is empty, or holds only comments")
            return None
        return root

    def node(self, event: Any, path: tuple[str, ...], depth: int) -> Node | None:
        """The node that begins with this event."""
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, "E011", _dotted(path), f"aliases are not allowed (*{shown(event.anchor or '')}); write the value out")
            return Scalar(self.mark(event), None, "", True)
        if event.tag is not None:
            self.fault(event, "E014", _dotted(path), f"YAML tags are not allowed ({shown(event.tag)}); nothing is run or included")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if depth > DEEPEST:
            self.fault(event, "E013", "", f"nesting deeper than {DEEPEST} levels")
            raise _Enough
        if isinstance(event, yaml.SequenceStartEvent):
            return self.listing(event, path, depth)
        return self.mapping(event, path, depth)

    def scalar(self, event: Any, path: tuple[str, ...]) -> Scalar:
        """A single value, resolved."""
        mark = self.mark(event)
        text: str = event.value
        plain = bool(event.implicit[0])
        doubt = unfit_text(text)
        value: Value | Doubt = doubt or (plain_value(text) if plain else text)
        if isinstance(value, Doubt):
            self.fault(event, value.code, _dotted(path), value.message)
            value = None
        elif value is None:
            self.fault(event, "E021", _dotted(path), "found nothing here (null); write a value, or leave the key out")
        return Scalar(mark, value, text, plain)

    def listing(self, event: Any, path: tuple[str, ...], depth: int) -> Listing:
        """A list of nodes."""
        found = Listing(self.mark(event))
        for inner in self.events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            item = self.node(inner, (*path[:-1], f"{path[-1] if path else ''}[{len(found.items)}]"), depth + 1)
            if item is not None:
                found.items.append(item)
        self.count(found.mark, path, len(found.items))
        return found

    def mapping(self, event: Any, path: tuple[str, ...], depth: int) -> Mapping:
        """A mapping; every key is text and stands once."""
        found = Mapping(self.mark(event))
        for inner in self.events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            key = self.key(inner, path, depth)
            value = self.node(next(self.events), (*path, key or "?"), depth + 1)
            if key is None or value is None:
                continue
            if key in found.keys:
                told = f"'{shown(key)}' stands here again; it was given at line {found.keys[key].line}"
                self.fault(inner, "E010", _dotted((*path, key)), told)
                continue
            found.keys[key] = self.mark(inner)
            found.values[key] = value
        self.count(found.mark, path, len(found.keys))
        return found

    def key(self, event: Any, path: tuple[str, ...], depth: int) -> str | None:
        """The text of a key, or nothing if it cannot be one."""
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
            self.node(event, (*path, "?"), depth + 1)
            if not isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                self.fault(event, "E016", _dotted(path), "a key must be text, found a list or a mapping")
            return None
        text: str = event.value
        is_plain = bool(event.implicit[0])
        if is_plain and text == "<<":
            self.fault(event, "E011", _dotted((*path, "<<")), "merge keys (<<) are not allowed; write the keys out, or use extends")
            return None
        value = plain_value(text) if is_plain else text
        doubt = unfit_text(text) or look_alike(text)
        if doubt:
            self.fault(event, doubt.code, _dotted((*path, text)), doubt.message)
        elif isinstance(value, Doubt) and value.code == "E020":
            self.fault(
                event,
                "E016",
                _dotted((*path, text)),
                f'a key must be text, and many programs read {text} as something else; write "{text}"',
            )
        elif not isinstance(value, str):
            self.fault(event, "E016", _dotted((*path, text)), f'a key must be text; write "{shown(text)}"')
        return text

    def count(self, mark: Mark, path: tuple[str, ...], entries: int) -> None:
        """Refuse what no scenario needs."""
        if entries > MOST_ENTRIES:
            self.faults.add(mark, "E030", _dotted(path), f"{entries} entries; the limit is {MOST_ENTRIES}")

    def mark(self, event: Any) -> Mark:
        """Where an event begins."""
        start = event.start_mark
        return Mark(self.file, start.line + 1, start.column + 1)

    def fault(self, event: Any, code: str, path: str, message: str) -> None:
        """Note a fault; stop reading a file that is nothing but faults."""
        self.faults.add(self.mark(event), code, path, message)
        if len(self.faults.found) >= MOST_FAULTS:
            raise _Enough


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(path)


def _unreadable(text: str, file: str, faults: FaultList) -> bool:
    """Whether the raw text is refused before a parser sees it: control characters, or too deep."""
    for pattern, code, what in ((RAW_CONTROL, "E006", "a control character"), (RAW_HIDDEN, "E044", "an invisible character")):
        found = pattern.search(text)
        if found:
            faults.add(_mark_at(text, found.start(), file), code, "", f"{what}, U+{ord(found[0]):04X}, is not allowed")
            return True
    deep = _too_deep(text)
    if deep is not None:
        faults.add(_mark_at(text, deep, file), "E013", "", f"nesting deeper than {DEEPEST} levels")
    return deep is not None


def _mark_at(text: str, offset: int, file: str) -> Mark:
    start = text.rfind("\n", 0, offset) + 1
    return Mark(file, text.count("\n", 0, offset) + 1, offset - start + 1)


def _too_deep(text: str) -> int | None:
    """Where brackets or indentation first go deeper than a scenario may."""
    depth = 0
    for bracket in BRACKETS.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            return bracket.start()
    indents: list[int] = []
    offset = 0
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if content and content[0] != "#":
            indent = len(line) - len(content)
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            if len(indents) > DEEPEST:
                return offset + indent
        offset += len(line) + 1
    return None


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str, faults: FaultList) -> None:
    """Say in plain words why the text is no YAML."""
    context, problem = error.context or "", error.problem or "cannot be read"
    opened = error.context_mark
    at = error.problem_mark or opened
    if "quoted scalar" in context and opened is not None:
        at, told = opened, "the quote opened here is never closed"
    elif "flow sequence" in context and opened is not None:
        at, told = opened, f"the list opened here with [ is never closed, or a comma is missing near line {_line(error)}"
    elif "flow mapping" in context and opened is not None:
        at, told = opened, f"the mapping opened here with {{ is never closed, or a comma is missing near line {_line(error)}"
    elif "cannot start any token" in problem:
        line = text.split("\n")[at.line] if at is not None else ""
        is_tab = at is not None and "\t" in line[: at.column + 1]
        told = "a tab indents this line; use spaces" if is_tab else "text that begins with this letter needs quotes"
    elif "mapping values are not allowed" in problem:
        told = "a colon that cannot stand here: quote text that holds ': ', or mend the indentation"
    elif "block mapping" in context or "block collection" in context:
        told = "the indentation does not fit the lines above, or a colon or dash is missing"
    elif "incompatible YAML" in problem or "directive" in context or "incompatible" in problem:
        told = "this YAML version is not known; leave the % line out"
    else:
        told = f"cannot be read as YAML: {shown(problem, 100)}"
    mark = Mark(file, at.line + 1, at.column + 1) if at is not None else Mark(file, 1, 1)
    faults.add(mark, "E003", "", told)


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark is not None else 0
