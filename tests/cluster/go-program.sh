#!/bin/bash
# Builds a program from its Go module into the user's cache, once, and prints the executable. Beside it lie the folders of
# the module that are named.
#   go-program.sh NAME MODULE VERSION PACKAGE [FOLDER…]
set -euo pipefail

name=$1 module=$2 version=$3 package=$4; shift 4
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
program=$cache/$name-$version

if [ -x "$program" ]; then echo "$program"; exit 0; fi
command -v go > /dev/null || { echo "go-program.sh: go is missing; install Go 1.24 or newer" >&2; exit 2; }

mkdir -p "$cache"
exec 9> "$program.lock"
flock 9
if [ -x "$program" ]; then echo "$program"; exit 0; fi

folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CGO_ENABLED=0 GOFLAGS=-mod=mod
sources=$(go mod download -json "$module@$version" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
# The versions that it was released with, not the newest ones of what it needs.
{ echo "module baton.local/$name"; grep -vE '^module ' "$sources/go.mod"; } > go.mod
echo "require $module $version" >> go.mod
install -m 644 "$sources/go.sum" go.sum
go build -trimpath -ldflags "-s -w" -o "$program.new" "$module/$package" >&2
for kept in "$@"; do rm -rf "$program-${kept##*/}"; cp -r --no-preserve=mode "$sources/$kept" "$program-${kept##*/}"; done
mv "$program.new" "$program"
echo "$program"
