# Everything here needs only python3 (3.11 to 3.13), pip and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup browser run test bench faults docs laws mutants clean FORCE

SCENARIO ?= scenarios/western_balkans_2017.yaml
PYTEST_FLAGS ?=

# The first interpreter of these that is a Python the package supports.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/installed
DOCS_STAMP := .venv/installed-docs

# An environment is known by what it was made from; another pyproject.toml, constraints.txt or Python makes it anew.
MADE_FROM = import hashlib, pathlib, sys; \
	parts = [pathlib.Path(name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]; \
	print(hashlib.sha256(b"\0".join(parts) + sys.version.encode()).hexdigest())

help:
	@echo "make run      simulate $(SCENARIO), draw its charts and write its report"
	@echo "make test     format, lint, types, tests, examples of the pages"
	@echo "make bench    time of the engine and of sweeps"
	@echo "make faults   the fault matrix: each fault injected for real (minutes)"
	@echo "make laws     the properties, tried on many more random scenarios"
	@echo "make mutants  thirty planted bugs: which law catches each (minutes)"
	@echo "make docs     the pages as HTML, in docs/_build"
	@echo "make clean    remove what builds and tests left (not .venv, not out)"

setup: $(STAMP)

$(STAMP): FORCE
	@test -n "$(PYTHON)" || { echo "no Python from 3.11 to 3.13 found; set PYTHON=/path/to/python3" >&2; exit 1; }
	@hash=$$($(PYTHON) -c '$(MADE_FROM)') && \
	if [ "$$(cat $@ 2>/dev/null)" != "$$hash" ]; then \
		echo "setting up .venv (once; again when pyproject.toml or constraints.txt change)" >&2; \
		rm -f $@ $(DOCS_STAMP) && \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' && \
		echo "$$hash" > $@; \
	fi

$(DOCS_STAMP): setup
	@if [ ! -f $@ ]; then \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]' && touch $@; \
	fi

FORCE:

run: setup
	@$(BIN)/suasion run $(SCENARIO)

# The live page is tested in the system's browser. Where there is none, root gets Debian's; without one its tests are skipped, aloud.
NO_BROWSER = NO BROWSER: tests of the live page are skipped; apt-get install chromium, or name one in SUASION_CHROMIUM
browser:
	@for name in $$SUASION_CHROMIUM chromium chromium-browser google-chrome; do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "installing chromium, once" >&2; \
		apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20 >&2; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null \
		&& exit 0; \
	fi; \
	echo "$(NO_BROWSER)" >&2

test: setup browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy sim
	$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST_FLAGS)

bench: setup
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/sweeps.py

faults: setup
	$(BIN)/python benchmarks/faults.py

laws: setup
	$(BIN)/python -m pytest tests/laws --hypothesis-profile=laws $(PYTEST_FLAGS)

mutants: setup
	$(BIN)/python -m tests.planted

docs: $(DOCS_STAMP)
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html
	@echo docs/_build/html/index.html

clean:
	rm -rf build dist docs/_build .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks .coverage htmlcov
	find sim tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
