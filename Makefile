# The one door. Every target sets up what it needs: a virtual environment in .venv with locked versions.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix test-integration bench docs record-example lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## create .venv with locked versions (every other target does it for you)

$(STAMP): requirements.lock pyproject.toml
	@echo "setting up $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v >= (3, 11) or sys.exit("Towpath needs Python 3.11 or newer, this is %d.%d; say make PYTHON=python3.11" % v)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP) ## show the whole way on real recorded evidence, in a scratch repository
	@$(BIN)/towpath demo

test: $(STAMP) ## unit tests
	@$(BIN)/python -m tests.run unit

check: $(STAMP) ## format, lint, strict types, generated files, architecture
	@$(BIN)/ruff format --check --quiet . || { echo "run 'make fix'"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.run check
	@echo "check: all clean"

fix: $(STAMP) ## format and regenerate generated files
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(MAKE) --no-print-directory docs

docs: $(STAMP) ## regenerate docs/rules and docs/cli
	@$(BIN)/python -m docs.generate

test-integration: $(STAMP) ## tests with real outside components (clients, wheels, clones)
	@$(BIN)/python -m tests.run integration

bench: $(STAMP) ## measure; prints ratios
	@for f in bench/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

record-example: $(STAMP) ## record the example's evidence again against OpenAI-compatible endpoints (ARGS=...)
	@$(BIN)/python examples/support-triage/record.py $(ARGS)

lock: ## resolve requirements.lock anew (needs pip-tools on the PATH)
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate --strip-extras --allow-unsafe --extra dev -o requirements.lock pyproject.toml

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
