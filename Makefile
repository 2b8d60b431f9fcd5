# A thin face over CMake: `make help` says what there is. The presets are in CMakePresets.json.

PRESET  = CMAKE_GENERATOR="$$(command -v ninja >/dev/null && echo Ninja || echo Unix Makefiles)" \
          cmake --log-level=WARNING --preset
JOBS   := $(shell nproc 2>/dev/null || echo 2)
SECONDS = 60

all: setup-build ## build build/doihound
	@$(PRESET) release
	@cmake --build build --parallel $(JOBS)

demo: all ## serve the sample catalogue on 127.0.0.1:8065 (DEMO_LISTEN=host:port; ONCE=1: ask and stop)
	@tools/demo

test: setup-build setup-test ## build and run all tests, also under the sanitizers
	@tools/run-tests

lint: setup-build setup-test setup-lint ## formatting, clang with warnings as errors, clang-tidy, cppcheck, house rules
	@tools/lint

bench: setup-bench all ## measure against peers; the figures are in docs/performance.md
	@cmake --build build --parallel $(JOBS) --target bench-generate
	@bench/run.sh

fuzz: setup-build setup-lint ## run each fuzz target for SECONDS=60
	@$(PRESET) fuzz
	@cmake --build build/fuzz --parallel $(JOBS) --target fuzz
	@tools/fuzz $(SECONDS)

install: ## install build/doihound (PREFIX=/usr/local, DESTDIR)
	@cmake --install build $(if $(PREFIX),--prefix "$(PREFIX)")

clean: ## remove build/
	@cmake -E rm -rf build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup-%:
	@tools/setup $*

.PHONY: all demo test lint bench fuzz install clean help
