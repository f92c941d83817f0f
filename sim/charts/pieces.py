"""Pieces of the pages that a notebook shows: strangers' words made safe, tables, and drawings that hold their data.

A notebook may strip styles and drawings from pages that it does not trust, so looks stand on the elements themselves and drawings are
images.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from sim.charts.style import literal
from sim.charts.words import count

# The most of anything that a page shows, so that the page of a large world is no larger than that of a small one.
MOST = {"countries": 15, "columns": 8, "panels": 3, "months": 120, "factors": 12, "points": 6, "outcomes": 4, "changes": 8, "arms": 3}
LONGEST = 80
LEFT, CELL = "text-align:left;", "text-align:left;vertical-align:top;padding:.25em .7em .25em 0;"
SOFT = "opacity:.7;font-size:90%;"
# Letters that an address in double quotes may hold as they are.
PLAIN = " =()!*'/,;:"


def said(words: object, longest: int = LONGEST) -> str:
    """Anybody's words as text of a page: one line, cut to a length, with nothing in it that a browser would obey."""
    return escape(cut(words, longest))


def cut(words: object, longest: int = LONGEST) -> str:
    """Anybody's words on one line, no longer than asked."""
    line = literal(words)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def block(parts: Sequence[str]) -> str:
    """The parts of a page, as wide as its cell and no wider than a column of text."""
    return f'<div style="max-width:960px;overflow-x:auto;{LEFT}">\n' + "\n".join(part for part in parts if part) + "\n</div>"


def line(html: str, looks: str = "") -> str:
    """A paragraph."""
    return f'<p style="{LEFT}{looks}">{html}</p>'


def head(title: str, facts: Sequence[str], longest: int = 200) -> str:
    """The title in bold, and under it the facts."""
    return line(f"<strong>{said(title, longest)}</strong><br>{' · '.join(said(fact, 200) for fact in facts)}")


def many(number: int, noun: str) -> str:
    """So many of something."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def unseen(number: int, noun: str, where: str) -> str:
    """That there is more, and where; nothing where there is not."""
    return f"{count(number).capitalize()} more {noun}{'' if number == 1 else 's'} {where}." if number > 0 else ""


def failed(statuses: Mapping[str, int], error: str = "") -> str:
    """Runs that failed, by what became of them, with the first error; nothing where all went well."""
    total = sum(statuses.values())
    kinds = ", ".join(f"{times:,} {status}" for status, times in sorted(statuses.items()))
    first = f" The first: {said(error, 300)}" if error else ""
    return line(f"<strong>{total:,} failed</strong> and left out ({said(kinds)}).{first}") if total else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, more: str = "") -> str:
    """A table of cells that are HTML already; the first of each row names it. Nothing where there are no rows."""
    if not rows:
        return ""
    columns = "".join(f'<th scope="col" style="{CELL}">{words}</th>' for words in heads)
    lines = [f'<table><caption style="{LEFT}{SOFT}caption-side:top;">{said(caption, 300)}</caption>']
    lines.append(f"<thead><tr>{columns}</tr></thead><tbody>")
    for first, *cells in rows:
        others = "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells)
        lines.append(f'<tr><th scope="row" style="{CELL}">{first}</th>{others}</tr>')
    lines.append("</tbody></table>")
    return "\n".join([*lines, line(said(more), SOFT)] if more else lines)


def softly(words: str) -> str:
    """Words of less weight; they are HTML already."""
    return f'<span style="{SOFT}font-weight:normal">{words}</span>'


def bracketed(words: str) -> str:
    """A value, and the interval in brackets after it with less weight."""
    value, bracket, rest = words.partition(" (")
    return f'{said(value)} <span style="{SOFT}white-space:nowrap">({said(rest)}</span>' if bracket else said(words)


def drawing(svg: str, words: str, looks: str) -> str:
    """A drawing as an image that holds its data, with words for those who do not see it."""
    data = quote(svg.replace("\n", " ").replace('"', "'"), safe=PLAIN)
    return f'<img src="data:image/svg+xml,{data}" alt="{said(words, 300)}" style="{looks}">'
