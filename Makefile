# Needs python3 (3.11 or later) with venv, and make; everything else is installed into .venv.
#   make plan    the plan of the reported case, in out/reported-case/
#   make app     the dashboard, in a browser
#   make test    the tests, doctests included
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
OUT ?= out/reported-case
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# One BLAS thread a process: with two, small fits get slower as soon as another process runs.
export OPENBLAS_NUM_THREADS := 1
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help plan app test check lint types docs lock install clean

help:
	@sed -n 's/^#   //p' Makefile
	@echo 'also: check (lint and types), docs, lock, install, clean'

plan: $(INSTALLED)
	$(BIN)/fleetcast plan --out '$(OUT)'

app: $(INSTALLED)
	$(BIN)/fleetcast app

test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 -q

check: lint types

lint: $(INSTALLED)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(INSTALLED)
	$(BIN)/python -m mypy

docs: $(INSTALLED)
	$(BIN)/python docs/tables.py

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Fleetcast needs Python 3.11 or later, and $(PYTHON) is older or missing.' >&2; \
	  echo 'Install one, or name it: make install PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo '$(PYTHON) has no venv module. On Debian or Ubuntu: apt-get install python3-venv' >&2; \
	  exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --only-binary :all: --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# uv resolves for all platforms and Python versions at once; the file holds names, versions and
# hashes only, so that it works with any package index. The clusters of `panel` are left out: 230 MB.
LOCKED := --extra app --extra panel --extra prophet --extra screen --group dev
lock:
	uv pip compile pyproject.toml $(LOCKED) --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
