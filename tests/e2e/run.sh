#!/bin/bash
# End to end: releases on a real Kubernetes, then through both CI runners against the playground. Root; needs Go and Node.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
cmake --preset release > /dev/null
cmake --build --preset release -j "$(nproc)" > /dev/null
work=$(mktemp -d)
status=0
"$here/releases.sh" build/release "$work" || status=$?
[ $status = 0 ] && rm -rf "$work" || echo "e2e: logs lie in $work"
exit $status
