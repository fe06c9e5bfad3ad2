# make demo and make test do all set-up by themselves on a machine with Python 3.11 or later and make.
# A second call goes straight to work: .venv/.run and .venv/.dev say what was installed from which lock.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo pictures run test lint soak bench lock clean system-run system-test

VENV := .venv
PY := $(VENV)/bin/python
# The first Python of these that is new enough and really starts.
PYTHON ?= $(shell for name in python3.11 python3 python3.14 python3.13 python3.12; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
JOBS ?= 2
ARGS ?=
PIP := $(PY) -m pip --disable-pip-version-check
# Without a screen the window is drawn in memory.
SCREEN := if [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then QT_QPA_PLATFORM=offscreen; export QT_QPA_PLATFORM; fi

help:
	@echo 'make demo   set up what is missing, then let fictional delegations negotiate a sample text'
	@echo 'make pictures  draw the pictures of docs/screens.md again'
	@echo 'make run    open the window'
	@echo 'make test   linters, types, import contracts, all tests'
	@echo 'make lint   only the linters, types and import contracts'
	@echo 'make soak   the long runs'
	@echo 'make bench  what the project measures about itself'
	@echo 'make lock   renew the pinned requirements from pyproject.toml'
	@echo 'make clean  remove everything made here'

demo: $(VENV)/.run
	@$(SCREEN); $(PY) -m valise demo $(ARGS)

# The windows of docs/screens.md, drawn in memory over vaults that live for a minute.
pictures: $(VENV)/.run
	@QT_QPA_PLATFORM=offscreen $(PY) docs/pictures/make.py $(OUT)

run: $(VENV)/.run
	@$(PY) -m valise $(ARGS)

test: lint
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PY) -m pytest -n $(JOBS) $(ARGS)

soak: $(VENV)/.dev
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PY) -m pytest -m soak -n $(JOBS) $(ARGS)

bench: $(VENV)/.run
	@$(SCREEN); PYTHONPATH=. $(PY) -m benchmarks $(ARGS)

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

# Before anything is downloaded: Python, then the libraries Qt needs.
system-run system-test:
	@[ -n "$(PYTHON)" ] || { echo 'Valise needs Python 3.11 or later; none was found.' >&2; exit 1; }
	@$(PYTHON) packaging/system_check.py $(if $(filter system-test,$@),run test,run)

# A .venv that does not start (a removed Python, an interrupted set-up) is made anew.
define environment
@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
endef
# Every download is checked against the lock; nothing is compiled; the project itself resolves nothing.
define install
@echo 'Setting up $(VENV) from $(1) (once)'
$(environment)
$(PIP) install --quiet --only-binary :all: --require-hashes -r $(1)
PYTHONWARNINGS=ignore $(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef

$(VENV)/.run: requirements.lock pyproject.toml | system-run
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | system-test
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.run $@

COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --all-build-deps --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: $(VENV)/.dev
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist demo-out *.egg-info app/*.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find app tests packaging resources -name __pycache__ -type d -prune -exec rm -rf {} +
