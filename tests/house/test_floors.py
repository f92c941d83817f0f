"""The floors of the package: a room imports from floors below its own or from its floor-mates, and never in a circle."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SIM = Path(__file__).parents[2] / "sim"
ROOF = 8
FLOORS: dict[int, tuple[str, ...]] = {
    0: ("axes", "draws", "arrays", "showing"),
    1: ("scenario", "evidence", "evidence_answers", "evidence_telling"),
    2: ("world", "fields", "doings", "chapters", "numbers", "roster", "rules", "watching"),
    3: ("model", "turn", "lanes", "dated", "settling", "agents", "chronicle", "retelling", "record", "outcomes", "summary"),
    4: ("runs",),
    5: ("analysis", "why", "claims"),
    6: ("charts",),
    7: ("dashboard",),
    ROOF: (
        "cli",
        "cli_claims",
        "claiming",
        "cli_dashboard",
        "cli_options",
        "cli_policies",
        "choosing",
        "cli_runs",
        "cli_why",
        "explaining_why",
        "running",
        "sweeping",
        "comparing",
        "reporting",
        "telling",
        "facts",
        "odd",
        "__init__",
        "__main__",
    ),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}


@dataclass(frozen=True)
class Import:
    """One module named by an import statement."""

    of: str
    line: int
    at_load: bool  # not inside a function and not for type checkers only


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(SIM.rglob("*.py")):
        parts = path.relative_to(SIM.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def floor_of(module: str) -> int:
    return FLOOR_OF[room_of(module)]


def statements(node: ast.AST, at_load: bool = True) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, at_load
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            later = later or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            yield from statements(child, at_load and not later)


def named_by(statement: ast.Import | ast.ImportFrom, module: str, is_package: bool, known: frozenset[str]) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    source = statement.module or ""
    if statement.level:
        here = module.split(".") if is_package else module.split(".")[:-1]
        source = ".".join([*here[: len(here) - statement.level + 1], *([source] if source else [])])
    inside = [f"{source}.{alias.name}" for alias in statement.names]
    # `from sim.rules import contest` names a module, `from sim.axes import Array` a name in one.
    return [name if name in known else source for name in inside]


@cache
def imports_of(module: str) -> tuple[Import, ...]:
    path = modules()[module]
    found = []
    for statement, at_load in statements(ast.parse(path.read_text(encoding="utf-8"))):
        for name in named_by(statement, module, path.name == "__init__.py", frozenset(modules())):
            found.append(Import(name, statement.lineno, at_load))
    return tuple(found)


def is_ours(name: str) -> bool:
    return name == "sim" or name.startswith("sim.")


def importers_of(library: str) -> set[str]:
    return {module for module in modules() for each in imports_of(module) if each.of.split(".")[0] == library}


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """The first circle of a graph, or an empty list."""
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> list[str]:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return []
        for following in sorted(graph.get(node, ())):
            if circle := walk(following, [*way, node]):
                return circle
        done.add(node)
        return []

    return next((circle for node in sorted(graph) if (circle := walk(node, []))), [])


def test_every_module_has_a_floor() -> None:
    homeless = [module for module in modules() if room_of(module) not in FLOOR_OF]
    assert not homeless, f"give these rooms a floor in {Path(__file__).name}: {homeless}"


@pytest.mark.parametrize("module", modules())
def test_a_room_imports_only_from_its_own_floor_and_those_below(module: str) -> None:
    faults = [
        f"{module}:{each.line} (floor {floor_of(module)}) imports {each.of} (floor {floor_of(each.of)})"
        for each in imports_of(module)
        if is_ours(each.of) and floor_of(each.of) > floor_of(module)
    ]
    assert not faults, "\n".join(faults)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {each.of for each in imports_of(module) if each.at_load and is_ours(each.of)} - {module} for module in modules()}
    circle = circle_in(graph)
    assert not circle, " -> ".join(circle)


def test_a_circle_would_be_found() -> None:
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_only_the_scenario_room_reads_yaml() -> None:
    assert {room_of(module) for module in importers_of("yaml")} <= {"scenario"}


def test_only_floor_three_knows_mesa() -> None:
    assert {floor_of(module) for module in importers_of("mesa")} <= {3}


def test_only_charts_draw() -> None:
    assert {room_of(module) for module in importers_of("matplotlib")} <= {"charts"}
