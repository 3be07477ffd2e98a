#!/bin/bash
# Proves what `make image` made: image.sh [VERSION]
# Both images are small, say what they are, hold no secret, no word of where they were built and no setuid file; they run by
# runc as their own user without capabilities or network, on a read-only root. The small one holds nothing but the five; the
# other has what a pipeline's job needs. Pushed to a registry, here one of its own on loopback, and joined with another
# architecture's, the layers stay as small. Needs root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${1:-$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$here/../../CMakeLists.txt")}
page=$here/../../docs/image.md
tools=(precheck migrate switch watch finalize)
max_layer=20000000   # bytes, gzip
work=$(mktemp -d)
build=("$here/../../cmake/buildah.sh")
containers=()
finish() {
  [ -z "${registry:-}" ] || kill "$registry" 2> /dev/null || true
  [ ${#containers[@]} = 0 ] || "${build[@]}" rm "${containers[@]}" > /dev/null
  rm -rf "$work"
}
trap finish EXIT
say() { echo "image: $*"; }
fail() { echo "image: FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "buildah's storage and runc need root"

# Leaves in $work/NAME: manifest.json as a registry gets it, image.json and in it config.json, and in root where it is mounted.
open_image() { # NAME TAG
  local folder=$work/$1
  mkdir -p "$folder/evidence" "$folder/work/db/migrations"
  "${build[@]}" push -q --compression-format gzip --compression-level 9 "localhost/baton:$2" "oci:$folder/layers"
  blob() { echo "$folder/layers/blobs/${1/://}"; }
  cp "$(blob "$(jq -r '.manifests[0].digest' "$folder/layers/index.json")")" "$folder/manifest.json"
  cp "$(blob "$(jq -r .config.digest "$folder/manifest.json")")" "$folder/image.json"
  jq .config "$folder/image.json" > "$folder/config.json"
  containers+=("$("${build[@]}" from --pull-never "localhost/baton:$2")")
  "${build[@]}" mount "${containers[-1]}" > "$folder/root"
  chown 65532:65532 "$folder/evidence"
}

run_in() { # NAME READONLY COMMAND…: as the image's own user, in its own folder
  local folder=$work/$1 readonly=$2 bundle; shift 2
  bundle=$(mktemp -d "$work/bundle-XXXX")
  "$here/bundle.py" "$folder/config.json" "$(cat "$folder/root")" "$folder" "$readonly" "$@" > "$bundle/config.json"
  timeout 60 runc --root "$work/runc" run --bundle "$bundle" "${bundle##*/}"
}

prove_size() { # NAME
  local sizes
  sizes=$(jq '[.layers[].size]' "$work/$1/manifest.json")
  say "$1 is $(jq add <<< "$sizes") bytes in $(jq length <<< "$sizes") layers of gzip, $(du -sb "$(cat "$work/$1/root")" | cut -f1) unpacked"
  [ "$1" != tools ] || [ "$(jq 'max' <<< "$sizes")" -le $max_layer ] || fail "the layer of the five has more than $max_layer bytes"
}

# What anybody who can pull the image can read: its history, environment, labels and files.
prove_silence() { # NAME
  local root host; root=$(cat "$work/$1/root")
  ! jq -c '[.history, .config]' "$work/$1/image.json" | grep -iE '(password|passwd|secret|token|apikey)[a-z_]*=|://[^/ "]*@|PRIVATE KEY' ||
    fail "$1's history or configuration holds what looks like a secret"
  ! find "$root" -xdev -type f -perm /6000 | grep . || fail "$1 holds a setuid file"
  for host in $(apt-get indextargets --format '$(REPO_URI)' | sed -E 's#^[a-z+]+://([^/]*@)?([^/:]+).*#\2#' | sort -u); do
    case $host in *.debian.org) continue ;; esac
    ! grep -qF "$host" "$work/$1/image.json" || fail "$1's history names this machine's package archive"
    ! grep -rlF "$host" "$root" || fail "files of $1 name this machine's package archive"
  done
  say "$1 keeps no secret, no setuid file and no word of this machine's package archive"
}

prove_labels() { # NAME
  local label
  [ "$(jq -r .User "$work/$1/config.json")" = 65532:65532 ] || fail "$1 does not run as 65532"
  for label in title version revision created source licenses; do
    jq -e --arg name "org.opencontainers.image.$label" '.Labels[$name] // "" | length > 0' "$work/$1/config.json" > /dev/null ||
      fail "$1 has no label $label"
  done
}

# Each tool; a report judged; a database migrated, with its evidence. Nothing but /evidence can be written to.
prove_tools() { # NAME
  local tool folder=$work/$1
  for tool in "${tools[@]}"; do
    run_in "$1" yes "baton-$tool" --version > "$work/said" 2>&1 || { cat "$work/said"; fail "baton-$tool does not run in $1"; }
    grep -qF "$version" "$work/said" || fail "baton-$tool in $1 is of another version: $(cat "$work/said")"
  done
  printf '<coverage line-rate="0.9" lines-covered="90" lines-valid="100" version="1" timestamp="%s"/>\n' "$(date +%s)000" \
    > "$folder/work/coverage.xml"
  echo '{app: shop, image: shop, precheck: {quality: {coverage: {reports: [coverage.xml]}}}}' > "$folder/work/baton.yaml"
  local look; look=$(grep -oE '^  baton-precheck run .*' "$page") || fail "docs/image.md runs no tool"
  # shellcheck disable=SC2086 # the page's own words
  run_in "$1" yes $look > "$work/said" 2>&1 || { cat "$work/said"; fail "$1 cannot judge a coverage report on a read-only root"; }
  printf -- '-- migrate:up\ncreate table cart (id integer);\n-- migrate:down\ndrop table cart;\n' \
    > "$folder/work/db/migrations/20250101120000_cart.sql"
  run_in "$1" yes baton-migrate up --standalone --release v1.0.0 --dir /evidence --set database.url=sqlite:/evidence/shop.db \
    > "$work/said" 2>&1 || { cat "$work/said"; fail "$1 cannot migrate a database on a read-only root"; }
  [ "$(stat -c %u "$folder/evidence/migrate.json" "$folder/evidence/shop.db" | sort -u)" = 65532 ] ||
    fail "$1 leaves no evidence of 65532's"
  say "$1 runs the five at $version; with a read-only root it judges a report, migrates a database and leaves evidence, as 65532"
}

# The small image: nothing but the five, their authorities and a licence.
prove_emptiness() {
  local root; root=$(cat "$work/tools/root")
  local found; found=$(cd "$root" && find . -type f | sort | xargs)
  [ "$found" = "./etc/group ./etc/passwd ./etc/ssl/certs/ca-certificates.crt $(printf './usr/local/bin/baton-%s\n' "${tools[@]}" | sort | xargs) ./usr/share/doc/baton/LICENSE" ] ||
    fail "tools holds other files than the five: $found"
  ! run_in tools yes sh -c true 2> /dev/null || fail "tools has a shell"
  grep -q 'BEGIN CERTIFICATE' "$root/etc/ssl/certs/ca-certificates.crt" || fail "tools knows no authority"
  say "tools holds the five, their authorities and a licence, and no shell"
}

prove_ci() {
  local program
  for program in git pg_dump pg_restore mariadb-dump; do
    run_in ci yes $program --version > "$work/said" 2>&1 || { cat "$work/said"; fail "ci has no $program"; }
    say "ci has $(head -n 1 "$work/said")"
  done
  run_in ci no sh -c '[ "$(id -u)" = 65532 ] && touch "$HOME/file" && [ -s /etc/ssl/certs/ca-certificates.crt ]' ||
    fail "ci's home is not 65532's to write to, or it knows no authority"
  ! run_in ci no sh -c 'touch /usr/local/bin/file' 2> /dev/null || fail "65532 can change the programs of ci"
}

# As another machine would push its own: the same image, said to be of arm64.
push_as_arm64() { # PLACE TAG
  local container; container=$("${build[@]}" from --pull-never "localhost/baton:$2")
  "${build[@]}" config --arch arm64 "$container"
  "${build[@]}" commit -q --rm --tls-verify=false "$container" "docker://$1:$2-arm64" > /dev/null
}

prove_push() {
  local place=127.0.0.1:5999/shop/baton tag manifest
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s/registry}}\nhttp: {addr: "127.0.0.1:5999"}\n' "$work" > "$work/registry.yml"
  docker-registry serve "$work/registry.yml" > "$work/registry.log" 2>&1 &
  registry=$!
  for _ in $(seq 100); do ! curl -sf http://127.0.0.1:5999/v2/ > /dev/null || break; sleep 0.1; done
  OPTIONS=--tls-verify=false "$here/../../cmake/push-images.sh" push $place
  for tag in "$version" "$version-ci"; do push_as_arm64 $place "$tag"; done
  OPTIONS=--tls-verify=false "$here/../../cmake/push-images.sh" join $place "$(dpkg --print-architecture)" arm64 > "$work/joined"
  for tag in "$version" "$version-ci"; do
    curl -sf -H 'Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json' \
      "http://${place/\//\/v2\/}/manifests/$tag" > "$work/index"
    grep -qx "$place:$tag sha256:$(sha256sum < "$work/index" | cut -c1-64)" "$work/joined" || { cat "$work/joined"; fail "$tag is joined under another digest than is printed"; }
    [ "$(jq -r '[.manifests[].platform.architecture] | sort | join(" ")' "$work/index")" = "amd64 arm64" ] || fail "$tag is not of both architectures"
    manifest=$(jq -r '.manifests[] | select(.platform.architecture == "amd64").digest' "$work/index")
    curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://${place/\//\/v2\/}/manifests/$manifest" > "$work/pushed"
    [ "$tag" != "$version" ] || [ "$(jq '[.layers[].size] | max' "$work/pushed")" -le $max_layer ] || fail "pushed, the layer of the five has more than $max_layer bytes"
    say "$tag, pushed and joined for amd64 and arm64, has $(jq '[.layers[].size] | add' "$work/pushed") bytes of layers"
  done
}

# What the pages pass to a build, the Dockerfile takes.
prove_pages() {
  local kind name
  while read -r kind name; do
    grep -qE "^(FROM .* AS|ARG) $name(=|$)" "$here/../../Dockerfile" || fail "the Dockerfile knows no $kind $name, which the pages name"
  done < <(grep -ohE -- '--(target|build-arg) [a-zA-Z_]+' "$page" "$here/../../README.md")
}

prove_pages
open_image tools "$version"
open_image ci "$version-ci"
for name in tools ci; do
  prove_size $name
  prove_silence $name
  prove_labels $name
  prove_tools $name
done
prove_emptiness
prove_ci
prove_push
say "done"
