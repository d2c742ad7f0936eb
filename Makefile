# `make help` lists the targets. Everything is installed into .venv from the lock files, checked by hash.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
# Arguments for the command or for pytest: make serve ARGS="--port 8080", make test ARGS="-k walk"
ARGS ?=
# make lock LOCK="--upgrade" or LOCK="--upgrade-package flask"
LOCK ?=
# make serve DEMO=1: with example figures, in a data folder of their own; no setting of a real installation reaches it
DEMO ?=
AS_DEMO = export GUIDE_DATA=guide-demo && unset GUIDE_DATABASE_URL GUIDE_SCOPE && $(BIN)/guide demo-data &&
PIP_TOOLS := pip-tools==7.6.2

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
export PYTHON
# pip compiles nothing here (see below), so each module is compiled by the first process that imports it, and kept. Where
# the environment forbids to keep it, each of the hundred processes that the tests start would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

# Runs one check; when it fails its name is the last thing one reads.
check = @echo "== $(1)"; $(BIN)/$(1) || { echo "FAILED: $(1)" >&2; exit 1; }

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: serve
serve: venv-serve ## install what is missing and start the guide; the address is printed (DEMO=1: with example figures)
	@$(if $(filter-out 0,$(DEMO)),$(AS_DEMO)) $(BIN)/guide serve $(ARGS)

# Three processes on two cores: many tests wait for a server, a browser or a database more than they work.
.PHONY: test
test: ## style, types, floors, content and all tests; stops at the first failure
	@$(MAKE) --no-print-directory -j 3 -Oline python-test system-test test-style test-types test-content
	$(call check,python -m pytest -n 3 --dist worksteal $(ARGS))

# Side by side, for mypy keeps one core busy for long, and none of them needs Debian's packages. The tests are collected
# meanwhile, so that they and what they import are compiled once and not by three processes at a time; what is wrong
# with them the tests tell.
.PHONY: test-style test-types test-content
test-style test-types test-content: python-test
test-style:
	$(call check,ruff check .)
	$(call check,ruff format --check .)
test-types:
	$(call check,mypy)
test-content:
	$(call check,lint-imports)
	$(call check,guide check --date efterset)
	@$(BIN)/python -m pytest --collect-only -q >/dev/null 2>&1 || :

.PHONY: night
night: venv-test ## the same tests with the full numbers; the result goes into docs/night.md
	@tools/install_system.sh night && rm -rf build/overlays; GUIDE_NIGHT=1 $(BIN)/python -m pytest -n 2 --dist worksteal --junitxml=build/night.xml $(ARGS); failed=$$?; \
	$(BIN)/python tools/night.py build/night.xml $(ARGS); $(BIN)/python -m tests.overlays.report; exit $$failed

.PHONY: quality
quality: venv-test ## measure what /kvalitet/ tells: faults planted in the flows, pages looked at by axe (an hour)
	@rm -rf build/mutation; GUIDE_NIGHT=1 $(BIN)/python -m pytest -n 2 --dist worksteal --junitxml=build/quality.xml \
	  tests/mutation tests/browser/test_accessibility.py && $(BIN)/python -m tools.quality build/quality.xml

.PHONY: bench
bench: venv-bench ## measure speed against the floor, in one run; the result goes into docs/ydelse.md
	@$(BIN)/python -m bench $(ARGS)

.PHONY: screenshots
screenshots: venv-test ## take the pictures in docs/img anew
	@$(BIN)/python tools/screenshots.py

.PHONY: format
format: venv-test ## put the Python files into the form that `make test` asks for
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

# Debian's packages come in while pip works.
.PHONY: venv-serve venv-test venv-bench
venv-bench: venv-test
venv-serve venv-test: venv-%:
	@$(MAKE) --no-print-directory -j 2 python-$* system-$*

.PHONY: system-serve system-test
system-serve system-test: system-%: venv
	@tools/install_system.sh $*

.PHONY: venv
venv:
	@tools/install_system.sh serve
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Choose another one: make ... PYTHON=python3.12" >&2; exit 1; }
	@same='import sys, subprocess as s; v = "import sys; print(sys.version_info[:2])"; \
	  sys.exit(s.run([".venv/bin/python", "-c", v], capture_output=True, text=True).stdout != str(sys.version_info[:2]) + "\n")'; \
	{ $(BIN)/python -m pip --version && $(PYTHON) -c "$$same"; } >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv

# The stamp holds what was installed: a changed lock file, project file or Python installs again, a moved clock does not.
# `test` contains `serve`, so one venv does for both. --no-build-isolation: the build tool is in the lock files, by hash.
# --no-compile: what is never imported need not be compiled.
mark = $$($(PYTHON) -c 'import hashlib, sys; h = hashlib.sha256(repr(sys.version_info[:2]).encode()); \
	  [h.update(open(f, "rb").read()) for f in ("requirements.txt", "requirements-test.txt", "pyproject.toml")]; print(h.hexdigest())')
installed = grep -qsxF "$(mark)" .venv/stamp-test .venv/stamp-$*
.PHONY: python-serve python-test
python-serve: lock-file = requirements.txt
python-test: lock-file = requirements-test.txt
python-serve python-test: python-%: venv
	@$(installed) || echo "Installing $(lock-file) into .venv ..."
	@$(installed) || { $(PIP) install --no-compile --require-hashes -r $(lock-file) && \
	  $(PIP) install --no-deps --no-build-isolation -e . && echo "$(mark)" > .venv/stamp-$*; } || { \
	  echo "FAILED: installing $(lock-file)" >&2; exit 1; }

.PHONY: lock
lock: ## write both lock files anew from pyproject.toml (keeps versions; LOCK="--upgrade" raises them)
	@test -x build/lock/bin/pip-compile || { $(PYTHON) -m venv build/lock && build/lock/bin/pip --disable-pip-version-check -q install '$(PIP_TOOLS)'; }
	$(call compile,requirements.txt,--extra audit)
	$(call compile,requirements-test.txt,--extra test --extra audit --constraint requirements.txt)

# The --no-emit options keep addresses and paths of the machine out of the files.
compile = @CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --strip-extras --allow-unsafe --build-deps-for editable $(2) $(LOCK) --output-file $(1) pyproject.toml

.PHONY: clean
clean: ## remove the venv, what tools cached and what was built (never guide-data)
	rm -rf .venv build dist guide-demo .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find guide tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
