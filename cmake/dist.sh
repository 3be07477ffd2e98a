#!/bin/bash
# Packs a release build as it stands: dist.sh BUILD [OUT], OUT being BUILD's neighbour dist.
#   baton-VERSION-linux-ARCH.tar.gz      one folder, laid out like a prefix: bin, share with manual pages, completions, licence,
#                                        third-party notices and ci-templates
#   baton-VERSION-linux-ARCH.spdx.json   what the executables are linked of
#   baton-VERSION-linux-ARCH.intoto.json how both were made
#   SHA256SUMS                           of all three, of all architectures in OUT; signed where SIGNING_KEY is given (sums.sh)
# The same commit and executables give the same bytes, whoever packs them wherever: files in order, with the commit's date, of
# nobody's. What is not built is taken from the commit.
set -euo pipefail
export LC_ALL=C TZ=UTC
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
out=${2:-$build/../dist}
tools=(precheck migrate switch watch finalize)
declare -A emulators=([amd64]=qemu-x86_64-static [arm64]=qemu-aarch64-static)
declare -A architectures=(["Advanced Micro Devices X86-64"]=amd64 [AArch64]=arm64)   # readelf's words, Debian's names
say() { echo "dist: $*"; }
fail() { echo "dist: $*" >&2; exit 1; }
cd "$here/.."

for tool in "${tools[@]}"; do
  [ -x "$build/baton-$tool" ] || fail "$build has no baton-$tool: run make release"
done
for tool in pages sign; do
  [ -x "$build/baton-$tool" ] || fail "$build has no baton-$tool: run make dist"
done
machine=$(readelf -h "$build/baton-precheck" | sed -nE 's/^ *Machine: +//p')
architecture=${architectures[$machine]:?readelf names a machine that has no name here}
# What the recipe would link next time is what was linked only if it has not changed since.
prefix=$(readlink "$build/deps")
[ "$prefix" = "$("$here/build-deps.sh" "$architecture")" ] || fail "$build links libraries of another recipe: remove that folder, then run make release"
[ -z "$(git status --porcelain)" ] || say "the checkout holds changes that are in no commit; the date is that of the last one"

version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
name=baton-$version-linux-$architecture
date=$(git log -1 --format=%ct)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

strip=$(sed -n 's/^CMAKE_STRIP:FILEPATH=//p' "$build/CMakeCache.txt")
run=()   # what is of another architecture runs under qemu
[ "$architecture" = "$(dpkg --print-architecture)" ] || run=("${emulators[$architecture]}")
mkdir -p "$work/$name"/{bin,share/doc/baton,share/baton}
for tool in "${tools[@]}"; do "$strip" -o "$work/$name/bin/baton-$tool" "$build/baton-$tool"; done
"${run[@]}" "$build/baton-pages" "$work/$name" "$(date -d "@$date" +%F)"
git archive HEAD ci-templates | tar -x -C "$work/$name/share/baton"
git archive HEAD LICENSE | tar -x -C "$work/$name/share/doc/baton"
"$here/sbom.py" "$build" "$prefix" "$work/$name" "$version" "$date" > "$work/$name.spdx.json"

mkdir -p "$out"
find "$work/$name" -type d -exec chmod 755 {} +
find "$work/$name" -type f -exec chmod a=r,u+w {} +
chmod a+x "$work/$name"/bin/*
tar -C "$work" --sort=name --format=ustar --mtime="@$date" --owner=0 --group=0 --numeric-owner -c "$name" | gzip -9n > "$work/$name.tar.gz"
recipe=${prefix##*/deps-}
"$here/provenance.py" "$work/$name.spdx.json" "$architecture" "$(git rev-parse HEAD)" "$recipe" "$version" \
  "$work/$name.tar.gz" "$work/$name.spdx.json" > "$work/$name.intoto.json"
install -m 644 "$work/$name.tar.gz" "$work/$name.spdx.json" "$work/$name.intoto.json" "$out"
"$here/sums.sh" "$out" "${run[@]}" "$build/baton-sign"
say "$name.tar.gz has $(stat -c %s "$out/$name.tar.gz") bytes, $(jq '[.packages[] | select(.name | endswith(".a"))] | length' \
  "$out/$name.spdx.json") static libraries in its SBOM"
