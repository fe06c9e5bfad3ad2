# make demo and make test do all set-up by themselves on a machine with Python 3.11 or later and make.
# A second call goes straight to work: .venv/.run and .venv/.dev say what was installed from which lock.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo pictures translations run test lint soak bench lock package reproduce package-check package-notes clean system-run system-test

VENV := .venv
PY := $(VENV)/bin/python
# The first Python of these that is new enough and really starts.
PYTHON ?= $(shell for name in python3.11 python3 python3.14 python3.13 python3.12; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
JOBS ?= 2
ARGS ?=
PIP := $(PY) -m pip --disable-pip-version-check
# What the window reads of the translations; made where it is older than its source.
QM := $(patsubst %.ts,%.qm,$(wildcard resources/i18n/*.ts))
# Without a screen the window is drawn in memory.
SCREEN := if [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then QT_QPA_PLATFORM=offscreen; export QT_QPA_PLATFORM; fi

help:
	@echo 'make demo   set up what is missing, then let fictional delegations negotiate a sample text'
	@echo 'make pictures  draw the pictures of docs/screens.md and of the guide again'
	@echo 'make translations  take new texts of the window into resources/i18n, tell what is not translated'
	@echo 'make run    open the window'
	@echo 'make test   linters, types, import contracts, all tests'
	@echo 'make lint   only the linters, types and import contracts'
	@echo 'make soak   the long runs'
	@echo 'make bench  what the project measures about itself'
	@echo 'make package    the program as a folder, an archive and a Debian package, with what is inside, into dist/'
	@echo 'make reproduce  build it twice in two places and compare'
	@echo 'make package-notes  what the checkers of the system say about it; make package-check  install and try it on a bare Debian'
	@echo 'make lock   renew the pinned requirements from pyproject.toml'
	@echo 'make clean  remove everything made here'

demo: $(VENV)/.run $(QM)
	@$(SCREEN); $(PY) -m valise demo $(ARGS)

# The windows of docs/screens.md, drawn in memory over vaults that live for a minute.
pictures: $(VENV)/.run $(QM)
	@QT_QPA_PLATFORM=offscreen $(PY) docs/pictures/make.py $(OUT) $(ARGS)

translations: $(VENV)/.run
	@$(PY) packaging/translations.py

run: $(VENV)/.run $(QM)
	@$(PY) -m valise $(ARGS)

# What Python has compiled is kept, whatever the environment says: tests start it by the hundred. Each of the jobs begins with
# neighbours in the list, which share what is made once for a file, and takes from the other what is left at the end. The few
# that fail beside others are run once more alone (tests/again.py).
test: lint $(QM)
	PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PY) -m tests.again -n $(JOBS) --dist worksteal $(ARGS)

soak: $(VENV)/.dev $(QM)
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(PY) -m pytest -m soak -n $(JOBS) $(ARGS)

bench: $(VENV)/.run $(QM)
	@$(SCREEN); PYTHONPATH=. $(PY) -m benchmarks $(ARGS)

# Builds in an environment of its own below build/, from requirements-package.lock; nothing of it is needed to work here.
package: | system-run
	@$(PYTHON) packaging/build.py $(ARGS)

reproduce: | system-run
	@$(PYTHON) packaging/build.py --reproduce build/reproduce

# Needs lintian, appstream and desktop-file-utils.
package-notes:
	@$(PYTHON) packaging/check_notes.py $(ARGS)

# As root: makes a bare Debian 12 in a folder of its own and installs the package there.
package-check:
	@$(PYTHON) packaging/check_deb.py $(ARGS)

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

%.qm: %.ts
	@$(PY) packaging/translations.py compile

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
	$(COMPILE) --extra package --constraint requirements.lock --output-file requirements-package.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist demo-out *.egg-info app/*.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache resources/i18n/*.qm
	find app tests packaging resources -name __pycache__ -type d -prune -exec rm -rf {} +
