#!/bin/sh
# Signs a handoff with our code and lets npm's @sigstore/verify judge it: accepted as it is, refused when altered. The same of what
# signs a release, where its build folder is given.
# usage: sigstore-verify.sh BUILD_FOLDER [RELEASE_FOLDER]   Needs Node >= 20.17 and npm; the verifier is installed once into the user's cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:?usage: sigstore-verify.sh BUILD_FOLDER [RELEASE_FOLDER]}
version=3.1.1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton/sigstore-verify-$version

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 17) ? 0 : 1)' || {
  echo "sigstore-verify: needs Node 20.17 or later, found $(node --version 2>/dev/null || echo none)" >&2
  exit 1
}
if [ ! -e "$cache/.complete" ]; then
  mkdir -p "$cache"
  printf '{"private": true, "dependencies": {"@sigstore/verify": "%s"}}\n' "$version" >"$cache/package.json"
  npm install --prefix "$cache" --no-audit --no-fund --ignore-scripts --loglevel=error
  touch "$cache/.complete"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
BATON_SIGSTORE_FOLDER=$folder "$build/tests/test_handoff" --gtest_filter='Child.WritesFilesForTheForeignVerifier' --gtest_brief=1
BATON_NODE_FOLDER=$cache node "$here/sigstore-verify.mjs" "$folder"
if [ $# -gt 1 ]; then
  openssl genpkey -algorithm ed25519 -out "$folder/ed25519.key"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/p256.key" 2>/dev/null
  for name in ed25519 p256; do
    openssl pkey -in "$folder/$name.key" -pubout -out "$folder/$name.pem"
    SIGNING_KEY=$folder/$name.key "$2/baton-sign" "$folder/payload.json" >"$folder/$name.sigstore.json"
  done
  BATON_NODE_FOLDER=$cache node "$here/sigstore-verify.mjs" "$folder"
fi
echo "sigstore-verify: @sigstore/verify $version accepts our bundles and refuses altered ones"
