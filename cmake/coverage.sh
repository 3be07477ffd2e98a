#!/bin/bash
# Runs the tests of a coverage build and holds common/ and tools/ to 85 % of their lines: coverage.sh BUILD
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
find "$build" -name '*.gcda' -delete
ctest --test-dir "$build" -j "$(nproc)" --output-on-failure > "$build/ctest.log" || { tail -n 60 "$build/ctest.log"; exit 1; }
gcovr --root . --filter 'common/' --filter 'tools/' --exclude-throw-branches --print-summary --fail-under-line 85 \
  --txt "$build/coverage.txt" -j "$(nproc)" "$build"
