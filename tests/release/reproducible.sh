#!/bin/bash
# Proves that anybody gets the same release out of the same commit: reproducible.sh BUILD
# BUILD is packed as it stands, whatever caches made it. Then docs/release.md's lines are followed in a folder of another depth:
# a clone, its static libraries built anew into a cache of their own, compiled without ccache, with another umask, time zone
# and language. Every byte of the archive and of its SBOM must be the same.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "reproducible: $*"; }
fail() { echo "reproducible: FAILED: $*" >&2; exit 1; }
[ -z "$(git -C "$source" status --porcelain)" ] || fail "the checkout holds changes that are in no commit"
lines=$(sed -n '/^## Make it again/,/^## /p' "$source/docs/release.md" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d')
[ -n "$lines" ] || fail "docs/release.md says nothing of making it again"

# Which of what was made along the way is another one.
show_differences() {
  local folder
  for folder in "$build" "$work/some/where/else/baton/build/release"; do
    [ -e "$folder/deps" ] || continue
    (cd "$folder" && find . -name '*.o' -path '*CMakeFiles*' -exec sha256sum {} + | sort -k 2
      cd deps/ && find lib -name '*.a' -exec sha256sum {} + | sort -k 2) > "$work/sums"
    [ -e "$work/sums.first" ] || mv "$work/sums" "$work/sums.first"
  done
  diff "$work/sums.first" "$work/sums" | sed -n 's/^> [0-9a-f]*  /  other bytes: /p' | head -n 20
}

mkdir -p "$work/some/where/else"
"$source/cmake/dist.sh" "$build" "$work/first" > /dev/null
start=$SECONDS
(
  cd "$work/some/where/else"
  export SOURCE=$source DOWNLOADED=$work/first BATON_DEPS_DIR=$work/deps CCACHE_DISABLE=1 TZ=Asia/Tokyo LC_ALL=C
  COMMIT=$(git -C "$source" rev-parse HEAD) && export COMMIT
  umask 077
  exec bash -ec "$lines"
) > "$work/log" 2>&1 || { tail -n 40 "$work/log"; show_differences; fail "made again elsewhere, it is not the same"; }
say "made again from nothing, elsewhere, with another umask, in $((SECONDS - start)) s"
for file in "$work"/first/*.{tar.gz,spdx.json}; do
  cmp "$file" "$work/some/where/else/baton/build/dist/${file##*/}" || fail "docs/release.md's lines see no difference in ${file##*/}"
  say "$(sha256sum < "$file" | cut -c1-64)  ${file##*/}, $(stat -c %s "$file") bytes, both times"
done
