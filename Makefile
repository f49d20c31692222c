# The words of this project. Each works alone in a fresh clone with nothing but make and
# Python 3.11 or newer; what a word needs it installs into .venv first, once.
#
#   make demo     learn a method on the embedded model, no key and no server needed
#   make test     all tests, offline, and one run on the smallest embedded model
#   make check    lint, format, types, and docs that match the code
#   make fix      mend what lint and format can mend by themselves
#   make docs     write docs/cli.md from the real --help
#   make bench    measure speed and size against bounds, in one run
#   make test-exports  run exports in Python, DSPy, distilabel and Data Designer; the last two go into build/tools
#   make test-report   open reports in an installed Chromium, check them, leave pictures in build/look
#   make bench-compare  the leaderboard: an hour of the shelf's methods on the 1.5B model; goes on
#   make test-ray     evolve on Ray with two local workers; minutes; installs Ray into .venv
#   make bench-evolve   evolve at scale beside plain AsyncOpenAI, distilabel and curator; installs them in build/peers
#   make bench-filters   ROUGE-L against rouge-score's loop, and every filter over 100,000 texts
#   make bench-eliminator   how well failed evolutions are seen, on the frozen test half
#   make build    sdist and wheel in dist/

# The first Python that is new enough; another one: make PYTHON=/path/to/python3 demo
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
endif
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--progress-bar off -c constraints.txt -e
NEEDS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test test-exports test-ray test-report check fix docs bench bench-compare bench-evolve bench-filters bench-eliminator build

help:
	@sed -n 's/^#   \(make .*\)/  \1/p' Makefile

# The stamps say which of the two sets stands in .venv; they are as old as the install.
HAS_USER := $(VENV)/.user
HAS_DEV := $(VENV)/.dev

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3 …' >&2; exit 2; }
	@echo 'Making $(VENV) with $(PYTHON).'
	@$(PYTHON) -m venv $(VENV)

$(HAS_USER): $(NEEDS) | $(BIN)/python
	@echo 'Installing autoevol and what it stands on into $(VENV); this takes a minute or two, once.'
	@$(INSTALL) '.[local]'
	@touch $@

$(HAS_DEV): $(NEEDS) | $(BIN)/python
	@echo 'Installing autoevol and its tools into $(VENV); this takes a minute or two, once.'
	@$(INSTALL) '.[local,dev]'
	@touch $(HAS_USER) $@

install: $(HAS_DEV)

demo: $(HAS_USER)
	@$(BIN)/autoevol optimize --domain code --preset quick

test: $(HAS_DEV)
	@$(BIN)/autoevol models pull qwen2.5-coder-0.5b
	@$(BIN)/python -m pytest

test-ray: $(HAS_DEV)
	@$(BIN)/python -c 'import ray.data' 2>/dev/null || $(INSTALL) '.[ray]'
	@RAY_OUTCOME=benchmarks/results/ray.json $(BIN)/python -m pytest -m ray

test-exports: $(HAS_DEV)
	@$(BIN)/python benchmarks/exports.py

check: $(HAS_DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict autoevol
	@$(BIN)/python docs/write_cli.py --check

fix: $(HAS_DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(HAS_DEV)
	@$(BIN)/python docs/write_cli.py

bench: $(HAS_DEV)
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/compare_speed.py

MINUTES := 60

test-report: $(HAS_DEV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[look]'
	@mkdir -p build/look
	@AUTOEVOL_PICTURES=$(CURDIR)/build/look $(BIN)/python -m pytest tests/report/test_look.py

bench-compare: $(HAS_DEV)
	@$(BIN)/python benchmarks/compare.py --minutes $(MINUTES)
	@$(BIN)/python benchmarks/leaderboard.py

bench-evolve: $(HAS_DEV)
	@$(BIN)/python benchmarks/evolve.py
	@$(BIN)/python benchmarks/scale.py
	@$(BIN)/python benchmarks/kills.py

bench-filters: $(HAS_DEV)
	@$(BIN)/python benchmarks/filters.py

bench-eliminator: $(HAS_DEV)
	@$(BIN)/python benchmarks/eliminator.py

build: $(HAS_DEV)
	@$(BIN)/python -m build --outdir dist
