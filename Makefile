# Commands for people who work on NIRC. Each makes its own .venv when it needs one.
#
# `make` alone prints the table. Nothing is written outside .venv/ and build/, apart from
# Python's own __pycache__ folders; `make clean` removes all of it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
SERVICES_WORKERS ?= 3
MARKS ?= services
TIME ?= 60s
ONLY ?=
DEMO_ARGS ?=
ARGS ?=

export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/build/hypothesis
export RUFF_CACHE_DIR := $(CURDIR)/build/ruff_cache
# Tests start hundreds of processes: what an import compiles is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## this table
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: venv ## a whole network on this machine: DEMO_ARGS="--calls 200 --seed 7"
	@$(BIN)/nirc demo $(DEMO_ARGS)

# The folder with Asterisk is made beside the first tests.
.PHONY: test
test: packages venv ## everything: check, then the tests on real etcd, Valkey, sipp and Asterisk
	@sh scripts/make_asterisk_root.sh >/dev/null 2>&1 & root=$$!; code=0; \
	{ $(MAKE) check && $(MAKE) test-real; } || code=$$?; \
	wait $$root || true; exit $$code

.PHONY: test-unit
test-unit: venv ## the fast tests; needs no Debian package
	@$(PYTEST) --progress-by-file -n $(WORKERS) --dist loadfile -m "not services and not asterisk" $(ARGS)

.PHONY: test-services
test-services: packages venv ## the tests on real services; what fails is tried once more alone: ARGS="tests/services/x.py -x"
	@code=0; $(PYTEST) -m "($(MARKS)) and not console" --progress-by-file -n $(SERVICES_WORKERS) --dist loadfile --long-first $(ARGS) || code=$$?; \
	if [ $$code = 1 ]; then echo "== what failed beside others, once more and alone"; code=0; \
	$(PYTEST) -m "($(MARKS)) and not console" --alone-again $(ARGS) || code=$$?; fi; exit $$code

# After the others and by itself: a browser's pictures need the processors, and it waits for pages.
.PHONY: test-console
test-console: packages venv ## the console's pages in a real browser; pictures in build/console
	@code=0; $(PYTEST) tests/services/console -m console --progress-by-file $(ARGS) || code=$$?; \
	if [ $$code = 1 ]; then echo "== what failed, once more"; code=0; \
	$(PYTEST) tests/services/console -m console --alone-again $(ARGS) || code=$$?; fi; exit $$code

.PHONY: test-asterisk
test-asterisk: packages venv ## only the tests on a real Asterisk, in a chroot that is made once (root, 0.5 GB)
	@sh scripts/make_asterisk_root.sh >/dev/null
	@NIRC_ASTERISK=1 $(PYTEST) tests/services/asterisk --progress-by-file $(ARGS)

# Those on a real Asterisk among the others where the chroot can be made, for they mostly wait;
# where not, why not is said, and it is no failure.
.PHONY: test-real
test-real: packages venv
	@code=0; sh scripts/make_asterisk_root.sh >/dev/null || code=$$?; \
	if [ $$code = 0 ]; then NIRC_ASTERISK=1 $(MAKE) test-services MARKS="services or asterisk"; \
	elif [ $$code != 3 ]; then exit $$code; \
	else $(MAKE) test-services && echo "== not run: the tests on a real Asterisk (make test-asterisk)"; fi
	@$(MAKE) test-console

.PHONY: check
check: venv ## format, lint, types, imports beside the fast tests, sizes, documents run as written
	@mkdir -p build; $(MAKE) lint >build/lint.txt 2>&1 & lint=$$!; code=0; \
	$(MAKE) test-unit || code=$$?; \
	wait $$lint || code=$$?; cat build/lint.txt; exit $$code

.PHONY: lint
lint: venv ## format, lint, types and imports only
	@echo "== ruff format"  && $(BIN)/ruff format --check .
	@echo "== ruff check"   && $(BIN)/ruff check .
	@echo "== mypy"         && $(BIN)/mypy
	@echo "== import-linter" && $(BIN)/lint-imports --cache-dir build/import_linter_cache

.PHONY: format
format: venv ## rewrite the source as ruff wants it
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: docs
docs: venv ## refresh the code that documents include from the source
	@$(BIN)/python scripts/refresh_documents.py

.PHONY: proto
proto: venv ## write the generated protobuf code anew from its .proto files
	@PYTHON="$(CURDIR)/$(BIN)/python" sh scripts/generate_proto.sh

.PHONY: openapi
openapi: venv ## print the OpenAPI document of a node's API: make openapi > docs/openapi.json
	@$(BIN)/python scripts/print_openapi.py

.PHONY: bench
bench: venv ## benchmarks into build/bench.json: ONLY=name runs one
	@$(BIN)/python tests/benchmarks/run.py $(ONLY)

.PHONY: fuzz
fuzz: venv ## fuzz parsers and codecs: TIME=60s, 10m or 2h, shared by all targets
	@$(BIN)/python tests/fuzz/run.py $(TIME)

.PHONY: chaos
chaos: packages venv ## the fault matrix on hosts in namespaces: TIME=10m; goes on where it was, adds up
	@$(BIN)/python tests/cluster/matrix.py --for $(TIME) --measure $(ARGS)

.PHONY: storm
storm: venv ## faults by chance on a network of processes: TIME=10m; appends to docs/measurements/chaos.jsonl
	@$(BIN)/python tests/chaos/chaos_demo.py --for $(TIME) --measure --prove $(ARGS)

.PHONY: mutants
mutants: venv ## take rules out of the cores and see that the fault search finds each: ARGS="--seeds 500"
	@$(BIN)/python tests/simulation/find_mutants.py $(ARGS)

.PHONY: soak
soak: packages venv ## seeds of faults go on where they were, beside a network with a fault a minute: TIME=40m
	@$(BIN)/python tests/chaos/soak.py $(TIME) $(ARGS)

.PHONY: packages
packages:
	@sh scripts/debian_packages.sh etcd:etcd-server sipp:sip-tester redis-server:redis-server "/usr/sbin/kamailio:kamailio kamailio-utils-modules kamailio-json-modules" chromium:chromium baresip:baresip-core
	@[ "$$(id -u)" != 0 ] || sh scripts/debian_packages.sh ip:iproute2 iptables-restore:iptables

.PHONY: venv
venv: ## the commands, in .venv/bin (`. .venv/bin/activate` puts them on the path)
	@sh scripts/make_venv.sh

.PHONY: clean
clean: ## remove .venv, build and every cache
	@rm -rf .venv build dist nirc.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
