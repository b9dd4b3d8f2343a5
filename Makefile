# Two commands matter: `make demo` and `make test`. Both need Python 3.11 and make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check --no-input
export COMMONWEAL_HOME ?= $(CURDIR)/var

.PHONY: help install dev spark demo test lint types journeys bench screenshots audit clean

help:
	@echo "make demo         install, fill a demo office and serve it on http://localhost:8000"
	@echo "make install      make .venv with the commonweal command"
	@echo "make test         every test that needs no extra (PostgreSQL and browser tests skip with a reason)"
	@echo "make lint types   linters, import contracts, type check"
	@echo "make audit        bill of materials (CycloneDX), known weaknesses of what is locked"
	@echo "make spark        adds PySpark for the cluster tests (needs Java 17)"
	@echo "make bench        the figures the documentation quotes"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Commonweal needs Python 3.11 or newer; set PYTHON=") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install $(PIP_FLAGS) --require-hashes -r requirements/base.txt
	$(BIN)/pip install $(PIP_FLAGS) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(BIN)/pip install $(PIP_FLAGS) --require-hashes -r requirements/dev.txt
	@touch $@

# Spark (and Java 17) for the cluster tests; skipped with a reason without it.
$(VENV)/.spark: requirements/spark.txt $(VENV)/.dev
	$(BIN)/pip install $(PIP_FLAGS) --require-hashes -r requirements/spark.txt
	@touch $@

# The peers the benchmarks run beside.
$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(BIN)/pip install $(PIP_FLAGS) --require-hashes -r requirements/bench.txt
	@touch $@

install: $(VENV)/.base
dev: $(VENV)/.dev
spark: $(VENV)/.spark

demo: install
	$(BIN)/commonweal demo

test: dev
	$(BIN)/pytest tests/unit tests/hostile tests/room -n auto
	$(BIN)/pytest tests/room -n auto -m room --database=postgresql
	$(BIN)/pytest tests/journeys

lint: dev
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/lint-imports

types: dev
	$(BIN)/mypy

audit: dev
	$(BIN)/python -m tools.audit

journeys: dev
	$(BIN)/pytest tests/journeys

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

screenshots: dev
	$(BIN)/python tools/screenshots.py

clean:
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
