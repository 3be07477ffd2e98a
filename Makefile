# Thin verbs; each works as the first command on a fresh Debian 12. `make` alone prints what there is.
.PHONY: help setup demo test e2e lint fuzz coverage release dist image bench accuracy prove
JOBS := $(shell nproc)
# Most of a test's time is the clock of a release: it waits.
TESTS_AT_ONCE := $(shell expr 4 \* $(JOBS))
# The same objects serve every checkout of the machine.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export LANG := C.UTF-8
FUZZ_SECONDS ?= 60
QUIET_WINDOWS ?= 200
BAD_WINDOWS ?= 40
ACCURACY ?= docs/accuracy.md
PRESET ?= dev
ARCH =
RELEASE := release$(addprefix -,$(ARCH))
DEMO := $(addprefix baton-,precheck migrate switch watch finalize sandbox)

help:
	@echo "make demo      build, then take releases through all five steps in the embedded playground"
	@echo "make test      build and run every unit and integration test"
	@echo "make e2e       the same releases on a real Kubernetes, and through both CI runners (root; needs Go and Node)"
	@echo "make release   the five executables, fully static, with their proofs"
	@echo "make dist      the archive of a release: executables, manual pages, completions, notices; its SBOM, provenance and sums, in build/dist"
	@echo "make image     both container images, with their proofs (root)"
	@echo "make lint      clang-format, clang-tidy, cppcheck"
	@echo "make fuzz      every parser for FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make bench     what the lower floors cost beside curl, jq and Python; rewrites docs/benchmarks.md"
	@echo "make accuracy  how often a verdict is wrong, in worlds whose truth is known; rewrites docs/accuracy.md"
	@echo "make coverage  line coverage of common/ and tools/"

setup:
	@cmake/packages.sh build servers

demo: setup
	@cmake --preset dev > build-dev.log 2>&1 || { cat build-dev.log; exit 1; }
	@cmake --build --preset dev --target $(DEMO) -j $(JOBS)
	@tests/sandbox/demo.sh build/dev

test: setup
	@cmake --preset $(PRESET) > build-$(PRESET).log 2>&1 || { cat build-$(PRESET).log; exit 1; }
	@cmake --build --preset $(PRESET) -j $(JOBS)
	@ctest --preset $(PRESET) -j $(TESTS_AT_ONCE)
	@echo "make test: every test passed"

release:
	@cmake/packages.sh build proofs linked servers
	@cmake --preset release > build-release.log 2>&1 || { cat build-release.log; exit 1; }
	@cmake --build --preset release -j $(JOBS)
	@tests/release/proofs.sh build/release && tests/release/tls.sh build/release

# What is built already is packed as it is. ARCH=arm64: by Debian's cross compiler. SIGNING_KEY: signed (docs/release.md).
dist:
	@cmake/packages.sh build dist $(ARCH)
	@cmake --preset $(RELEASE) > build-$(RELEASE).log 2>&1 || { cat build-$(RELEASE).log; exit 1; }
	@cmake --build --preset $(RELEASE) --target all baton-pages baton-sign -j $(JOBS)
	@cmake/dist.sh build/$(RELEASE)
	@tests/release/dist.sh build/$(RELEASE) build/dist $(ARCH)

# BASE: pulled from its registry; without it a Debian made by debootstrap.
image:
	@cmake/packages.sh image
	@cmake/image.sh $(BASE)
	@tests/release/image.sh

e2e: setup
	@cmake/packages.sh cluster
	@tests/e2e/run.sh

lint:
	@cmake/packages.sh build lint
	@cmake/lint.sh

fuzz:
	@cmake/packages.sh build fuzz
	@cmake --preset fuzz && cmake --build --preset fuzz -j $(JOBS)
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

bench:
	@cmake/packages.sh build bench
	@cmake --preset bench > build-bench.log 2>&1 || { cat build-bench.log; exit 1; }
	@cmake --build --preset bench -j $(JOBS)
	@tests/bench/bench.py build/bench/tests/bench/baton-bench build/bench docs/benchmarks.md

coverage:
	@cmake/packages.sh build servers lint
	@$(MAKE) test PRESET=coverage
	@cmake/coverage.sh build/coverage

# Worlds are tuned on seed 1 and reported on seed 2.
accuracy:
	@cmake/packages.sh build
	@cmake --preset bench > build-bench.log 2>&1 || { cat build-bench.log; exit 1; }
	@cmake --build --preset bench --target baton-accuracy -j $(JOBS)
	@build/bench/tests/accuracy/baton-accuracy 2 $(QUIET_WINDOWS) $(BAD_WINDOWS) > $(ACCURACY).new
	@mv $(ACCURACY).new $(ACCURACY)

# The long forms of what .ci/run does shortly: 140 kills, one before and one behind each write of a switch, 100 flipped
# bytes a file; verdicts on a real Prometheus, adoptions under load, an autoscaler and a budget that go with the traffic,
# canaries, rolling updates of Deployments, StatefulSets and DaemonSets, releases that cannot come up, releases under the
# Role that is printed for them, a guard inside the cluster whose runner is killed, every command of the pages; 500 releases of
# which every fifth call to the API server fails, 200 races of two deployers; in CI also what comes hours after a release;
# the release of arm64, that of this machine made again from nothing elsewhere, and what it needs to run.
prove:
	@cmake/packages.sh build servers cluster roots
	@$(MAKE) release dist && $(MAKE) dist ARCH=arm64
	@tests/release/reproducible.sh build/release && tests/release/roots.sh build/dist
	@for preset in asan tsan; do cmake --preset $$preset && cmake --build --preset $$preset --target all -j $(JOBS) && \
	  ctest --preset $$preset -j $$((2 * $(JOBS))) || exit 1; done
	@cmake --preset dev > /dev/null && cmake --build --preset dev -j $(JOBS)
	@folder=$$(mktemp -d) && tests/crash/kill.py build/dev $$folder/kill && \
	  build/dev/tests/crash/baton-acts --autoscaler --jobs 8 && build/dev/tests/crash/baton-trouble faults --rounds 500 && \
	  build/dev/tests/crash/baton-trouble race --rounds 200 && tests/crash/flip.py build/dev $$folder/flip --bytes 100 && \
	  tests/e2e/verdicts.sh build/dev $$folder/verdicts && tests/e2e/adoption.sh build/dev $$folder/adoption && \
	  tests/e2e/followers.sh build/dev $$folder/followers && tests/e2e/canary.sh build/dev $$folder/canary && \
	  tests/e2e/rolling.sh build/dev $$folder/rolling && tests/e2e/workloads.sh build/dev $$folder/workloads && \
	  tests/e2e/fail-fast.sh build/dev $$folder/fail-fast && tests/e2e/precheck.sh build/dev $$folder/precheck && \
	  tests/e2e/role.sh build/release $$folder/role && \
	  tests/e2e/install.sh build/release $$folder/install && tests/e2e/pages.sh build/dev $$folder/pages && \
	  tests/e2e/peers.sh build/dev $$folder/peers && tests/e2e/ci-github.sh build/dev $$folder/ci-github long && \
	  tests/e2e/ci-gitlab.sh build/dev $$folder/ci-gitlab long
