# make demo | lab | test: all that a newcomer needs. It takes Python 3.11 to 3.13, pip and make.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help python demo lab dev test test-slow soak test-notebooks chromium widgets lint format coverage bench constraints clean

help:
	@echo 'make demo         load real data, ask a model server about it, show the answers; stops what it started'
	@echo 'make lab          the same in JupyterLab, until Ctrl-C'
	@echo 'make test         all tests, notebooks and a browser included'
	@echo 'make soak         kills, races, storms and faults by the thousand, an hour (KILLS=100: a tenth of it)'
	@echo 'make test-slow    all that takes minutes: the soak, and the long versions of other tests'
	@echo 'make lint         ruff, mypy, import layers, and what may not be committed (make format: correct it)'
	@echo 'make coverage     tests with branch coverage'
	@echo 'make bench        every benchmark beside what users have today, one table (QUICK=1: a look in a minute)'
	@echo 'make widgets      build the widgets from their TypeScript (takes Node 20 or newer)'
	@echo 'make constraints  resolve constraints.txt anew'
	@echo 'make clean        remove what was made here, .venv included'

demo: python
	@$(PYTHON) scripts/environment.py demo
	@$(BIN)/loopai-nb demo

lab: python
	@$(PYTHON) scripts/environment.py lab
	@$(BIN)/loopai-nb lab

dev: python
	@$(PYTHON) scripts/environment.py dev

# The interpreter is looked at before any file of ours is: an older one could not even read them.
python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
	  echo 'loopai_nb needs Python 3.11 to 3.13, and "$(PYTHON)" is not that ('"$$($(PYTHON) --version 2>&1 | head -n 1)"').' >&2; \
	  echo 'Name another one: make $(or $(firstword $(MAKECMDGOALS)),demo) PYTHON=/path/to/python3.12' >&2; \
	  exit 1; }

# Much of the suite waits: three workers keep two cores busy. WORKERS=0: one test after the other, in one process.
WORKERS ?= 3
# Its processes start by the hundred: where an environment forbids it to keep compiled modules, each would
# compile the whole package.
test coverage: export PYTHONDONTWRITEBYTECODE =
test: dev chromium test-notebooks
	@$(BIN)/pytest -p no:nbval -n $(WORKERS) --dist worksteal

# KILLS=100: fewer kills and races. SEED=12345: the random choices of a soak that failed. ONLY="kills or storm".
KILLS ?= 1000
soak: dev
	@LOOPAI_SOAK_KILLS=$(KILLS) $(if $(SEED),LOOPAI_SOAK_SEED=$(SEED)) \
	  $(BIN)/pytest -m slow tests/soak --durations=0 --durations-min=1 $(if $(ONLY),-k "$(ONLY)")

# Whatever takes minutes: the soak, and the long versions of other tests.
test-slow: dev
	@LOOPAI_SOAK_KILLS=$(KILLS) $(if $(SEED),LOOPAI_SOAK_SEED=$(SEED)) $(BIN)/pytest -m slow --durations=0 --durations-min=1

coverage: dev chromium
	@$(BIN)/pytest -p no:nbval -n $(WORKERS) --dist worksteal --cov --cov-report=term-missing:skip-covered

# nbval compares the committed outputs with a real run; loopai_nb.demo.nbval starts the Postgres and the model
# server that the notebooks need.
test-notebooks: dev
	@LOOPAI_UI=static $(BIN)/python -m loopai_nb.demo.nbval

# What is built is committed, so that nobody else needs Node; tests/notebook/test_widget_build.py holds it equal.
widgets:
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@npm run --silent check
	@npm test --silent
	@npm run --silent build

chromium:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'chromium: installing with apt-get'; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo 'chromium: not found, and only root may install it: browser tests will be skipped'; fi

lint: dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/committed.py

format: dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

# QUICK=1: a look in a minute. NAMES="run send": only those. PEERS=all: also the peers that take gigabytes.
bench: dev
	@PEERS=$(PEERS) $(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(NAMES)

# No hashes, addresses or paths in it, so that pip takes it on any machine and from any mirror. What is pinned
# already stays, unless asked: make constraints UPGRADE=--upgrade
constraints: dev
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --quiet $(UPGRADE) \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-emit-package loopai-nb \
	  --output-file constraints.txt
	@echo 'constraints.txt is resolved; run make test'

clean:
	rm -rf .venv build dist htmlcov .coverage* *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache notebooks/_out benchmarks/_out
	find loopai_nb tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} +
