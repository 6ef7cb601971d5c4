# The same commands for people and for CI. Each makes the virtual environment it needs; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
# What is too old fails deep inside pip otherwise, in words that name neither.
OLD = ecs-deploy needs Python 3.11 or newer, and $(PYTHON) is %d.%d. Name another: make PYTHON=python3.12
NEW_ENOUGH = $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(OLD)" % sys.version_info[:2])'
# What covers the pure packages whole. Measuring that takes as long again as the tests, so that others go without it.
PURE := $(addprefix tests/unit/,model release plan rollout diagnose engine)
# Generated worlds by the thousand.
PROPERTIES := tests/properties $(addprefix tests/foreign/test_,generated.py watched.py) tests/unit/sim/test_invariants.py tests/unit/rollout/test_properties.py
# Whatever the shell says, what is compiled is kept: a command that a test starts would compile all of ours anew.
export PYTHONDONTWRITEBYTECODE :=

# What starts a process of its own, or compares a run with one that does: neither goes through the hub.
ALONE := $(addprefix --ignore=tests/cli/test_,live_terminal.py interrupts.py iam_both_ways.py records.py) \
  --deselect tests/scenarios/test_shipped.py::test_the_same_scenario_gives_the_same_json_lines_and_a_true_verdict

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench-fleet hub help demo test pure prove explore mutate lint types imports fmt docs bench verdicts peers page shells man site e2e dist distcheck matrix workflows constraints

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: .venv/.tool ## Deploy a new image to a simulated ECS service
	@$(BIN)/ecs-deploy demo $(ARGS)

test: .venv/.dev ## Everything that must hold before a change lands
	@$(MAKE) --no-print-directory -j2 -Otarget lint imports types pure
	@$(BIN)/pytest -n 3 -m 'not properties' --ignore=tests/e2e --ignore=tests/dist $(addprefix --ignore=,$(PURE)) $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/pytest -n 2 -m properties $(PROPERTIES) $(ARGS) || [ $$? -eq 5 ]

pure: .venv/.dev
	@$(BIN)/pytest -n 2 --cov -m 'not properties' $(PURE) $(ARGS)

prove: .venv/.dev ## Hold generated runs to their rules by the ten thousand, in batches by seed
	@$(BIN)/python -m tools.prove $(ARGS)

hub: .venv/.dev ## Run the suite of single releases through the hub of several
	@$(BIN)/pytest -n 2 -q -p tests.through_hub tests/scenarios tests/cli $(ALONE) $(ARGS)

explore: .venv/.dev ## Hold every state of a small rollout to its rules
	@$(BIN)/python -m tools.explore $(ARGS)

mutate: .venv/.mutate ## Change what decides, and see whether the unit tests notice
	@$(BIN)/python -m tools.mutate $(ARGS)

peers: .venv/.dev ## Drive the simulator with the AWS CLI and with tools of other projects
	@$(BIN)/pytest tests/e2e -m 'not e2e and not shells' -n 2 -q $(ARGS)

page: .venv/.dev ## Look at the simulator's page, and at pages of runs, in a headless browser
	@scripts/install-chromium && $(BIN)/pytest tests/e2e -m e2e -q $(ARGS)

shells: .venv/.dev ## Complete command lines in bash, zsh and fish, and have man show its pages
	@scripts/install-shells && $(BIN)/pytest tests/e2e -m shells -q $(ARGS)

man: .venv/.dev ## Write man pages and what shells complete by into build/
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} $(BIN)/python -m tools.manual build

site: .venv-site/.installed ## Build the documentation site in build/site, and follow its links
	@.venv-site/bin/zensical build --clean --strict && .venv-site/bin/python -m tools.links build/site

e2e: dist .venv/.tool .venv-e2e/.installed ## Release to real containers behind a load balancer, under load
	@$(BIN)/python -m e2e $(ARGS)

lint: .venv/.dev ## Style and likely mistakes
	@$(BIN)/ruff check && $(BIN)/ruff format --check

types: .venv/.dev ## Types, strictly, and those that the package gives to its users
	@$(BIN)/mypy
	@mkdir -p build && PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright --verifytypes ecsdeploy --ignoreexternal > build/types || { cat build/types; exit 1; }

imports: .venv/.dev ## Who may import whom
	@$(BIN)/lint-imports --no-logo

fmt: .venv/.dev ## Format, and mend what can be mended safely
	@$(BIN)/ruff check --fix --exit-zero --quiet && $(BIN)/ruff format

docs: .venv/.dev ## Write the generated reference pages anew
	@$(BIN)/python -m tools.generate_docs

bench-fleet: .venv/.dev ## Measure what a release of many services costs; some minutes
	@$(BIN)/python -m bench.fleet $(ARGS)

bench: dist .venv/.tool ## Measure start-up, CPU, memory and calls against their bounds
	@$(BIN)/python -m bench

verdicts: .venv/.tool ## How true, how soon and at what price a deployment's end is told
	@$(BIN)/python -m bench.verdicts $(ARGS)

dist: ## Build the files that people install, into dist/
	@$(NEW_ENOUGH) && $(PYTHON) -m tools.dist

distcheck: dist .venv/.dev ## Build them once more, and use each as its readers do
	@$(BIN)/pytest tests/dist -q $(ARGS)

matrix: .venv-matrix/.installed ## The tests under each Python, with the oldest and with the newest dependencies
	@.venv-matrix/bin/python -m nox $(ARGS)

workflows: .venv-matrix/.installed ## Look at the workflows as GitHub does, and as an attacker would
	@scripts/lint-workflows

constraints: ## Pin the newest tree that pyproject.toml admits
	rm -rf build/pins && $(PYTHON) -m venv build/pins && build/pins/bin/pip install -q --upgrade 'pip>=25.1'
	build/pins/bin/pip install -q -e '.[local,mcp,notify,fleet]' --group dev --group mutate
	{ grep '^#' constraints.txt; build/pins/bin/pip freeze --exclude-editable; } > build/pins/frozen && mv build/pins/frozen constraints.txt

# What a user installs; quick, and enough for the demo.
.venv/.tool: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Installing ecs-deploy into .venv ...'
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

# What a developer needs besides. Older releases of pip do not know --group.
.venv/.dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Installing the development tools into .venv ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[local,mcp,notify,fleet]' --group dev
	@touch .venv/.tool $@

# What mutates the code; nothing else needs it.
.venv/.mutate: pyproject.toml constraints.txt | .venv/.dev
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --group mutate
	@touch $@

# The programs that `make e2e` runs beside ours.
.venv-e2e/.installed: e2e/requirements.txt
	@echo 'Installing an emulator, a fault-injecting proxy and the AWS CLI into .venv-e2e ...'
	@$(NEW_ENOUGH) && $(PYTHON) -m venv .venv-e2e && .venv-e2e/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# With these `make matrix` and `make workflows` run.
.venv-matrix/.installed: tools/matrix/requirements.txt
	@echo 'Installing nox, uv and what looks at workflows into .venv-matrix ...'
	@$(NEW_ENOUGH) && $(PYTHON) -m venv .venv-matrix
	@.venv-matrix/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# What makes the site; it shares nothing with the program.
.venv-site/.installed: scripts/site-requirements.txt
	@echo 'Installing the site generator into .venv-site ...'
	@$(NEW_ENOUGH) && $(PYTHON) -m venv .venv-site && .venv-site/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/bin/python:
	@$(NEW_ENOUGH) && $(PYTHON) -m venv .venv
