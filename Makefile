# Every command here sets up what it needs in .venv; the machine has to bring make and Python 3.11 or newer, no more.
# `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit slow lint check conformance bench bench-access bench-http bench-schedule lock clean

BIN := .venv/bin
# Folders of tests that need not even be read for the unit suite (tests/conftest.py marks them `door`).
DOORS := acceptance admin api cli docs durability jobs oauth ops stac_api
# Compiled test files are kept from run to run, also where the environment says otherwise.
export PYTHONDONTWRITEBYTECODE :=
STAMP := .venv/.set-up
PEERS := .venv-peers/.set-up
HTTP_PEERS := .venv-http-peers/.set-up
TOOLS := .venv-conformance/.set-up

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

$(STAMP): requirements.txt pyproject.toml scripts/setup.sh scripts/uv.txt
	@PYTHON="$(PYTHON)" sh scripts/setup.sh
	@touch $@

setup: $(STAMP)  ## Make .venv with everything in it

demo: $(STAMP)  ## The whole workflow, on a throw-away server
	@$(BIN)/swath demo

test: unit slow  ## Every test: first those that take seconds, then the doors and those that start servers

unit: $(STAMP)  ## The tests that take seconds
	$(BIN)/python -m pytest -n 2 -m "not slow and not door" $(DOORS:%=--ignore=tests/%)

slow: $(STAMP)  ## The tests of the doors, and those that start servers, kill them, or run for longer
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "slow or door"

lint: $(STAMP)  ## Style, formatting, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo

check: lint test  ## The whole gate

$(TOOLS): conformance/tools.txt conformance/package-lock.json scripts/setup-conformance.sh $(STAMP)
	@sh scripts/setup-conformance.sh
	@touch $@

conformance: $(TOOLS)  ## Outside suites and clients against a filled server (some: make conformance FLAGS="--only stac,GDAL")
	@$(BIN)/python -m conformance $(FLAGS)

bench: $(STAMP)  ## The benchmarks, one after another
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

$(PEERS): benchmarks/peers.txt scripts/setup-peers.sh $(STAMP)
	@sh scripts/setup-peers.sh
	@touch $@

bench-access: $(PEERS)  ## The access engine beside its peers, in 15 minutes (less: make bench-access FLAGS="--works W1,W2")
	@.venv-peers/bin/python -m benchmarks.access $(FLAGS)

$(HTTP_PEERS): benchmarks/http-peers.txt scripts/setup-http-peers.sh $(STAMP)
	@sh scripts/setup-http-peers.sh
	@touch $@

bench-http: $(HTTP_PEERS)  ## What a request costs, beside tipg and stac-fastapi-pgstac, in 5 minutes
	@$(BIN)/python -m benchmarks.http $(FLAGS)

bench-schedule: $(STAMP)  ## The scheduler beside its peers, in an hour (less: make bench-schedule FLAGS="--works spot5")
	@$(BIN)/python -m benchmarks.schedule $(FLAGS)

lock: $(STAMP)  ## Write the locked files again after pyproject.toml changed (newer versions: make lock FLAGS=--upgrade)
	$(BIN)/uv pip compile pyproject.toml $(FLAGS) --quiet --universal --generate-hashes --no-header --no-emit-index-url \
		--extra server --extra notebook --group dev --group reference --output-file requirements.txt
	$(BIN)/uv pip compile benchmarks/peers.in pyproject.toml $(FLAGS) --quiet --universal --generate-hashes --no-header \
		--no-emit-index-url --extra server --constraints requirements.txt --output-file benchmarks/peers.txt
	$(BIN)/uv pip compile conformance/tools.in $(FLAGS) --quiet --universal --generate-hashes --no-header \
		--no-emit-index-url --python-version 3.11 --output-file conformance/tools.txt
	if command -v npm >/dev/null; then cd conformance && npm install --package-lock-only --silent --no-audit --no-fund \
		--omit-lockfile-registry-resolved; fi
	$(BIN)/uv pip compile benchmarks/http-peers.in $(FLAGS) --quiet --universal --generate-hashes --no-header \
		--no-emit-index-url --output-file benchmarks/http-peers.txt
	echo "uv==$$($(BIN)/uv --version | cut -d' ' -f2)" | $(BIN)/uv pip compile - --quiet --universal --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --output-file scripts/uv.txt

clean:  ## Remove .venv and what the tools left behind
	rm -rf .venv .venv-peers .venv-http-peers .venv-conformance conformance/node_modules .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist swath-demo
