"""Sizes, names and docstrings: what a reader can rely on when opening any file of the package."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES_A_FILE = 350
MOST_LINES_A_FUNCTION = 50
FORBIDDEN_STARTS = ("get_", "compute_", "handle_")
FORBIDDEN_WORDS = {"manager", "helper", "helpers", "utils", "util", "misc"}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
PROSE_AND_CODE = {".py", ".md", ".yaml", ".yml", ".toml", ".cff", ".js", ".css", ".html", ".txt"}

SOURCES = sorted((ROOT / "sim").rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in SOURCES]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def definitions(path: Path) -> Iterator[Definition]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Definition))


def public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The public classes and functions of a module with the public methods of its public classes."""
    for child in node.body:
        if not isinstance(child, Definition) or child.name.startswith("_"):
            continue
        marks = {ast.unparse(each).split(".")[-1] for each in child.decorator_list}
        if marks & {"overload", "setter", "override"}:
            continue
        yield child
        if isinstance(child, ast.ClassDef):
            yield from public(child)


def words(name: str) -> set[str]:
    """The words of a name: BlockManager and block_manager are both block and manager."""
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def is_forbidden(name: str) -> bool:
    if name.startswith("__"):  # named by Python or a library
        return False
    return name.lstrip("_").startswith(FORBIDDEN_STARTS) or bool(words(name) & FORBIDDEN_WORDS)


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES_A_FILE, f"{lines} lines; split it by what its parts are for"


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_function_can_be_seen_at_once(path: Path) -> None:
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in definitions(path) if not isinstance(node, ast.ClassDef)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_A_FUNCTION} == {}


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_names_say_what_a_thing_is(path: Path) -> None:
    names = [path.stem, *(node.name for node in definitions(path))]
    assert [name for name in names if is_forbidden(name)] == []


def test_a_forbidden_name_would_be_found() -> None:
    assert all(map(is_forbidden, ["get_share", "_compute_share", "handle_fault", "BlockManager", "yaml_utils", "misc"]))
    assert not any(map(is_forbidden, ["target_share", "budget", "managed", "forget_promises", "together"]))


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_everything_public_says_what_it_is(path: Path) -> None:
    module = tree(path)
    silent = [node.name for node in public(module) if not ast.get_docstring(node)]
    assert ast.get_docstring(module), "the file does not say what it is for"
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    folders = ("sim", "tests", "scenarios", "experiments", "seeds", "benchmarks", "docs", "examples", ".")
    files = {path for folder in folders for path in (ROOT / folder).glob("*" if folder == "." else "**/*") if path.suffix in PROSE_AND_CODE}
    marked = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(files)
        if "_build" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert marked == []
