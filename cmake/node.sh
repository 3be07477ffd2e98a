#!/bin/bash
# Prints the folder of a Node that npm's current packages take (20.17 or later): the machine's own, else one that npm brings
# into the user's cache once. Only tests need it.
set -euo pipefail
is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 17) ? 0 : 1)' 2> /dev/null
}

own=$(command -v node || true)
if [ -n "$own" ] && is_new_enough "$own"; then dirname "$own"; exit 0; fi
command -v npm > /dev/null || { echo "node.sh: npm is missing; as root run: apt-get install -y --no-install-recommends npm" >&2; exit 2; }

machine=$(uname -m)
package=node-linux-${machine/x86_64/x64}
package=${package/aarch64/arm64}
home=${XDG_CACHE_HOME:-$HOME/.cache}/baton/node-22
bin=$home/node_modules/$package/bin
if ! is_new_enough "$bin/node"; then
  mkdir -p "$home"
  npm install --prefix "$home" --no-audit --no-fund --loglevel=error "$package@22" >&2
  is_new_enough "$bin/node" || { echo "node.sh: npm's $package does not run" >&2; exit 1; }
fi
echo "$bin"
