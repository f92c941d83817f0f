"""The files of the page: its HTML, its styles, its scripts and those of the charts, read once; nothing else can be asked for."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

PAGE = "index.html"
# Where the token stands in the page; it is put there when the page is asked for.
TOKEN_MARK = b"{{token}}"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".geojson": "application/geo+json"}
FOLDERS = (("sim.dashboard", "page"), ("sim.charts", "web"), ("sim.charts", "region"))


def page_files() -> dict[str, tuple[bytes, str]]:
    """Every file that the page is made of: its bytes and its kind, by name."""
    found: dict[str, tuple[bytes, str]] = {}
    for package, folder in FOLDERS:
        inside = files(package) / folder
        for file in _inside(inside):
            kind = KINDS.get(file.name[file.name.rfind(".") :])
            if kind is not None:
                found[file.name] = (file.read_bytes(), kind)
    return found


def _inside(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
