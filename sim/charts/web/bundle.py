"""The drawing scripts as one plain script, for a page that is a single file and cannot load modules."""

from __future__ import annotations

import re
from importlib.resources import files

# In the order in which they need each other.
MODULES = ("svg.js", "colours.js", "scales.js", "plot.js", "fan.js", "ribbons.js", "land.js", "history.js", "keep.js")
NAME = "suasion"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)


def one_script() -> str:
    """All drawing scripts in one, which makes `suasion.fan`, `suasion.map` and the rest; nothing in it ends a script element early.

    The modules keep two rules for this: an import names everything on one line, and no two use one name at their top.
    """
    bodies, names = [], []
    for module in MODULES:
        text = files("sim.charts").joinpath("web", module).read_text(encoding="utf-8")
        names += _EXPORT.findall(text)
        bodies.append(_EXPORT.sub("", _IMPORT.sub("", text)))
    whole = f"const {NAME} = (() => {{\n" + "\n".join(bodies) + f"\nreturn {{ {', '.join(names)} }};\n}})();\n"
    return whole.replace("</", "<\\/")
