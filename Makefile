# Guildhall for people at a terminal. Needs only make and Python 3.11 or newer; everything else lands in .venv.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# The project itself is built by the locked hatchling, so that nothing unhashed is fetched.
INSTALL_PROJECT := $(PIP) --no-deps --no-build-isolation --editable .
COMPILE := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--group build --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test lint bench proofs lock clean

help: ## Show this list
	@echo "Guildhall. What you can say:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "Options for the program behind a target go into ARGS, for example: make test ARGS='-k ledger -x'"

run: $(VENV)/installed ## Try it: a made-up company with questions and experts, on http://127.0.0.1:8080
	@exec $(BIN)/guildhall run --demo $(ARGS)

test: $(VENV)/installed-dev ## Run the whole test suite
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/installed-dev ## Check format, style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict bot adapters storage
	$(BIN)/lint-imports

bench: $(VENV)/installed-dev ## Measure durable commands, and buttons in Slack and Discord, beside their floors
	@missed=0; for each in commands slack discord; do $(BIN)/python -m bench.$$each $(ARGS) || missed=1; done; exit $$missed

proofs: $(VENV)/installed-dev ## Run the long fault figures (kills, races, lost connections)
	$(BIN)/python -m pytest tests/faults tests/traffic tests/stories/test_anything.py tests/stories/test_two_at_once.py tests/adapters/slack/test_blocks.py tests/adapters/discord/test_messages.py tests/stories_discord/test_three_ways.py --proofs $(ARGS)

lock: .lock-env/ready ## Write the two lock files anew; ARGS=--upgrade takes the newest versions
	.lock-env/bin/uv $(COMPILE) $(ARGS) --output-file requirements.lock
	.lock-env/bin/uv $(COMPILE) $(ARGS) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## Remove the environments and the tools' caches; your databases stay
	rm -rf $(VENV) .lock-env build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps hold what was installed from: a changed lock or pyproject.toml installs again, otherwise nothing happens.
$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/made
	@echo "Installing what Guildhall needs into $(VENV). Only the first time; a minute or two."
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/made
	@echo "Installing what Guildhall and its tests need into $(VENV). Only the first time; a minute or two."
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Guildhall needs Python 3.11 or newer, and there is no '$(PYTHON)' here."; \
		echo "Install one, or name the one you have: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Guildhall needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
		echo "Name a newer one: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python could not make an environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

# uv only makes the locks; nobody needs it to run or test Guildhall.
.lock-env/ready:
	@$(PYTHON) -m venv .lock-env
	@.lock-env/bin/python -m pip --disable-pip-version-check install --quiet uv
	@touch $@
