# Jalon: one verb a need. Every target does all the set-up it needs, on a machine that has Python 3.11 and nothing else of ours.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
unexport VIRTUAL_ENV
export DJANGO_SETTINGS_MODULE := jalon.config.settings
DEMO ?= 1
# The demo and your own data never share a folder.
HOME_DIR := $(if $(filter 0,$(DEMO)),var/home,var/demo)
PORT ?= 8000
CLIENTS ?= 1000
ROUNDS ?= 500

MUTANTS ?= 120
SEED ?= 1
# The share of the core that its tests run, branches counted: it only ever rises.
FLOOR := 97

.PHONY: help setup run test test-fast trust proof coverage mutants check fix bench messages docs pictures clean
help: ## say what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: requirements.lock pyproject.toml scripts/install.sh
	@PYTHON="$(PYTHON)" scripts/install.sh

setup: $(VENV)/installed ## virtual environment and dependencies

run: setup ## set everything up and open the product (DEMO=0: an empty one; PORT=8000)
	@JALON_DEMO=$(DEMO) JALON_HOME=$${JALON_HOME:-$(HOME_DIR)} $(BIN)/jalon run --port $(PORT)

test: setup ## all tests, with what they need from Debian (chromium, poppler, PostgreSQL, gettext)
	@mkdir -p $(JALON_HOME)
	@scripts/debian-packages.sh chromium poppler-utils gettext postgresql
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: setup ## tests that need no browser and no server
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/python -m pytest -m "not browser and not postgres and not trust"

trust: setup ## the longer proofs: kill -9, tampering, backups; writes docs/proof.md (ROUNDS=500)
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python scripts/compile_messages.py
	@JALON_PROOF=docs/proof.md JALON_ROUNDS=$(ROUNDS) JALON_TAMPERINGS=3000 $(BIN)/python -m pytest -m "trust or not trust" tests/trust tests/ledger/proof

proof: setup ## the long proofs: ten thousand payment histories, a hundred thousand clocks
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/python -m pytest -n 2 -m proof

coverage: setup ## how much of the core its tests run, branch by branch; fails under the floor
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python -m pytest -n 2 tests/core --cov=jalon.core --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=$(FLOOR)

mutants: setup ## change the rules of time, money and the engine one thing at a time; fails under 90 % noticed (MUTANTS=120 SEED=1)
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python scripts/mutants.py --sample $(MUTANTS) --seed $(SEED)

check test test-fast docs trust proof coverage mutants: export JALON_HOME := $(CURDIR)/var/check
check: setup ## lint, types, layers, migrations, translations, docs
	@mkdir -p $(JALON_HOME)
	@scripts/debian-packages.sh gettext
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/python scripts/check_messages.py
	@$(BIN)/python scripts/reference.py --check
	@for file in agreements/*/*/; do $(BIN)/jalon agreement check $$file || exit 1; done

fix: setup ## mend what ruff can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: setup ## measure, against a named reference in the same run
	@CLIENTS=$(CLIENTS) $(BIN)/python bench/run.py
	@$(BIN)/python bench/timekeeping.py
	@$(BIN)/python bench/usage.py

messages: setup ## refresh the French message files from the code
	@scripts/debian-packages.sh gettext
	@$(BIN)/python scripts/make_messages.py

docs: setup ## write the reference pages from the code
	@mkdir -p $(JALON_HOME)
	@$(BIN)/python scripts/reference.py

pictures: setup ## take the pictures of docs/pictures from the demo
	@scripts/debian-packages.sh chromium
	@$(BIN)/python scripts/shoot.py

clean: ## remove the virtual environment and caches (never var/, which holds your data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache
