# One command each; everything they need is installed from the lock files.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

SEED ?= $(shell seq 20)
WORLD ?= embedded kafka mongo
SIZE ?= full

.PHONY: setup demo up test chaos bench endurance conformance lock

$(VENV)/.runtime: requirements/runtime.lock requirements/build.lock pyproject.toml
	@echo "Installing Laurel into $(VENV), once ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

setup: $(VENV)/.runtime ## Install Laurel and its locked dependencies into .venv.

demo: setup ## Start the whole house and run the main job in front of you.
	@$(BIN)/laurel demo

up: setup ## Start the whole house, without the scenario.
	@$(BIN)/laurel up

test: $(VENV)/.dev ## Everything: style, types, import contracts, every suite.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

chaos: $(VENV)/.dev ## Twenty storms in each world; make chaos SEED=17 WORLD=kafka makes one of them again.
	@CHAOS_SEEDS="$(SEED)" CHAOS_WORLDS="$(WORLD)" CHAOS_SIZE="$(SIZE)" $(BIN)/pytest tests/chaos -s -v

bench: $(VENV)/.dev ## Ratios measured in one run, on this machine.
	@$(BIN)/python -m tests.benchmarks

endurance: $(VENV)/.dev ## What a credential costs among a million, and a million of them in one run; half an hour, 10 GB.
	@$(BIN)/python -m tests.benchmarks.growth 10000 100000 1000000
	@$(BIN)/python -m tests.benchmarks.endurance 1000000

conformance: $(VENV)/.dev ## Every published vector that is here, and the W3C's suites where LAUREL_W3C_SUITES has them.
	$(BIN)/python -m tests.conformance

lock: ## Resolve the lock files anew (needs uv on PATH).
	requirements/compile
