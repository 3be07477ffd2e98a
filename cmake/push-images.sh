#!/bin/bash
# Pushes what `make image` made, and joins what several machines pushed: (root)
#   push-images.sh push PLACE          localhost/baton:VERSION and VERSION-ci, as PLACE:VERSION-ARCH and PLACE:VERSION-ci-ARCH
#   push-images.sh join PLACE ARCH…    PLACE:VERSION and PLACE:VERSION-ci of all these; prints each with its digest
# At the highest level of gzip: at the default one the five are more than the 20 MB that a layer may have. Who may push is in
# REGISTRY_AUTH_FILE; OPTIONS are buildah's own, for a registry without TLS.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
read -ra options <<< "${OPTIONS:-}"
version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$here/../CMakeLists.txt")
verb=$1 place=$2; shift 2

push() {
  local tag architecture; architecture=$(dpkg --print-architecture)
  for tag in "$version" "$version-ci"; do
    "$here/buildah.sh" push -q "${options[@]}" --format oci --compression-format gzip --compression-level 9 \
      "localhost/baton:$tag" "docker://$place:$tag-$architecture"
  done
}

join() { # ARCH…: layers go as they were pushed
  local tag architecture digests; digests=$(mktemp)
  for tag in "$version" "$version-ci"; do
    ! "$here/buildah.sh" manifest inspect "localhost/baton-all:$tag" > /dev/null 2>&1 || "$here/buildah.sh" rmi "localhost/baton-all:$tag" > /dev/null
    "$here/buildah.sh" manifest create "localhost/baton-all:$tag" > /dev/null
    for architecture in "$@"; do
      "$here/buildah.sh" manifest add "${options[@]}" "localhost/baton-all:$tag" "docker://$place:$tag-$architecture" > /dev/null
    done
    "$here/buildah.sh" manifest push -q "${options[@]}" --all --digestfile "$digests" "localhost/baton-all:$tag" "docker://$place:$tag"
    echo "$place:$tag $(cat "$digests")"
  done
  rm "$digests"
}

case $verb in
  push) push ;;
  join) join "$@" ;;
  *) echo "usage: push-images.sh push PLACE | join PLACE ARCH…" >&2; exit 2 ;;
esac
