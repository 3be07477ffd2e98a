#!/bin/bash
# Builds both images of the Dockerfile, as it is, with buildah: image.sh [BASE]   (root)
# As localhost/baton:VERSION and localhost/baton:VERSION-ci, in a storage of their own, ~/.cache/baton-images.
# BASE is pulled from its registry; without it a Debian 12 made by debootstrap stands in for it, and the network that is used
# is that of Debian's packages. Static libraries and compiled objects are the user's own caches.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
standin=docker.io/library/debian:12-slim   # what the Dockerfile asks for
version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
say() { echo "image: $*"; }
[ "$(id -u)" = 0 ] || { echo "image: layers of other users' files need root" >&2; exit 1; }

mkdir -p "$cache" "${CCACHE_DIR:=$HOME/.cache/ccache}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where this machine gets its packages holds while an image is built, and nothing of it stays there. Of its settings those
# that no package brought: dpkg writes the others itself.
for file in /etc/apt/apt.conf.d/*; do dpkg -S "$file" > /dev/null 2>&1 || cat "$file"; done > "$work/apt.conf"
machine=(--volume "$work/apt.conf:/etc/apt/apt.conf:ro")
for part in sources.list sources.list.d auth.conf.d trusted.gpg.d; do
  ! [ -e /etc/apt/$part ] || machine+=(--volume "/etc/apt/$part:/etc/apt/$part:ro")
done

# Like Debian's own slim image: no pages for people, Debian's own addresses. A week old, it is made again for its updates, and
# what was built on it goes.
make_standin() {
  local container
  if [ -n "$(find "$cache/debian-12-slim" -mtime -7 2> /dev/null)" ] && cmake/buildah.sh inspect --type image "$standin" > /dev/null 2>&1; then
    return
  fi
  cmake/buildah.sh rmi --all --force > /dev/null
  cmake/debian.sh "$cache/debian-12-bare.tar"
  container=$(cmake/buildah.sh from scratch)
  cmake/buildah.sh add -q "$container" "$cache/debian-12-bare.tar" / > /dev/null
  cmake/buildah.sh run --isolation chroot "${machine[@]}" "$container" -- sh -c '
    printf "path-exclude /usr/share/%s/*\n" doc info locale man > /etc/dpkg/dpkg.cfg.d/slim
    rm -rf /etc/apt/sources.list /usr/share/doc/* /usr/share/info/* /usr/share/locale/* /usr/share/man/*
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get upgrade -y && apt-get clean && rm -rf /var/lib/apt/lists/*' > "$work/standin.log" 2>&1 ||
    { tail -n 20 "$work/standin.log" >&2; exit 1; }
  cmake/buildah.sh run --isolation chroot "$container" -- sh -c '
    printf "Types: deb\nURIs: http://deb.debian.org/debian%s\nSuites: %s\nComponents: main\n\n" "" "bookworm bookworm-updates" \
      -security bookworm-security > /etc/apt/sources.list.d/debian.sources'
  cmake/buildah.sh commit -q --rm "$container" "$standin" > /dev/null
  touch "$cache/debian-12-slim"
}

build_target() { # TARGET TAG
  local start=$SECONDS
  TMPDIR=$work cmake/buildah.sh bud -q --layers --force-rm --isolation chroot --pull-never "${machine[@]}" \
    --volume "$cache:/root/.cache/baton" --build-arg BASE="$base" --build-arg VERSION="$version" \
    --build-arg REVISION="$(git rev-parse HEAD)" --build-arg CREATED="$(git log -1 --format=%cI)" \
    --target "$1" -t "localhost/baton:$2" . > "$work/$1.log" 2>&1 ||
    { tail -n 40 "$work/$1.log" >&2; say "FAILED: target $1" >&2; exit 1; }
  say "localhost/baton:$2 built in $((SECONDS - start)) s"
}

base=${1:-$standin}
if [ $# = 0 ]; then make_standin; else cmake/buildah.sh pull -q "$base" > /dev/null; fi
# The Dockerfile's cache mount, as buildah names it, is the user's own ccache.
mkdir -p "$work/buildah-cache"
ln -s "$CCACHE_DIR" "$work/buildah-cache/baton-ccache"
build_target tools "$version"
build_target ci "$version-ci"
