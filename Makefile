# The words of this project. A fresh machine needs python3 (3.11 or newer, with venv), make and git.
.DEFAULT_GOAL := help
.PHONY: help run test attack canaries crash backfill cluster browser ui check bench format lock migration sample clean

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9

help: ## the words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/uv.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python3 is older than 3.11; set PYTHON=python3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/run.stamp: .venv/uv.stamp requirements.lock pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/run.stamp ## install, and run the nightly job on the bundled sample
	$(BIN)/locatiemonitor nightly

test: .venv/dev.stamp ## install, and run the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

crash: .venv/dev.stamp ## kill nights and publications at random moments, and fill the disk beneath them
	LM_TEST_KILLS=$${LM_TEST_KILLS:-100} $(BIN)/python -m pytest -q -s tests/warehouse/test_killed.py
	LM_TEST_KILLS=$${LM_TEST_KILLED_NIGHTS:-100} $(BIN)/python -m pytest -q -s tests/check_killed_nights.py tests/check_full_disk.py

backfill: .venv/dev.stamp ## a fortnight of ticks; backfills in which run, daemon, code server or everything is killed
	$(BIN)/python -m pytest -q -s tests/check_fortnight.py tests/daemon/check_backfill.py

cluster: .venv/dev.stamp ## several machines: workers of Celery on Redis (installed where absent), S3 and PostgreSQL; one is killed
	@command -v redis-server >/dev/null || { apt-get update -qq && apt-get install -y -qq redis-server; }
	$(BIN)/python -m pytest -q tests/check_cluster.py

canaries: .venv/dev.stamp ## five hundred planted secrets, on nights that succeed and fail, and on every page
	LM_TEST_CANARIES=1 $(BIN)/python -m pytest -q tests/test_secrets.py

attack: .venv/dev.stamp ## disclosure control against an attacker, over a thousand random countries
	ATTACKED_COUNTRIES=$${ATTACKED_COUNTRIES:-1000} $(BIN)/python -m pytest -q -n 2 tests/assets/marts/disclosure/test_attack.py

browser: .venv/dev.stamp ## an analyst at the screen in a real browser (installs Debian's Chromium where it is not there)
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; }
	$(BIN)/python -m pytest -q -s tests/browser/check_screen.py

ui: .venv/run.stamp ## Dagster webserver and daemon on 127.0.0.1:3000
	$(BIN)/locatiemonitor ui

check: .venv/dev.stamp ## lint, format and types; the layers are held by a test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m docs.generate --check

bench: .venv/dev.stamp ## benchmarks: prints their table and writes it to benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

format: .venv/dev.stamp ## put the code in its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

lock: .venv/uv.stamp ## resolve both locks anew, without addresses
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml --group dev --all-extras -o requirements-dev.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --constraint requirements-dev.lock pyproject.toml --extra server -o deploy/server/requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --constraint requirements-dev.lock pyproject.toml deploy/cluster/requirements.in --extra server --extra cluster -o deploy/cluster/requirements.lock

migration: .venv/dev.stamp ## draft a revision for changed tables: make migration WHY="shares of sites"
	$(BIN)/python -m tests.draft_migration $(WHY)

sample: .venv/dev.stamp ## record samples/ again from published data (maintainers; see samples/README.md)
	$(BIN)/python -m samples.record

clean: ## remove state and environment
	rm -rf .venv var
