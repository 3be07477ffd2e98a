#!/bin/bash
# Proves what make dist promises: dist.sh BUILD DIST
# Sums; executables that say their version; README's lines that install them; manual pages and completions of --help's words;
# every library that the linker itself takes anything of, at the version that is installed, in the SBOM and its licence in the
# notices; and the same bytes from another checkout, with another umask, to another folder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
dist=$(cd "$2" && pwd)
tools=(precheck migrate switch watch finalize)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "dist: $*"; }
fail() { echo "dist: FAILED: $*" >&2; exit 1; }
version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$source/CMakeLists.txt")
archive=$(echo "$dist/baton-$version-linux-"*.tar.gz)
name=$(basename "$archive" .tar.gz)
sbom=$dist/$name.spdx.json

prove_archive() {
  (cd "$dist" && sha256sum --check --strict --quiet SHA256SUMS) || fail "the sums are of other files"
  [ "$(cut -c67- "$dist/SHA256SUMS" | xargs)" = "$name.spdx.json $name.tar.gz" ] || fail "SHA256SUMS is not of both files"
  local date; date=$(TZ='' git -C "$source" log -1 --format=%cd --date=format-local:'%Y-%m-%d %H:%M:%S')
  ! TZ='' tar --numeric-owner --full-time -tvzf "$archive" | grep -vE "^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) 0/0 +[0-9]+ $date $name/" ||
    fail "the archive holds something of another owner, mode, date or folder"
  tar -xzf "$archive" -C "$work"
  local tool files
  files=$(cd "$work/$name" && find . -type f | sort)
  [ "$files" = "$({ printf './bin/baton-%s\n' "${tools[@]}"; printf './share/man/man1/baton-%s.1\n' "${tools[@]}"
    printf './share/bash-completion/completions/baton-%s\n' "${tools[@]}"; printf './share/zsh/site-functions/_baton-%s\n' "${tools[@]}"
    printf './share/fish/vendor_completions.d/baton-%s.fish\n' "${tools[@]}"; printf './share/doc/baton/%s\n' LICENSE THIRD-PARTY-NOTICES
    git -C "$source" ls-files ci-templates | sed 's#^#./share/baton/#'; } | sort)" ] || { echo "$files"; fail "the archive holds other files"; }
  for tool in "${tools[@]}"; do
    [ "$(env -i "$work/$name/bin/baton-$tool" --version)" = "baton-$tool $version" ] || fail "baton-$tool does not say that it is $version"
    [ "$(sha256sum < "$work/$name/bin/baton-$tool")" = "$(jq -r --arg name "baton-$tool" '.packages[] | select(.name == $name) |
      .checksums[0].checksumValue' "$sbom")  -" ] || fail "the SBOM is of another baton-$tool"
  done
  say "$name.tar.gz is whole, of the commit's date, and its five executables say $version"
}

# -t twice: the linker's own list of the members that it takes, "(archive)member", and of the objects.
linked_by() { # TOOL
  local command; command=$(ninja -C "$build" -t commands -s "baton-$1" | sed -E 's/^: && //; s/ && :.*//')
  (cd "$build" && eval "$command" -o "$work/linked" -Wl,-t,-t 2> "$work/link.log") > "$work/trace" || { cat "$work/link.log"; fail "baton-$1 does not link"; }
  sed -nE 's/^\((.+\.a)\).*/\1/p; s/^([^(]+\.o)$/\1/p' "$work/trace" | grep -v 'CMakeFiles/' | xargs -n 1 basename | grep -v '^libbaton_' | sort -u
}

prove_sbom() {
  local tool library count=0 listed
  for tool in "${tools[@]}"; do
    jq -r --arg tool "SPDXRef-baton-$tool" '(.packages | map({(.SPDXID): .name}) | add) as $names | .relationships[] |
      select(.spdxElementId == $tool and .relationshipType == "STATIC_LINK") | $names[.relatedSpdxElement]' "$sbom" | sort > "$work/listed"
    linked_by "$tool" > "$work/taken"
    count=$(wc -l < "$work/taken")
    [ "$count" -gt 10 ] || fail "the linker's list of baton-$tool reads otherwise"
    listed=$(comm -23 "$work/taken" "$work/listed")
    [ -z "$listed" ] || fail "baton-$tool is linked of what the SBOM does not say: $(xargs <<< "$listed")"
    say "the $count libraries and objects that baton-$tool holds something of are in the SBOM"
  done
  # What no linker sees: of which packages headers are read. Of the kernel's, and of PCRE, which is left out, declarations only.
  ninja -C "$build" -t deps 2> /dev/null | sed -nE 's#^ +(/usr/(include|lib)/[^ ]+)$#\1#p' | sort -u | xargs dpkg-query -S |
    sed -E 's/: .*//' | sort -u | xargs dpkg-query -W -f '${source:Package} ${source:Version}\n' | grep -vE '^(linux|pcre3) ' | sort -u > "$work/read"
  [ "$(wc -l < "$work/read")" -gt 5 ] || fail "ninja's list of headers reads otherwise"
  jq -r '.packages[] | .sourceInfo // empty' "$sbom" | sed 's/.*source package //' | sort -u > "$work/sources"
  [ -z "$(comm -23 "$work/read" "$work/sources")" ] || fail "headers of packages that the SBOM does not list at that version: $(comm -23 "$work/read" "$work/sources" | xargs)"
  while read -r library; do
    grep -qxF "$library" "$work/$name/share/doc/baton/THIRD-PARTY-NOTICES" || fail "the notices have no terms of $library"
  done < "$work/sources"
  jq -e '[.packages[].SPDXID] as $all | ($all | length) == ($all | unique | length) and
    all(.relationships[]; .spdxElementId as $one | .relatedSpdxElement as $other | ($all + ["SPDXRef-DOCUMENT"] | contains([$one, $other])))' \
    "$sbom" > /dev/null || fail "the SBOM has an id twice, or one that is nobody's"
  say "$(wc -l < "$work/sources") source packages are in the SBOM, with their terms in the notices"
}

prove_sameness() {
  git clone -q --no-hardlinks "$source" "$work/elsewhere"
  git -C "$work/elsewhere" checkout -q "$(git -C "$source" rev-parse HEAD)"
  (umask 077 && TZ=Asia/Tokyo LANG=C "$work/elsewhere/cmake/dist.sh" "$build" "$work/again" > /dev/null) || fail "it cannot be packed elsewhere"
  diff -r "$dist" "$work/again" || fail "packed elsewhere, with another umask, it has other bytes"
  say "packed from another checkout, with another umask, to another folder it has the same bytes"
}

# The lines of README's first screen, as they are, but for the folder that is root's.
prove_readme() {
  mkdir -p "$work/install" "$work/prefix"
  sed -n '/^## Install it/,/^## Use it/p' "$source/README.md" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d' > "$work/lines"
  [ "$(wc -l < "$work/lines")" = 3 ] || fail "README does not install in three lines"
  (cd "$work/install" && DOWNLOADS="file://$dist" bash -ec "$(sed "s#/usr/local#$work/prefix#" "$work/lines")" > "$work/said" 2>&1) ||
    { cat "$work/said"; fail "README's lines do not install"; }
  grep -qx "$name.tar.gz: OK" "$work/said" || fail "README's lines check no sum"
  [ "$("$work/prefix/bin/baton-switch" --version)" = "baton-switch $version" ] || fail "README's lines install nothing that runs"
  say "README's three lines install $version"
}

prove_archive
prove_readme
"$here/pages.py" "$work/$name/bin" "$work/$name"
prove_sbom
prove_sameness
say "done"
