#!/bin/bash
# Writes SHA256SUMS of what lies in a folder of releases: sums.sh OUT SIGN…
# Of all architectures that are of the commit that is checked out; what an older one left goes. With SIGNING_KEY (a PKCS#8 key in
# PEM, or its file) each provenance and a statement of all files are signed, by the command SIGN (baton-sign), as sigstore bundles:
# FILE.sigstore.json beside each provenance and the sums.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$1" && pwd); shift
say() { echo "dist: $*"; }
fail() { echo "dist: $*" >&2; exit 1; }
commit=$(git -C "$here" rev-parse HEAD)

cd "$out"
shopt -s nullglob
rm -f ./*.sigstore.json SHA256SUMS
files=()
for provenance in baton-*.intoto.json; do
  name=${provenance%.intoto.json}
  if [ "$(jq -r .predicate.buildDefinition.externalParameters.commit "$provenance")" != "$commit" ]; then
    say "$name is of another commit: removed"
    rm -f "$name".*
    continue
  fi
  files+=("$name".intoto.json "$name".spdx.json "$name".tar.gz)
done
[ ${#files[@]} -gt 0 ] || fail "$out holds nothing of commit $commit: run make dist"
sha256sum "${files[@]}" > SHA256SUMS
[ -n "${SIGNING_KEY:-}" ] || exit 0

[ -z "$(git -C "$here/.." status --porcelain)" ] || fail "the checkout holds changes that are in no commit: nothing of it is signed; commit or remove them"
for provenance in *.intoto.json; do "$@" "$provenance" > "$provenance.sigstore.json"; done
statement=$(mktemp)
trap 'rm -f "$statement"' EXIT
sha256sum SHA256SUMS "${files[@]}" | jq -Rn --arg commit "$commit" '{"_type": "https://in-toto.io/Statement/v1",
  subject: [inputs | {name: .[66:], digest: {sha256: .[:64]}}], predicateType: "urn:baton:release:v1", predicate: {commit: $commit}}' > "$statement"
"$@" "$statement" > SHA256SUMS.sigstore.json
say "signed: $(echo *.sigstore.json)"
