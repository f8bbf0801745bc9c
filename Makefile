# Weir's front door. Each target installs what it needs first (tools/install) and may be run again
# at any time, from any state, as root or as a user with sudo. JOBS=n sets the number of cores.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
export JOBS
CTEST := ctest --output-on-failure -j $(JOBS)
.DEFAULT_GOAL := help
.PHONY: help demo test build bench check nightly clean install install-all

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install ## simulate an organisation, find its leak, explain the first case (15 minutes; again: 1)
	@tools/demo

test: install ## build everything and run every test
	@tools/build release
	@$(CTEST) --test-dir build/release

build: install ## the programs alone: build/release/weir, weir-extract
	@tools/build release weir weir-extract

bench: install ## build and run the benchmarks (docs/benchmarks.md)
	@tools/bench

check: install-all ## formatting, layers, clang-tidy on changed files
	@tools/format --check
	@tools/check_layers.py
	@tools/tidy

nightly: install-all ## long: Clang, all sanitizers, all of tidy, long fuzzing, kill test, benchmarks
	@tools/nightly

clean: ## remove build/ (what was fetched, .deps/, stays)
	@rm -rf build

# Not in the list above: every target runs what it needs of these.
install:
	@tools/install
install-all:
	@tools/install --all
