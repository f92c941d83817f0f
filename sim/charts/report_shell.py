"""The one file that a report is: its style, script and data inside, nothing fetched, nothing run that is not its own."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from sim.charts.style import literal
from sim.charts.web.bundle import NAME, one_script

# In the order in which they need each other.
MODULES = (
    "data.js", "hover.js", "panels.js", "picks.js", "region.js", "explorer.js", "countries.js", "movers.js", "told.js", "numbers.js",
    "main.js",
)  # fmt: skip
_SHARED = re.compile(r'^import \{([^}]*)\} from "\.\./[a-z]+\.js";\n', re.MULTILINE)
_OWN = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
# Letters that end an element, open a comment, break a line of a script, or turn the direction of writing.
_UNSAFE = re.compile("[<>&\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x7f-\x9f]")


def report_script() -> str:
    """The drawing scripts and the report's own as one plain script, which draws the report that it stands in."""
    bodies = [files("sim.charts").joinpath("web", "report", module).read_text(encoding="utf-8") for module in MODULES]
    wanted = sorted({name.strip() for body in bodies for names in _SHARED.findall(body) for name in names.split(",")})
    own = "\n".join(_EXPORT.sub("", _OWN.sub("", _SHARED.sub("", body))) for body in bodies)
    return one_script() + (f"(() => {{\nconst {{ {', '.join(wanted)} }} = {NAME};\n{own}}})();\n").replace("</", "<\\/")


def report_style() -> str:
    """The report's style sheet."""
    return files("sim.charts").joinpath("web", "report", "report.css").read_text(encoding="utf-8")


def embedded(value: Any) -> str:
    """A value as JSON that can stand in a script element: whatever a page or a reader might obey is written as a number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text)


def data_block(id: str, value: Any) -> str:
    """A script element that holds data and runs nothing."""
    return f'<script type="application/json" id="{id}">{embedded(value)}</script>'


def policy(style: str, script: str = "") -> str:
    """What the page may do: its own style and its own script by their digests, drawings inside it, and nothing else."""
    run = f"script-src {digest(script)}; " if script else ""
    return f"default-src 'none'; {run}style-src {digest(style)}; img-src data: blob:; base-uri 'none'; form-action 'none'"


def digest(text: str) -> str:
    """The digest of a script or style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def whole_page(title: str, body: Sequence[str], blocks: Mapping[str, Any], live: bool = True) -> str:
    """The file: head with its policy, the body's parts, blocks of data by id, and the script that draws them where the page is `live`."""
    style, script = report_style(), report_script() if live else ""
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(literal(title))}</title>",
        f"<style>{style}</style>",
    ]
    data = [data_block(id, value) for id, value in blocks.items()]
    own = [f"<script>{script}</script>"] if live else []
    page = ["<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, *data, *own, "</body>", "</html>"]
    return "\n".join(page) + "\n"


def svg_address(svg: str) -> str:
    """A drawing as an address that holds it whole; nothing is fetched."""
    return "data:image/svg+xml," + quote(svg.replace("\n", " ").replace('"', "'"), safe=" =()!*'/,;")


def navigation(parts: Mapping[str, str]) -> str:
    """Links to the parts of the page, by the id of each."""
    items = "".join(f'<li><a href="#{id}">{escape(words)}</a></li>' for id, words in parts.items())
    return f'<nav aria-label="Parts of the report"><ol>{items}</ol></nav>'


def header(title: str, period: str, note: str) -> str:
    """The head of the page: what it is, the scenario's title, when and how many, and its author's note."""
    said = f'\n<p class="soft">{escape(note)}</p>' if note else ""
    return f'<header>\n<p class="brand">Suasion report</p>\n<h1>{escape(title)}</h1>\n<p class="soft">{escape(period)}</p>{said}\n</header>'


def section(id: str, title: str, parts: Sequence[str]) -> str:
    """A part of the page under its heading."""
    inside = "\n".join(part for part in parts if part)
    return f'<section id="{id}" aria-labelledby="{id}-title">\n<h2 id="{id}-title">{escape(title)}</h2>\n{inside}\n</section>'


def paragraph(words: str, soft: bool = False) -> str:
    """A paragraph of plain words."""
    kind = ' class="soft"' if soft else ""
    return f"<p{kind}>{escape(words)}</p>"
