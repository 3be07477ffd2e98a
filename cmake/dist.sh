#!/bin/bash
# Packs a release build as it stands: dist.sh BUILD [OUT], OUT being BUILD's neighbour dist.
#   baton-VERSION-linux-ARCH.tar.gz      one folder, laid out like a prefix: bin, share with manual pages, completions, licence,
#                                        third-party notices and ci-templates
#   baton-VERSION-linux-ARCH.spdx.json   what the executables are linked of
#   SHA256SUMS                           of both
# The same commit and executables give the same bytes, whoever packs them wherever: files in order, with the commit's date, of
# nobody's. What is not built is taken from the commit.
set -euo pipefail
export LC_ALL=C TZ=UTC
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
out=${2:-$build/../dist}
tools=(precheck migrate switch watch finalize)
declare -A architectures=(["Advanced Micro Devices X86-64"]=amd64 [AArch64]=arm64)   # readelf's words, Debian's names
say() { echo "dist: $*"; }
fail() { echo "dist: $*" >&2; exit 1; }
cd "$here/.."

for tool in "${tools[@]}"; do
  [ -x "$build/baton-$tool" ] || fail "$build has no baton-$tool: run make release"
done
[ -x "$build/baton-pages" ] || fail "$build has no baton-pages: run make dist"
# What the recipe would link next time is what was linked only if it has not changed since.
prefix=$(readlink "$build/deps")
[ "$prefix" = "$("$here/build-deps.sh")" ] || fail "$build links libraries of another recipe: remove that folder, then run make release"
[ -z "$(git status --porcelain)" ] || say "the checkout holds changes that are in no commit; the date is that of the last one"

version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
machine=$(readelf -h "$build/baton-precheck" | sed -nE 's/^ *Machine: +//p')
architecture=${architectures[$machine]:?readelf names a machine that has no name here}
name=baton-$version-linux-$architecture
date=$(git log -1 --format=%ct)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

strip=$(sed -n 's/^CMAKE_STRIP:FILEPATH=//p' "$build/CMakeCache.txt")
mkdir -p "$work/$name"/{bin,share/doc/baton,share/baton}
for tool in "${tools[@]}"; do "$strip" -o "$work/$name/bin/baton-$tool" "$build/baton-$tool"; done
"$build/baton-pages" "$work/$name" "$(date -d "@$date" +%F)"
git archive HEAD ci-templates | tar -x -C "$work/$name/share/baton"
git archive HEAD LICENSE | tar -x -C "$work/$name/share/doc/baton"
"$here/sbom.py" "$build" "$prefix" "$work/$name" "$version" "$date" > "$work/$name.spdx.json"

mkdir -p "$out"
find "$work/$name" -type d -exec chmod 755 {} +
find "$work/$name" -type f -exec chmod a=r,u+w {} +
chmod a+x "$work/$name"/bin/*
tar -C "$work" --sort=name --format=ustar --mtime="@$date" --owner=0 --group=0 --numeric-owner -c "$name" | gzip -9n > "$work/$name.tar.gz"
(cd "$work" && sha256sum "$name.spdx.json" "$name.tar.gz" > SHA256SUMS)
install -m 644 "$work/$name.tar.gz" "$work/$name.spdx.json" "$work/SHA256SUMS" "$out"
say "$name.tar.gz has $(stat -c %s "$out/$name.tar.gz") bytes, $(jq '[.packages[] | select(.name | endswith(".a"))] | length' \
  "$out/$name.spdx.json") static libraries in its SBOM"
