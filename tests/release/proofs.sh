#!/bin/bash
# Proves what a release build promises: proofs.sh BUILD
# Static, small, quick to start, and whole in an empty root: a name is resolved and a certificate verified there (root only).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
tools=(precheck migrate switch watch finalize)
work=$(mktemp -d)
pids=()
finish() { [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2> /dev/null || true; rm -rf "$work"; }
trap finish EXIT
fail() { echo "proofs: FAILED: $*" >&2; exit 1; }

total=0
for tool in "${tools[@]}"; do
  binary=$work/baton-$tool
  strip -o "$binary" "$build/baton-$tool"
  file "$binary" | grep -q 'static-pie linked' || fail "baton-$tool is not static-pie linked"
  ! readelf -l "$binary" | grep -q INTERP || fail "baton-$tool names an interpreter"
  ldd "$binary" 2>&1 | grep -Eq 'statically linked|not a dynamic executable' || fail "baton-$tool needs shared libraries"
  size=$(stat -c %s "$binary")
  [ "$size" -le 12000000 ] || fail "baton-$tool has $size bytes; 12 MB are the most"
  total=$((total + size))
  median=$(for _ in $(seq 21); do
    start=$(date +%s%N); "$binary" --version > /dev/null; echo $((($(date +%s%N) - start) / 1000))
  done | sort -n | sed -n 11p)
  # The measurement itself, a shell starting a process, is part of the figure.
  echo "proofs: baton-$tool static-pie, $size bytes stripped, --version in $median us"
  [ "$median" -le 5000 ] || fail "baton-$tool --version takes $median us; 5000 are the most"
done
echo "proofs: all five together $total bytes"
[ "$total" -le 45000000 ] || fail "the five have $total bytes; 45 MB are the most"
[ "$(id -u)" = 0 ] || { echo "proofs: the empty root needs root; not tried" >&2; exit 1; }

# An empty root: the binary, a resolv.conf, a CA file. Names come from a responder in a network namespace of its own, so
# that port 53 is free and nothing of the machine's network is asked.
net=baton-proof-$$
ip netns add "$net"
trap 'finish; ip netns del "$net"' EXIT
nsenter --net="/run/netns/$net" ip link set lo up
mkdir -p "$work/root/etc"
echo 'nameserver 127.0.0.53' > "$work/root/etc/resolv.conf"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=store.test -addext subjectAltName=DNS:store.test \
  -keyout "$work/key.pem" -out "$work/root/ca.pem" 2> /dev/null
cp "$work/root/ca.pem" "$work/cert.pem"
nsenter --net="/run/netns/$net" python3 "$here/store.py" "$work/cert.pem" "$work/key.pem" > "$work/store.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do grep -q listening "$work/store.log" && break; sleep 0.05; done

kubeconfig() { # CA
  printf '%s\n' 'apiVersion: v1' 'kind: Config' 'current-context: c' 'contexts: [{name: c, context: {cluster: c, user: u}}]' \
    'users: [{name: u, user: {token: t}}]' "clusters: [{name: c, cluster: {server: \"https://store.test:8443\", certificate-authority: $1}}]" \
    > "$work/root/kubeconfig"
}

# What each tool asks first, and the words of the answer, which only a verified connection brings.
ask() { # TOOL CA
  local database="postgresql://u@store.test:5432/shop?sslmode=verify-full&sslrootcert=$2"
  kubeconfig "$2"
  cp "$work/baton-$1" "$work/root/tool"
  local arguments
  case $1 in
    precheck) arguments=(run --only nodes-ready --set app=shop) ;;
    migrate) arguments=(status --set app=shop --set "database.url=$database") ;;
    switch) arguments=(status --set app=shop) ;;
    watch) arguments=(run --set app=shop --set metrics.prometheus=https://store.test:8443) ;;
    finalize) arguments=(run --set app=shop) ;;
  esac
  env -i KUBECONFIG=/kubeconfig nsenter --net="/run/netns/$net" chroot "$work/root" /tool "${arguments[@]}" --standalone --ci none 2>&1 || true
}
declare -A words=([precheck]='1/1 Ready' [migrate]='the store has no database' [switch]='no Service|the store has none|does not exist'
  [watch]='records no switch|the store has none|no Service' [finalize]='Incomplete')

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=somebody.else -keyout /dev/null -out "$work/root/other.pem" 2> /dev/null
mkdir -p "$work/root/db/migrations"
for tool in "${tools[@]}"; do
  answer=$(ask "$tool" /ca.pem)
  grep -Eq "${words[$tool]}" <<< "$answer" || fail "baton-$tool cannot resolve and verify in an empty root: $answer"
  answer=$(ask "$tool" /other.pem)
  grep -Eqi 'certificate' <<< "$answer" || fail "baton-$tool does not refuse a certificate nobody vouches for: $answer"
  ! grep -Eq "${words[$tool]}" <<< "$answer" || [ "$tool" = finalize ] || fail "baton-$tool takes a certificate nobody vouches for"
  echo "proofs: baton-$tool resolved a name and verified a certificate in an empty root"
done
echo "proofs: done"
