"""A scenario over the ones it extends: which file may be read, and how one tree is laid over another."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sim.scenario.faults import FaultList, Mark, shown
from sim.scenario.nodes import Listing, Mapping, Node, Scalar, tree
from sim.scenario.places import TOP, Place
from sim.scenario.schema import Change, Shock

LARGEST = 256 * 1024
MOST_LAYERS = 16
MARKS_OF_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Source:
    """A file of a scenario: what users call it, where it lies, and the folder that `extends` may not leave."""

    name: str
    path: Path | None
    root: Path | None


def shipped_folder() -> Path | None:
    """The folder of the worlds and scenarios that come with the program, if it is there."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "shipped" / "scenarios", package.parent / "scenarios"):
        if folder.is_dir():
            return folder
    return None


def seeds_folder() -> Path | None:
    """The folder of what the documents say, coded in our own words, if it is there."""
    shipped = shipped_folder()
    folder = shipped.parent / "seeds" if shipped is not None else None
    return folder if folder is not None and folder.is_dir() else None


def layered(source: Source, root: Mapping, faults: FaultList) -> Mapping | None:
    """The tree of a file laid over all it extends; nothing if any of that cannot be read."""
    layers, seen = [root], [source]
    while True:
        mark, wanted = root.keys.pop("extends", root.mark), root.values.pop("extends", None)
        if wanted is None:
            break
        parent = _parent(source, wanted, mark, seen, faults)
        text = text_of(parent, faults, wanted.mark) if parent is not None else None
        below = tree(text, parent.name, faults) if parent is not None and text is not None else None
        if parent is None or below is None:
            return None
        source, root = parent, below
        layers.append(root)
        seen.append(source)
    whole: Node = layers.pop()
    while layers:
        whole = merged(whole, layers.pop())
    return whole if isinstance(whole, Mapping) else None


def _parent(source: Source, wanted: Node, key: Mark, seen: list[Source], faults: FaultList) -> Source | None:
    """The file that `extends` names, inside the tree of the file that names it, or among those that come with the program."""
    if not isinstance(wanted, Scalar) or not isinstance(wanted.value, str):
        faults.add(wanted.mark, "E021", "extends", "must be text: the path of a scenario file")
        return None
    word = wanted.value
    refusal = path_refusal(word)
    if refusal:
        faults.add(wanted.mark, "E060", "extends", refusal)
        return None
    found, outside = found_beside(source, word)
    if found is None:
        if outside:
            faults.add(wanted.mark, "E060", "extends", "leads out of the scenario's own folder by a link, or is not a regular file")
        else:
            told = f"'{shown(word)}' is not found beside this file, nor among the worlds that come with the program"
            faults.add(wanted.mark, "E062", "extends", told)
        return None
    if any(found.path == earlier.path for earlier in seen):
        ring = " -> ".join(shown(PurePosixPath(earlier.name).name) for earlier in [*seen, found])
        told = "the file extends itself" if len(seen) == 1 else f"the files extend each other in a ring: {ring}"
        faults.add(wanted.mark, "E061", "extends", told)
        return None
    if len(seen) >= MOST_LAYERS:
        faults.add(wanted.mark, "E061", "extends", f"more than {MOST_LAYERS} files extend each other")
        return None
    return found


def path_refusal(word: str, endings: tuple[str, ...] = (".yaml", ".yml")) -> str:
    """Why a path that a file names is refused before anything is looked at, or nothing."""
    path = PurePosixPath(word)
    if "\\" in word:
        return "write the path with forward slashes"
    if "://" in word or word.split("/")[0].endswith(":"):
        return "must be a file in the scenario's own folder; nothing is fetched"
    if path.is_absolute() or word.startswith("~"):
        return "must be a path inside the scenario's own folder, not an absolute one"
    if ".." in path.parts:
        return "must stay inside the scenario's own folder, without .."
    if path.suffix not in endings:
        return f"must name a {endings[0]} file"
    return ""


def found_beside(source: Source, word: str, among_shipped: bool = True) -> tuple[Source | None, bool]:
    """The file a path leads to, and else whether something is there that may not be read."""
    shipped = shipped_folder() if among_shipped else None
    places: list[tuple[Path, Path]] = []
    if source.path is not None and source.root is not None:
        places.append((source.path.parent, source.root))
    if shipped is not None:
        places.append((shipped, shipped))
    for folder, root in places:
        candidate = folder / word
        if not os.path.lexists(candidate):
            continue
        real = Path(os.path.realpath(candidate))
        if not real.is_relative_to(os.path.realpath(root)) or not real.is_file():
            return None, True
        name = str(PurePosixPath(source.name).parent / word) if folder != shipped or source.root == shipped else word
        return Source(name, real, root), False
    return None, False


def text_of(source: Source, faults: FaultList, mark: Mark | None = None, largest: int = LARGEST) -> str | None:
    """The text of a file: a regular one, of reasonable size, in UTF-8. Units: largest in bytes."""
    mark = mark or Mark(source.name, 0, 0)
    path = source.path
    assert path is not None
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        faults.add(mark, "E062", "", "there is no such file")
        return None
    except OSError as error:
        faults.add(mark, "E060", "", f"cannot be opened: {error.strerror}")
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        faults.add(mark, "E060", "", "is not a regular file")
        return None
    with os.fdopen(handle, "rb") as file:
        given = file.read(largest + 1)
    if len(given) > largest:
        kind = "a scenario file" if largest == LARGEST else "a list"
        faults.add(mark, "E007", "", f"is larger than {largest // 1024} KB, the limit of {kind}")
        return None
    return decoded(given, source.name, faults)


def decoded(given: bytes, name: str, faults: FaultList) -> str | None:
    """Bytes as text: UTF-8 with or without its mark, any line ends."""
    if given.startswith(MARKS_OF_WIDE_TEXT) or b"\x00" in given[:4]:
        faults.add(Mark(name, 1, 1), "E005", "", "the file is UTF-16 or UTF-32; save it as UTF-8")
        return None
    try:
        text = given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = given[: error.start]
        at = Mark(name, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        faults.add(at, "E005", "", f"byte 0x{given[error.start]:02x} at offset {error.start} is not UTF-8; save the file as UTF-8")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def merged(parent: Node, child: Node, place: Place | None = TOP) -> Node:
    """A tree over the one it extends: mappings key by key, dated changes by id; numbers, what-ifs and lists are replaced whole."""
    replaced_whole = place is not None and (place.kind == "number" or place.model is Change)
    if isinstance(parent, Mapping) and isinstance(child, Mapping) and not replaced_whole:
        both = Mapping(child.mark, dict(parent.values), dict(parent.keys))
        for key, value in child.values.items():
            inner = place.step(key) if place is not None else None
            both.values[key] = merged(parent.values[key], value, inner) if key in parent.values else value
            both.keys[key] = child.keys[key]
        return both
    if isinstance(parent, Listing) and isinstance(child, Listing) and place is not None and _is_dated(place.item):
        return _concatenated(parent, child)
    return child


def _is_dated(place: Place | None) -> bool:
    return place is not None and place.model is not None and issubclass(place.model, Shock)


def _concatenated(parent: Listing, child: Listing) -> Listing:
    """The parent's dated changes and the child's, where a child's takes the place of the one with its id."""
    own = {name: item for item in child.items if (name := _id(item)) is not None}
    inherited = {_id(item) for item in parent.items}
    kept = [own.get(_id(item) or "", item) for item in parent.items]
    return Listing(child.mark, kept + [item for item in child.items if _id(item) is None or _id(item) not in inherited])


def _id(item: Node) -> str | None:
    """The id of a dated change, where it has one."""
    given = item.values.get("id") if isinstance(item, Mapping) else None
    return given.value if isinstance(given, Scalar) and isinstance(given.value, str) else None
