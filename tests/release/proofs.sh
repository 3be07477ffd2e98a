#!/bin/bash
# Proves what a release build promises: proofs.sh BUILD
# Linked static-pie with the linker's known warnings only; small; quick to start; and whole in an empty root, where each
# tool resolves a name and accepts a server's certificate with the CA file it is given, and with no other. Needs root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
tools=(precheck migrate switch watch finalize)
# Bytes, stripped: what each had on 2026-11-27 and a twentieth, and never more than 13, 11, 8.5, 9.5 and 9.5 MB.
declare -A max_size=([precheck]=11363000 [migrate]=7650000 [switch]=7027000 [watch]=8326000 [finalize]=6114000)
max_layer=20000000 max_start=5000   # bytes of the five in one layer of an image; microseconds
work=$(mktemp -d)
net=baton-proof-$$
finish() {
  [ -z "${store:-}" ] || kill "$store" 2> /dev/null || true
  ! [ -e "/run/netns/$net" ] || ip netns del "$net"
  rm -rf "$work"
}
trap finish EXIT
say() { echo "proofs: $*"; }
fail() { echo "proofs: FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "an empty root and a network of its own need root"

# What glibc would load at run time. getaddrinfo: files and dns are inside libc.a; the others are never needed.
prove_link() {
  local known='(getaddrinfo|gethostbyname|getservbyname|getpwuid|getpwuid_r|dlopen)'
  rm -f "${tools[@]/#/$build/baton-}"
  cmake --build "$build" > "$work/link.log" 2>&1 || { tail -n 30 "$work/link.log"; fail "the build does not link"; }
  local unknown; unknown=$(grep 'warning:' "$work/link.log" | grep -Ev "Using '$known' in statically linked applications" || true)
  [ -z "$unknown" ] || { echo "$unknown"; fail "the linker warns of something new"; }
  say "the linker warns of nothing but $(grep -oE "Using '[a-z_]+'" "$work/link.log" | sort -u | wc -l) known calls"
}

# The classic locale has the facets of narrow streams (cmake/locale-absent.cpp): a call for another would throw.
prove_facets() {
  local tool asked
  for tool in "${tools[@]}"; do
    asked=$(nm -C "$build/baton-$tool" | grep -E '(use|has)_facet<' | grep -vE '_facet<std::(ctype|codecvt|num_get|num_put|(__cxx11::)?numpunct)<(char|wchar_t)[,> ]' || true)
    [ -z "$asked" ] || { echo "$asked"; fail "baton-$tool asks for a facet that is not there"; }
  done
  say "nobody asks for a facet that is not there"
}

median_start() { # BINARY: microseconds; the shell's own cost of starting a process is part of it
  local start
  for _ in $(seq 41); do
    start=${EPOCHREALTIME/./}
    "$1" --version > /dev/null
    echo $((${EPOCHREALTIME/./} - start))
  done | sort -n | sed -n 21p
}

prove_files() {
  local tool binary size median total=0
  for tool in "${tools[@]}"; do
    binary=$work/baton-$tool
    strip -o "$binary" "$build/baton-$tool"
    file "$binary" | grep -q 'static-pie linked' || fail "baton-$tool is not static-pie linked"
    ! readelf -lW "$binary" | grep -q INTERP || fail "baton-$tool names an interpreter"
    ldd "$binary" 2>&1 | grep -q 'statically linked' || fail "baton-$tool needs shared libraries"
    size=$(stat -c %s "$binary") total=$((total + size))
    for _ in 1 2 3; do  # a busy machine gets three chances
      median=$(median_start "$binary")
      [ "$median" -gt $max_start ] || break
    done
    say "baton-$tool is static-pie, $size bytes stripped, and answers --version in $median us"
    [ "$size" -le "${max_size[$tool]}" ] || fail "baton-$tool has $size bytes; ${max_size[$tool]} are the most"
    [ "$median" -le $max_start ] || fail "baton-$tool --version takes $median us; $max_start are the most"
  done
  local layer; layer=$(tar -C "$work" -c "${tools[@]/#/baton-}" | gzip -9 | wc -c)
  say "the five together have $total bytes, $layer in one layer of gzip"
  [ "$layer" -le $max_layer ] || fail "the five have $layer bytes in one layer; $max_layer are the most"
}

certificate() { # NAME: a self-signed one for store.test
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=store.test -addext subjectAltName=DNS:store.test \
    -keyout "$work/$1.key" -out "$work/$1.pem" 2> /dev/null
}

# The store lives in a network namespace: port 53 is free there, and nothing of the machine's network is asked.
start_store() {
  ip netns add "$net"
  nsenter --net="/run/netns/$net" ip link set lo up
  certificate store
  certificate stranger
  nsenter --net="/run/netns/$net" python3 "$here/store.py" "$work/store.pem" "$work/store.key" >> "$work/store.log" 2>&1 &
  store=$!
  for _ in $(seq 100); do
    ! grep -q listening "$work/store.log" || return 0
    sleep 0.05
  done
  cat "$work/store.log"
  fail "the store does not come up"
}

furnish_root() {
  mkdir -p "$work/root/etc" "$work/root/db/migrations"
  echo 'nameserver 127.0.0.53' > "$work/root/etc/resolv.conf"
  printf -- '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n' > "$work/root/db/migrations/20250101120000_proof.sql"
  cat > "$work/root/kubeconfig.yaml" << 'EOF'
{apiVersion: v1, kind: Config, current-context: proof,
 contexts: [{name: proof, context: {cluster: proof, user: proof}}],
 clusters: [{name: proof, cluster: {server: "https://store.test:8443", certificate-authority: ca.pem}}],
 users: [{name: proof, user: {token: a-proof}}]}
EOF
}

# What each tool does that needs the network and changes nothing; migrate's way there is libpq, the others' our HTTP client.
declare -A calls=(
  [precheck]="run --dry-run" [switch]="status" [watch]="tick --dry-run" [finalize]="run --dry-run"
  [migrate]="status --set database.url=postgresql://shop@store.test/shop?sslmode=verify-full&sslrootcert=/ca.pem"
)

asked_with() { # TOOL CA: how many requests came through; what the tool said lies in $work/said
  cp "$work/$2.pem" "$work/root/ca.pem"
  local before; before=$(grep -c '^asked' "$work/store.log" || true)
  # shellcheck disable=SC2086 -- the words of a call are words
  nsenter --net="/run/netns/$net" env -i PATH="$PATH" KUBECONFIG=/kubeconfig.yaml timeout 30 chroot "$work/root" /tool ${calls[$1]} --standalone \
    --set app=shop --set image=store.test:8443/shop --release v1.0.0 > "$work/said" 2>&1 || true
  echo $(($(grep -c '^asked' "$work/store.log" || true) - before))
}

prove_empty_root() {
  local tool
  for tool in "${tools[@]}"; do
    cp "$work/baton-$tool" "$work/root/tool"
    [ "$(asked_with "$tool" store)" -gt 0 ] || { cat "$work/said"; fail "baton-$tool reaches nobody from an empty root"; }
    [ "$(asked_with "$tool" stranger)" = 0 ] || { cat "$work/said"; fail "baton-$tool talks to a server nobody vouches for"; }
    grep -q 'certificate' "$work/said" || { cat "$work/said"; fail "baton-$tool does not say that the certificate is the reason"; }
    rm -rf "$work/root/.baton"
    say "baton-$tool resolved a name and verified a certificate in an empty root"
  done
}

prove_link
prove_facets
prove_files
start_store
furnish_root
prove_empty_root
say "done"
