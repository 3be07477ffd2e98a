#!/bin/bash
# clang-format, clang-tidy's named list, cppcheck. Files that were clean before with the same content, headers, list and
# tools are not looked at again: their keys lie in the user's cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton/lint
mkdir -p "$cache"
failed=0

mapfile -t sources < <(git ls-files 'common/*.cpp' 'tools/*.cpp')
mapfile -t all < <(git ls-files '*.cpp' '*.h')

echo "lint: clang-format, ${#all[@]} files"
clang-format-14 --dry-run -Werror "${all[@]}" || failed=1

# A finding may come from any header: all of them are part of every key.
headers=$(git ls-files -z 'common/*.h' 'tools/*.h' .clang-tidy | xargs -0 sha256sum | sha256sum | cut -c1-16)
version=$(clang-tidy-14 --version | sha256sum | cut -c1-8)
unclean=()
for source in "${sources[@]}"; do
  key=$(sha256sum "$source" | cut -c1-32)-$headers-$version
  [ -e "$cache/$key" ] || unclean+=("$source:$key")
done
echo "lint: clang-tidy, ${#unclean[@]} of ${#sources[@]} files changed"
if [ ${#unclean[@]} -gt 0 ]; then
  cmake --preset tidy > /dev/null
  export cache
  printf '%s\n' "${unclean[@]}" | xargs -P "$(nproc)" -I{} bash -c '
    source=${1%%:*} key=${1##*:}
    if clang-tidy-14 --quiet -p build/tidy "$source" 2> /dev/null; then touch "$cache/$key"; else echo "lint: $source"; exit 1; fi' _ {} || failed=1
fi

echo "lint: cppcheck"
cppcheck --quiet --std=c++20 --language=c++ --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
  --suppress=internalAstError --suppress=syntaxError --suppress=unknownMacro -j "$(nproc)" -I . --cppcheck-build-dir="$cache" "${sources[@]}" || failed=1

[ $failed = 0 ] && echo "lint: clean"
exit $failed
