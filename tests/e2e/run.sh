#!/bin/bash
# End to end: releases on a real Kubernetes, then through both CI runners against the playground. Root; needs Go and Node.
#   run.sh [BUILD [PLAYGROUND]]   folders with the five executables, and with them and the playground; what is not given is built
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
build=${1:-build/release} playground=${2:-build/dev}
work=$(mktemp -d)
chmod 755 "$work"
trap : INT TERM   # what runs below gets them too, and clears up before it ends

logged() { # NAME COMMAND…: its log is shown when it fails
  local name=$1; shift
  "$@" > "$work/$name.log" 2>&1 || { cat "$work/$name.log"; echo "e2e: FAILED: $*"; return 1; }
}

[ $# -gt 0 ] || {
  logged configure cmake --preset release
  logged build cmake --build --preset release -j "$(nproc)"
}
[ $# -gt 1 ] || {
  logged configure-playground cmake --preset dev
  logged build-playground cmake --build --preset dev -j "$(nproc)"
}
logged kubernetes tests/cluster/kubernetes.sh

status=0
"$here/releases.sh" "$build" "$work/releases" || status=$?
"$here/ci-github.sh" "$playground" "$work/ci-github" || status=$?
"$here/ci-gitlab.sh" "$playground" "$work/ci-gitlab" || status=$?
if [ $status = 0 ]; then rm -rf "$work"; else echo "e2e: logs lie in $work"; fi
exit $status
