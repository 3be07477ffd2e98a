#!/bin/bash
# Builds metrics-server from its Go module into the user's cache, once, and prints the executable: autoscalers of a real
# cluster scale nothing without it.
#   metrics-server.sh [VERSION]      about three minutes on two cores
set -euo pipefail

version=${1:-v0.9.0}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
program=$cache/metrics-server-$version

if [ -x "$program" ]; then echo "$program"; exit 0; fi
command -v go > /dev/null || { echo "metrics-server.sh: go is missing; install Go 1.24 or newer" >&2; exit 2; }

mkdir -p "$cache"
exec 9> "$program.lock"
flock 9
if [ -x "$program" ]; then echo "$program"; exit 0; fi

module=$(mktemp -d); trap 'rm -rf "$module"' EXIT
cd "$module"
export CGO_ENABLED=0 GOFLAGS=-mod=mod
sources=$(go mod download -json "sigs.k8s.io/metrics-server@$version" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
# The versions that it was released with, not the newest ones of what it needs.
{ echo "module baton.local/metrics-server"; grep -vE '^module ' "$sources/go.mod"; } > go.mod
echo "require sigs.k8s.io/metrics-server $version" >> go.mod
install -m 644 "$sources/go.sum" go.sum
go build -trimpath -ldflags "-s -w" -o "$program.new" sigs.k8s.io/metrics-server/cmd/metrics-server >&2
mv "$program.new" "$program"
echo "$program"
