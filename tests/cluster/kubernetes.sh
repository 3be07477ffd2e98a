#!/bin/bash
# Builds one Kubernetes release from its Go modules into the user's cache, once, and prints the folder.
#   kubernetes.sh [VERSION]      needs the Go that release asks for (1.34: Go 1.24); about six minutes on two cores
set -euo pipefail

version=${1:-v1.34.4}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
folder=$cache/kubernetes-$version
programs=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)

is_complete() { for program in "${programs[@]}"; do [ -x "$folder/$program" ] || return 1; done; }

if is_complete; then echo "$folder"; exit 0; fi
command -v go > /dev/null || { echo "kubernetes.sh: go is missing; install Go 1.24 or newer, it builds the cluster's binaries" >&2; exit 2; }

mkdir -p "$cache"
exec 9> "$cache/kubernetes-$version.lock"
flock 9                                     # somebody else may be building the same release
if is_complete; then echo "$folder"; exit 0; fi

module=$(mktemp -d); trap 'rm -rf "$module"' EXIT
cd "$module"
export CGO_ENABLED=0 GOFLAGS=-mod=mod
sources=$(go mod download -json "k8s.io/kubernetes@$version" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')

# In the archive of a release its own libraries (staging/…) are replaced by folders that the archive leaves out; the same
# libraries are published as modules of their own, numbered v0 instead of v1.
awk -v staging="v0.${version#v1.}" '
  BEGIN { print "module baton.local/cluster" }
  /^(go|godebug) / { print }
  /^require \(/, /^\)/ { print }
  $2 == "=>" && $3 ~ /^\.\/staging/ { print "replace " $1 " => " $1 " " staging }
' "$sources/go.mod" > go.mod
echo "require k8s.io/kubernetes $version" >> go.mod
install -m 644 "$sources/go.sum" go.sum

minor=${version#v1.}; minor=${minor%%.*}
about=k8s.io/component-base/version
echo "kubernetes.sh: building $version, about six minutes on two cores" >&2
mkdir -p "$folder.new"
go build -trimpath -o "$folder.new/" \
  -ldflags "-s -w -X $about.gitVersion=$version -X $about.gitMajor=1 -X $about.gitMinor=$minor" \
  "${programs[@]/#/k8s.io/kubernetes/cmd/}" >&2
rm -rf "$folder"; mv "$folder.new" "$folder"
echo "$folder"
