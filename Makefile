# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.8
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV := .uv/bin/uv
SYNC := $(UV) sync --frozen --python .uv/bin/python --compile-bytecode

# Every tool writes its byte code: without it each start would compile the libraries again.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: help demo serve test test-slow check lint types imports tests bench setup setup-dev system-run system-test clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup ## a simulated province, from records to advice, then the pages on http://127.0.0.1:8000 (SERVE=0 ends instead)
	@$(BIN)/zhuoyue demo $(if $(filter 0,$(SERVE)),--no-serve)

serve: setup ## the pages over what is already in the store
	@$(BIN)/zhuoyue serve

test: setup-dev check ## everything that CI runs, with its set-up

check: lint types imports tests ## the checks alone, set-up done

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

# Three processes, whole files each: on two cores there is always one that waits for a browser, a server or Java.
tests:
	$(BIN)/python -m pytest -n 3 --dist loadfile

test-slow: setup-dev ## the tests that take minutes
	$(BIN)/python -m pytest -m slow

bench: setup-dev ## the benchmarks: they print ratios and never fail on time
	@for b in tests/benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b; done

setup: $(VENV)/.ready-run
setup-dev: $(VENV)/.ready-dev

.uv/.ready-$(UV_VERSION): | system-run
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found; install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv --clear .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.ready-run: uv.lock pyproject.toml .uv/.ready-$(UV_VERSION)
	$(SYNC) --no-dev --inexact
	@touch $@

$(VENV)/.ready-dev: uv.lock pyproject.toml .uv/.ready-$(UV_VERSION) | system-test
	$(SYNC) --all-extras
	@touch $@ $(VENV)/.ready-run

system-run: ; @bash .ci/system-packages run
system-test: ; @bash .ci/system-packages test

clean: ## remove the environments and caches; never var/, where your records are
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
