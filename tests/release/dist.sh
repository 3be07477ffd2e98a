#!/bin/bash
# Proves what make dist promises: dist.sh BUILD DIST [ARCHITECTURE]
# Sums; executables that say their version, under qemu if they are another architecture's; README's lines that install them; manual
# pages and completions of --help's words; every library that the linker itself takes anything of, at the version that is
# installed, in the SBOM and its licence in the notices; a provenance of these files; the same bytes from another checkout, with
# another umask, to another folder; and signatures that openssl accepts by docs/release.md's lines, and none over anything else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
dist=$(cd "$2" && pwd)
architecture=${3:-$(dpkg --print-architecture)}
declare -A emulators=([amd64]=qemu-x86_64-static [arm64]=qemu-aarch64-static)
run=()
[ "$architecture" = "$(dpkg --print-architecture)" ] || run=("${emulators[$architecture]}")
sysroot=$(readlink "$build/sysroot" || true)
tools=(precheck migrate switch watch finalize)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "dist: $*"; }
fail() { echo "dist: FAILED: $*" >&2; exit 1; }
version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$source/CMakeLists.txt")
name=baton-$version-linux-$architecture
archive=$dist/$name.tar.gz
sbom=$dist/$name.spdx.json
provenance=$dist/$name.intoto.json
head=$(git -C "$source" rev-parse HEAD)

prove_archive() {
  (cd "$dist" && sha256sum --check --strict --quiet SHA256SUMS) || fail "the sums are of other files"
  [ "$(cut -c67- "$dist/SHA256SUMS" | grep -F "$name." | xargs)" = "$name.intoto.json $name.spdx.json $name.tar.gz" ] ||
    fail "SHA256SUMS is not of all three files"
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
    [ "$(env -i PATH="$PATH" "${run[@]}" "$work/$name/bin/baton-$tool" --version)" = "baton-$tool $version" ] || fail "baton-$tool does not say that it is $version"
    [ "$(sha256sum < "$work/$name/bin/baton-$tool")" = "$(jq -r --arg name "baton-$tool" '.packages[] | select(.name == $name) |
      .checksums[0].checksumValue' "$sbom")  -" ] || fail "the SBOM is of another baton-$tool"
  done
  say "$name.tar.gz is whole, of the commit's date, and its five executables say $version"
}

# -t twice: the linker's own list of the members that it takes, "(archive)member", and of the objects. What lies in slim/ is
# the C++ library's own member, smaller.
linked_by() { # TOOL
  local command; command=$(ninja -C "$build" -t commands -s "baton-$1" | sed -E 's/^: && //; s/ && :.*//')
  (cd "$build" && eval "$command" -o "$work/linked" -Wl,-t,-t 2> "$work/link.log") > "$work/trace" || { cat "$work/link.log"; fail "baton-$1 does not link"; }
  sed -nE 's/^\((.+\.a)\).*/\1/p; s/^([^(]+\.o)$/\1/p' "$work/trace" | sed 's|^.*slim/.*\.o$|libstdc++.a|' | grep -v 'CMakeFiles/' | xargs -n 1 basename | grep -v '^libbaton_' | sort -u
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
  ninja -C "$build" -t deps 2> /dev/null | sed -nE "s#^ +$sysroot(/usr/(include|lib)/[^ ]+)\$#\1#p" | sort -u |
    xargs dpkg-query --admindir="$sysroot/var/lib/dpkg" -S | sed -E 's/: .*//' | sort -u | xargs dpkg-query --admindir="$sysroot/var/lib/dpkg" -W -f '${source:Package} ${source:Version}\n' | grep -vE '^(linux|pcre3) ' | sort -u > "$work/read"
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

prove_provenance() {
  local file changed=false
  jq -e '._type == "https://in-toto.io/Statement/v1" and .predicateType == "https://slsa.dev/provenance/v1" and
    keys == ["_type", "predicate", "predicateType", "subject"] and (.predicate.runDetails.builder.id | length > 0)' "$provenance" > /dev/null ||
    fail "the provenance is no in-toto statement of SLSA's kind"
  for file in "$archive" "$sbom"; do
    [ "$(sha256sum < "$file")" = "$(jq -r --arg name "$(basename "$file")" '.subject[] | select(.name == $name).digest.sha256' "$provenance")  -" ] ||
      fail "the provenance is not of $(basename "$file")"
  done
  [ -z "$(git -C "$source" status --porcelain)" ] || changed=true
  jq -e --arg commit "$head" --argjson changed $changed '.predicate.buildDefinition | .externalParameters.commit == $commit and
    (.resolvedDependencies[0] | .digest.gitCommit == $commit and (.annotations.changedSince // false) == $changed)' "$provenance" > /dev/null ||
    fail "the provenance is of another source than $head"
  jq -e --slurpfile sbom "$sbom" '[.predicate.buildDefinition.resolvedDependencies[].uri // empty] as $all |
    ([$sbom[0].packages[].externalRefs[]?.referenceLocator] - $all) == [] and any($all[]; startswith("pkg:deb/debian/g%2B%2B-12"))' \
    "$provenance" > /dev/null || fail "the provenance names less than the SBOM, or no compiler"
  for file in "$source" "$build" "$HOME"; do
    ! grep -F "$file/" "$provenance" "$sbom" || fail "where it was built is nobody's business: $file"
  done
  say "the provenance is of the archive and its SBOM, of commit $head, and of $(jq '.predicate.buildDefinition.resolvedDependencies | length' "$provenance") sources and packages"
}

prove_sameness() {
  git clone -q --no-hardlinks "$source" "$work/elsewhere"
  git -C "$work/elsewhere" checkout -q "$head"
  (umask 077 && unset SIGNING_KEY && TZ=Asia/Tokyo LANG=C "$work/elsewhere/cmake/dist.sh" "$build" "$work/again" > /dev/null) || fail "it cannot be packed elsewhere"
  local file
  for file in tar.gz spdx.json intoto.json; do
    [ $file != intoto.json ] || [ -z "$(git -C "$source" status --porcelain)" ] || continue   # that there are changes is said there
    cmp "$dist/$name.$file" "$work/again/$name.$file" || fail "packed elsewhere, with another umask, it has other bytes"
  done
  say "packed from another checkout, with another umask, to another folder it has the same bytes"
}

lines_of() { # PAGE HEADING: the shell's lines below it
  sed -n "/^## $2/,/^## /p" "$source/$1" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d'
}

# The page's lines, as they are, in the folder of a release.
verify() { # FOLDER KEY
  (cd "$1" && KEY=$2 bash -ec "$(lines_of docs/release.md 'Verify it')") > "$work/said" 2>&1
}

refuses() { # WHAT FILE CHANGE: once FILE is another one, the page's lines end badly
  rm -rf "$work/altered"
  cp -r "$work/signed" "$work/altered"
  LC_ALL=C sed -i "$3" "$work/altered/$2"
  ! cmp -s "$work/signed/$2" "$work/altered/$2" || fail "$1: nothing was altered"
  ! verify "$work/altered" "$work/key.pem" || { cat "$work/said"; fail "$1 is not refused"; }
}

# From the clean checkout that prove_sameness leaves.
prove_signatures() {
  local kind sign=("$work/elsewhere/cmake/sums.sh" "$work/signed" "${run[@]}" "$build/baton-sign")
  for kind in "ed25519" "EC -pkeyopt ec_paramgen_curve:P-256"; do
    # shellcheck disable=SC2086 # the words of a kind are words
    openssl genpkey -algorithm $kind -out "$work/private.pem" 2> /dev/null
    openssl pkey -in "$work/private.pem" -pubout -out "$work/key.pem"
    openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out "$work/other.pem"
    rm -rf "$work/signed"
    cp -r "$work/again" "$work/signed"
    SIGNING_KEY=$work/private.pem "${sign[@]}" > "$work/said" || { cat "$work/said"; fail "a release cannot be signed"; }
    verify "$work/signed" "$work/key.pem" || { cat "$work/said"; fail "docs/release.md's lines do not verify a signed release"; }
    ! verify "$work/signed" "$work/other.pem" || fail "a signature by another key is accepted"
    refuses "an archive of another time" "$name.tar.gz" '1s/^\(...\)./\1x/'
    refuses "a sum" SHA256SUMS '1s/^./x/'
    refuses "one more sum" SHA256SUMS '$a\'"$(printf '%064d' 0)  more"
    refuses "another provenance" "$name.intoto.json" 's/make dist/make dust/'
    refuses "another statement" "$name.intoto.json.sigstore.json" 's/"payload": "e/"payload": "f/'
    refuses "another signature" SHA256SUMS.sigstore.json 's/"sig": "../"sig": "xx/'
    say "signed with ${kind%% *}, it is accepted by openssl; six altered ones and another key are refused"
  done
  SIGNING_KEY="$(cat "$work/private.pem")" "${sign[@]}" > "$work/said" || { cat "$work/said"; fail "a key that is given as text is not taken"; }
  verify "$work/signed" "$work/key.pem" || fail "a key that is given as text signs otherwise"
  ! SIGNING_KEY="-----BEGIN PRIVATE KEY-----nonsense" "${sign[@]}" > "$work/said" 2>&1 || fail "nonsense signs"
  ! grep -q nonsense "$work/said" || fail "what was given as a key is printed"
  touch "$work/elsewhere/more"
  ! SIGNING_KEY=$work/private.pem "${sign[@]}" > "$work/said" 2>&1 || fail "changes that are in no commit are signed"
  grep -q 'in no commit: nothing of it is signed' "$work/said" || fail "it is not said why nothing is signed"
  rm "$work/elsewhere/more"
}

# The lines of README's first screen, as they are, but for the folder that is root's.
prove_readme() {
  mkdir -p "$work/install" "$work/prefix"
  lines_of README.md 'Install it' > "$work/lines"
  [ "$(wc -l < "$work/lines")" = 3 ] || fail "README does not install in three lines"
  (cd "$work/install" && DOWNLOADS="file://$dist" bash -ec "$(sed "s#~/.local#$work/prefix#g; s/linux-amd64/linux-$architecture/g" "$work/lines")" > "$work/said" 2>&1) ||
    { cat "$work/said"; fail "README's lines do not install"; }
  grep -qx "$name.tar.gz: OK" "$work/said" || fail "README's lines check no sum"
  [ "$("${run[@]}" "$work/prefix/bin/baton-switch" --version)" = "baton-switch $version" ] || fail "README's lines install nothing that runs"
  say "README's three lines install $version"
}

prove_archive
prove_readme
"$here/pages.py" "$work/$name/bin" "$work/$name" "${run[@]}"
prove_sbom
prove_provenance
prove_sameness
prove_signatures
say "done"
