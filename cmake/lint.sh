#!/bin/bash
# clang-format, clang-tidy's named list, cppcheck. Files that were clean before with the same content, headers, list and
# tools are not looked at again: their keys lie in the user's cache. LINT_UNTIL, in Unix seconds: clang-tidy begins no file
# after it, and says how many it left for the next run; it takes twenty seconds a file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton/lint
mkdir -p "$cache"
failed=0

mapfile -t sources < <(git ls-files 'common/*.cpp' 'tools/*.cpp' 'cmake/*.cpp')
mapfile -t all < <(git ls-files '*.cpp' '*.h')

echo "lint: clang-format, ${#all[@]} files"
clang-format-14 --dry-run -Werror "${all[@]}" || failed=1

# A file's key covers it and every header of ours that it includes, the list of checks and the tool itself.
version=$({ clang-tidy-14 --version; cat .clang-tidy; } | sha256sum | cut -c1-8)
export version
key_of() {
  local files; files=$(clang++-14 -std=c++20 -MM -MG -I. "$1" | tr -d '\\\n' | tr ' ' '\n' | grep -E '^(cmake|common|tools)/' | sort -u)
  echo "$1:$(xargs cat <<< "$files" | sha256sum | cut -c1-32)-$version"
}
export -f key_of
unclean=()
while IFS= read -r keyed; do
  [ -e "$cache/${keyed##*:}" ] || unclean+=("$keyed")
done < <(printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} bash -c 'key_of {}')
echo "lint: clang-tidy, ${#unclean[@]} of ${#sources[@]} files changed"
if [ ${#unclean[@]} -gt 0 ]; then
  cmake --preset tidy > /dev/null
  export cache
  printf '%s\n' "${unclean[@]}" | xargs -P "$(nproc)" -I{} bash -c '
    source=${1%%:*} key=${1##*:}
    [ -z "${LINT_UNTIL:-}" ] || [ "$EPOCHSECONDS" -lt "$LINT_UNTIL" ] || exit 0
    if clang-tidy-14 --quiet -p build/tidy "$source" 2> /dev/null; then touch "$cache/$key"; else echo "lint: $source"; exit 1; fi' _ {} || failed=1
fi

left=0
for keyed in "${unclean[@]}"; do [ -e "$cache/${keyed##*:}" ] || left=$((left + 1)); done
[ $left = 0 ] || [ $failed = 1 ] || echo "lint: clang-tidy has not looked at $left files: its time was over; make lint looks at all"

echo "lint: cppcheck"
cppcheck --quiet --std=c++20 --language=c++ --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
  --suppressions-list=cmake/cppcheck.txt -j "$(nproc)" -I . --cppcheck-build-dir="$cache" "${sources[@]}" || failed=1

[ $failed = 1 ] || [ $left = 0 ] || echo "lint: nothing found; clang-tidy has not looked at all"
[ $failed = 1 ] || [ $left -gt 0 ] || echo "lint: clean"
exit $failed
