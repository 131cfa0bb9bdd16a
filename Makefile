# What there is to do here: `make` alone lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
PYTEST := $(PYTHON) -m pytest
LOCAL := $(PYTHON) -m deploy.local
PUBLISHERS := $(patsubst services/%/domain/__init__.py,services.%,$(wildcard services/*/domain/__init__.py))

# What a tool remembers between two runs lies under var/, like all other output.
export HYPOTHESIS_STORAGE_DIRECTORY := var/cache/hypothesis

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^# -- /{print "\n" substr($$0, 6)} /^[a-z-]+:.*## /{printf "  make %-14s%s\n", $$1, $$2}' Makefile

# -- Use it

.PHONY: demo
demo: install ## Start everything with 200 invented members, and say where to look
	@$(LOCAL) up
	@$(LOCAL) seed --members 200

.PHONY: down
down: install ## Stop all that demo started
	@$(LOCAL) down

.PHONY: otp
otp: install ## The code that an app would show now, for the demo's staff: make otp SECRET=…
	@$(PYTHON) -c 'import pyotp, sys; print(pyotp.TOTP(sys.argv[1]).now())' "$(or $(SECRET),$(error say which: make otp SECRET=<what seed printed>))"

.PHONY: trace
trace: install ## Show one trace as a tree, from the click to the mail: make trace ID=…
	@$(LOCAL) trace "$(or $(ID),$(error say which: make trace ID=<trace id, or an id that a span carries>))"

.PHONY: replay
replay: install ## Refill a service's read models beside the live ones and compare: make replay SERVICE=cards
	@$(LOCAL) run $(or $(SERVICE),$(error say which: make replay SERVICE=cards)) plan
	@$(LOCAL) run $(SERVICE) replay
	@$(LOCAL) run $(SERVICE) compare

# -- Prove it

CHECKS := format lint types imports dependencies spelling

.PHONY: check $(CHECKS:%=check-%)
check: install ## Format, lint, types, import walls, dependencies, spelling: all of them, each with its result
	@$(MAKE) -k -j2 -O $(CHECKS:%=check-%)

check-format:
	@$(VENV)/bin/ruff format --check .
check-lint:
	@$(VENV)/bin/ruff check .
check-types:
	@$(VENV)/bin/mypy
check-imports:
	@$(VENV)/bin/lint-imports --no-logo --cache-dir var/cache/import-linter
check-dependencies:
	@PYTHONWARNINGS=ignore::UserWarning $(VENV)/bin/deptry .
check-spelling:
	@$(VENV)/bin/codespell && echo 'No misspelled word.'

# Apart from the others: Playwright holds the event loop of its process, so that no asyncio test runs after it.
BROWSER := $(wildcard tests/services/*/test_browser*.py)
# These compare how long answers take: nothing runs beside them.
ALONE := tests/services/identity/test_timing.py
# Tests that kill and freeze processes run beside nothing else. The journeys wait for most of their time: beside them, on
# all cores, those that share nothing.
KILLING := connected
BESIDE := journeys fast browser
PARTS := $(KILLING) $(BESIDE)
REPORTS := var/reports
SPREAD := -n logical --dist worksteal
part = $(PYTEST) $(2) --junitxml $(REPORTS)/$(1).xml --durations=15 --durations-min=1

.PHONY: test part-alone $(PARTS:%=part-%)
test: install ## All tests: those that need only Python, then those on real Kafka, MongoDB, mail and Chromium
	@$(LOCAL) tools
	@rm -f $(REPORTS)/*.xml; code=0; \
	$(MAKE) part-alone || code=1; \
	$(MAKE) part-$(KILLING) || code=1; \
	$(MAKE) -k -j2 -O $(BESIDE:%=part-%) || code=1; \
	$(PYTHON) -m tests.report $(REPORTS) alone $(PARTS) || code=1; exit $$code

part-alone:
	@$(call part,alone,-m connected $(ALONE))
part-fast:
	@$(call part,fast,$(SPREAD) -m 'not connected')
part-connected:
	@$(call part,connected,-m connected $(patsubst %,--ignore=%,tests/journeys $(BROWSER) $(ALONE)))
part-journeys:
	@$(call part,journeys,-m connected tests/journeys)
part-browser:
	@$(call part,browser,$(SPREAD) -m connected $(BROWSER))

.PHONY: test-fast
test-fast: install ## The tests that need only Python, on all cores
	@$(PYTEST) -q $(SPREAD) -m 'not connected and not slow'

.PHONY: bench
bench: install ## Ours beside the raw limits of this machine: a table, and var/bench.json
	@$(PYTHON) -m tests.bench

FULL := SCALE=1 MONGO_CACHE=6G
UNHURRIED := --timeout=0 -o faulthandler_timeout=0

.PHONY: scale
scale: install ## The same code at full sizes: the kills and the bench; var/scale.json
	@$(FULL) $(PYTEST) $(UNHURRIED) -m connected $$(grep -rl 'sized(' tests/shared tests/services --include='test_*.py')
	@$(FULL) $(PYTEST) $(UNHURRIED) tests/oracle
	@$(FULL) $(PYTHON) -m tests.bench

# -- Keep it

.PHONY: contracts
contracts: install ## Write what is kept for life from the code of today, to be reviewed: contracts, event names, releases, documents
	@$(PYTHON) -m shared.contracts $(PUBLISHERS)
	@$(PYTHON) -m tests.architecture.golden
	@$(PYTHON) -m tests.architecture.documents
	@$(PYTHON) -m tests.architecture.interfaces
	@$(PYTHON) -m tests.architecture.accessibility

.PHONY: requirements
requirements: install ## Compile requirements/*.in with hashes; UPGRADE=--upgrade takes newer versions
	@for list in runtime dev; do \
		$(VENV)/bin/uv pip compile $(UPGRADE) --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
			--universal --python-version 3.11 --custom-compile-command 'make requirements' \
			requirements/$$list.in --output-file requirements/$$list.txt; \
	done

# The stamp is as new as the last installation, so it is done again only when a list has changed.
STAMP := $(VENV)/.installed
LISTS := requirements/runtime.txt requirements/dev.txt

.PHONY: install
install: $(STAMP) ## Put what is needed from Python into .venv, when the lists have changed

$(STAMP): $(LISTS)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed" or 0)'
	@echo 'installing what $(LISTS) name'
	@if uv --version >/dev/null 2>&1; then \
		[ -x $(PYTHON) ] || uv venv --quiet --python python3 $(VENV); \
		uv pip install --quiet --python $(PYTHON) --require-hashes $(LISTS:%=-r %); \
	else \
		[ -x $(PYTHON) ] || python3 -m venv $(VENV); \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes $(LISTS:%=-r %); \
	fi
	@touch $@
