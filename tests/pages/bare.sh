#!/bin/bash
# README's lines on a Debian that has curl and no compiler: from the archive to a first verdict, in under a minute.
#   bare.sh DIST     what make dist made; needs root and debootstrap
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dist=$(cd "$1" && pwd)
fail() { echo "bare: FAILED: $*" >&2; exit 1; }
base=${XDG_CACHE_HOME:-$HOME/.cache}/baton/debian-12-curl.tar
"$source/cmake/debian.sh" "$base" curl ca-certificates
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tar -C "$root" -xf "$base"
mkdir -p "$root/dist" "$root/root/build"
cp "$dist"/baton-*.tar.gz "$dist"/SHA256SUMS "$root/dist/"
cp "$source/tests/e2e/site/reports/coverage.xml" "$root/root/build/"   # a reader's own
"$source/tests/pages/commands.py" "$source/README.md" > "$root/root/readme.sh"
inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/root/.local/bin:/usr/bin:/bin DOWNLOADS=file:///dist bash -c "cd; $1"; }
for compiler in cc gcc g++ clang make cmake; do ! inside "command -v $compiler" || fail "it has $compiler"; done
begun=$SECONDS
inside "bash readme.sh" > "$root/log" 2>&1 || { cat "$root/log"; fail "README's lines"; }
grep -q 'Test coverage: .* ✅' "$root/log" || { cat "$root/log"; fail "no verdict on the coverage"; }
[ $((SECONDS - begun)) -lt 60 ] || fail "it took $((SECONDS - begun)) s"
echo "bare: from the archive to the first verdict in $((SECONDS - begun)) s"
