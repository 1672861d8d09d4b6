# Everything here works on a fresh machine with Python 3.11 or later and make.
# `make` alone lists what there is.

SHELL := /bin/sh
PYTHON ?= $(shell sh scripts/find-python)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKED := $(PIP) install --require-hashes
STAMP := $(VENV)/.installed

.PHONY: help install run test check bench test-all test-slow docs lock format clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 — /p' Makefile

install: $(STAMP)-marsad  ## set up .venv from the lock files

run: install  ## simulate a network, import, find, report, and serve the report
	$(BIN)/marsad demo $(if $(filter true,$(CI)),--no-serve)

test: $(STAMP)-dev install  ## the tests that need nothing but Python
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST)

check: $(STAMP)-dev install  ## style, types, and which way imports point
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)-dev $(STAMP)-postgresql install  ## measure; BENCH="startup …" for some alone; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks.run $(BENCH)

test-all: $(STAMP)-dev $(STAMP)-spark $(STAMP)-docs $(STAMP)-postgresql install  ## what needs Java, a browser, PostgreSQL; the docs
	$(BIN)/python scripts/test_all.py

test-slow: $(STAMP)-dev install  ## run the long proofs by hand; writes docs/proofs.md
	$(BIN)/python -m tests.proofs $(PROOFS)

docs: $(STAMP)-docs install  ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock: $(STAMP)-dev  ## resolve the lock files again; UPGRADE=1 for the newest versions allowed
	$(BIN)/python scripts/lock.py $(if $(UPGRADE),--upgrade)

format: $(STAMP)-dev  ## let ruff put imports and layout right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove .venv and what was built
	rm -rf $(VENV) site .mypy_cache .pytest_cache .ruff_cache

# Each stamp says: what this lock file lists is in .venv. A changed lock file is installed again.
$(STAMP)-python:
	@test -n "$(PYTHON)" || { echo "Marsad needs Python 3.11 or later with venv: none found. Name one with: make PYTHON=/path/to/python3" >&2; exit 2; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(STAMP)-core: $(STAMP)-python requirements-build.lock requirements.lock
	@echo "Installing what Marsad needs into $(VENV): about 600 MB, once."
	$(LOCKED) -r requirements-build.lock -r requirements.lock
	@touch $@

$(STAMP)-marsad: $(STAMP)-core pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMP)-%: requirements-%.lock $(STAMP)-core
	$(LOCKED) -r $<
	@touch $@
