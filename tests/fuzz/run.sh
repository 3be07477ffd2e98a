#!/bin/bash
# Runs every fuzz target of a build for some seconds each, from its seeds: run.sh BUILD SECONDS
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1 seconds=$2
passed=0 failed=0
for target in "$build"/tests/fuzz/*_fuzz; do
  name=$(basename "$target" _fuzz)
  work=$(mktemp -d)
  mkdir -p "$work/corpus"
  seeds=(); [ ! -d "$here/corpus/$name" ] || seeds=("$here/corpus/$name")
  if "$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -artifact_prefix="$work/" "$work/corpus" "${seeds[@]}" > "$work/log" 2>&1; then
    passed=$((passed + 1))
    echo "fuzz $name: clean, $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$work/log") runs"
    rm -rf "$work"
  else
    failed=$((failed + 1))
    echo "fuzz $name: FAILED; the input lies in $work"
    tail -n 30 "$work/log"
  fi
done
echo "fuzz: $passed clean, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
