"""The page on the model names the rules that there are, all of them and no others."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import sim
import sim.rules

PAGE = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)\(\)`", PAGE)))
RULES = sorted(module.name for module in pkgutil.iter_modules(sim.rules.__path__))


def public_functions(name: str) -> list[str]:
    module = importlib.import_module(f"sim.rules.{name}")
    functions = inspect.getmembers(module, inspect.isfunction)
    return [f"{name}.{function}" for function, body in functions if body.__module__ == module.__name__ and not function.startswith("_")]


def found(dotted: str) -> bool:
    """Whether a name such as leverage.floor is a function of the rules, or of the package itself."""
    place, _, function = dotted.rpartition(".")
    for package in ("sim.rules", "sim"):
        try:
            module = importlib.import_module(f"{package}.{place}")
        except ModuleNotFoundError:
            continue
        if inspect.isfunction(getattr(module, function, None)):
            return True
    return False


@pytest.mark.parametrize("module", RULES)
def test_every_public_function_of_a_rule_is_named_on_the_page(module: str) -> None:
    missing = [name for name in public_functions(module) if name not in NAMED]
    assert not missing, f"docs/model.md does not name {', '.join(missing)}"


def test_the_page_names_functions_at_all() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize("name", NAMED)
def test_every_function_named_on_the_page_exists(name: str) -> None:
    assert found(name), f"docs/model.md names {name}(), which does not exist"
