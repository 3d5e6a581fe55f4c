# Two commands: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export SCARF_ANALYTICS = false

.PHONY: help demo test check openapi bench lock clean

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

$(VENV)/node: $(VENV)/dev tests/interop/package-lock.json
	@echo "installing the JavaScript peers (locked, with hashes) ..."
	@cd tests/interop && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

lock:  ## renew the locks from pyproject.toml (needs uv)
	uv pip compile --quiet --upgrade --no-header --generate-hashes --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:  ## remove the environment and the demo's data
	rm -rf $(VENV) .demo .cache tests/interop/node_modules
