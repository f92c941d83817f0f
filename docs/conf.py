"""How Sphinx builds these pages: Markdown in, HTML out, nothing fetched from a network."""

import tomllib
from pathlib import Path

project = "Suasion"
author = "The Suasion authors"
release = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
version = release

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Suasion {release}"
html_copy_source = False
