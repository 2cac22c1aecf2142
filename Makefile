# council-intake: `make run` serves, `make test` tests, `make check` is everything a change must pass.
PYTHON ?= python3
BIN := .venv/bin
CONFIG ?= $(firstword $(wildcard config.toml) config.example.toml)
# Tests marked slow run in CI, where every real part is required.
SLOW := $(if $(REQUIRE_REAL),,-m "not slow")
# One more than there are cores: with one for each, a third of their time was idle, as tests wait for servers and browsers.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: help run test quick check format lock styles clean
help: ## say what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.run ## make the environment and serve; DEMO=1 serves invented messages, apart from all else
	@$(BIN)/intake serve --config $(CONFIG) $(if $(DEMO),--demo) $(ARGS)

test: .venv/.dev ## run the whole suite; REQUIRE_REAL=1 makes a missing real part a failure
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(SLOW) $(ARGS)

quick: .venv/.dev ## run the tests that need neither a server nor patience
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow and not real" -k "not postgresql" $(ARGS)

check: .venv/.dev ## format, lint, types, import contracts, dependencies, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(MAKE) test

format: .venv/.dev ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: ## write the lock files anew (needs uv)
	$(LOCK) --extra build pyproject.toml -o requirements.lock
	$(LOCK) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) --extra build --extra full -c requirements.lock pyproject.toml -o requirements-full.lock

STYLES := .styles
styles: ## build the style sheets of desk and public door, and take the scripts anew (needs Node)
	npm install --silent --no-save --no-package-lock --legacy-peer-deps --prefix $(STYLES) govuk-frontend@6.3.0 @ministryofjustice/frontend@11.1.0 htmx.org@2.0.11 sass@1.108.2 axe-core@4.14.1
	$(STYLES)/node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps --load-path=$(STYLES) --load-path=$(STYLES)/node_modules desk/styles/desk.scss desk/static/desk.css
	$(STYLES)/node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps --load-path=$(STYLES) --load-path=$(STYLES)/node_modules intake/public/styles/public.scss intake/public/static/public.css
	cp $(STYLES)/node_modules/htmx.org/dist/htmx.min.js desk/static/
	cp $(STYLES)/node_modules/axe-core/axe.min.js tests/pages/

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: PYTHON=/path/to/python3.11 make run" >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

clean: ## take away the environment and caches; var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
