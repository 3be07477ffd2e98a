#!/bin/bash
# Makes a bare Debian 12 as an archive: debian.sh ARCHIVE [PACKAGE…]. One that is there already is kept.
# Root and debootstrap; Debian's packages come from where this machine gets its own.
set -euo pipefail
archive=$1; shift
[ ! -e "$archive" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "debian.sh: debootstrap needs root" >&2; exit 1; }
mkdir -p "$(dirname "$archive")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# No host is named here.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
packages=$(IFS=,; echo "$*")
debootstrap --variant=minbase ${packages:+--include="$packages"} bookworm "$work/root" "$mirror" > "$work/debootstrap.log" ||
  { tail -n 20 "$work/debootstrap.log" >&2; echo "debian.sh: debootstrap could not make the bare system" >&2; exit 1; }
tar -C "$work/root" -cf "$archive.partial" .
mv "$archive.partial" "$archive"
