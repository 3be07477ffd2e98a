#!/bin/bash
# Proves README's first screen: on a fresh Debian 12 with make, git and ca-certificates, each verb works as the first command.
#   fresh.sh [VERB…]   (test demo); needs root and debootstrap. What git knows of the checkout is copied, as it lies there.
# The bare system is kept as an archive in ~/.cache/baton; everything else is made anew for each verb and thrown away.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
base=$cache/debian-12.tar
[ $# -gt 0 ] || set -- test demo
fail() { echo "fresh: FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "a chroot needs root"

# Everything that the machine says about packages and certificates holds in the chroot too.
furnish() { # ROOT
  rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d
  cp -a /etc/apt/. "$1/etc/apt/"
  mkdir -p "$1/usr/share/keyrings" "$1/usr/local/share/ca-certificates" "$1/baton"
  cp -a /usr/share/keyrings/. "$1/usr/share/keyrings/"
  cp -a /usr/local/share/ca-certificates/. "$1/usr/local/share/ca-certificates/"
  cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
  git -C "$source" ls-files -z --cached --others --exclude-standard |
    tar -C "$source" --null --ignore-failed-read -T - -cf - 2> /dev/null | tar -C "$1/baton" -xf -
}

# Mounts live in a namespace of their own and go with it, whatever happens.
run_in() { # ROOT VERB
  unshare --mount --pid --fork --kill-child bash -c '
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
    exec chroot "$1" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
      bash -c "update-ca-certificates > /dev/null 2>&1; cd /baton && exec make $2"' _ "$1" "$2"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$source/cmake/debian.sh" "$base" make git ca-certificates
for verb in "$@"; do
  root=$work/$verb
  mkdir "$root"
  tar -C "$root" -xf "$base"
  furnish "$root"
  start=$SECONDS
  echo "fresh: make $verb"
  run_in "$root" "$verb" > "$work/$verb.log" 2>&1 || { tail -n 60 "$work/$verb.log"; fail "make $verb"; }
  echo "fresh: make $verb succeeded as the first command, in $((SECONDS - start)) s; its last line: $(tail -n 1 "$work/$verb.log")"
  rm -rf "$root"
done
echo "fresh: done"
