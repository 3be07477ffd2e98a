#!/bin/bash
# Proves that the archive is all that a machine needs: roots.sh DIST   (root, debootstrap)
# By README's three lines on a bare Debian 12 without a compiler, by busybox alone, as Alpine has it, and in an empty root: the
# five say their version and a coverage report is judged, either way, in less than a minute from the first line.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
dist=$(cd "$1" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
tools=(precheck migrate switch watch finalize)
max_seconds=60
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "roots: $*"; }
fail() { echo "roots: FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "a chroot needs root"
chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$source/CMakeLists.txt")
name=baton-$version-linux-$(dpkg --print-architecture)
[ -e "$dist/$name.tar.gz" ] || fail "$dist holds no $name.tar.gz: run make dist"

in_root() { # ROOT COMMAND…: nothing of this machine's is in its environment
  local root=$1; shift
  env -i PATH=/root/.local/bin:/usr/local/bin:/usr/bin:/bin HOME=/root DOWNLOADS=file:///dist "$chroot" "$root" "$@"
}

# A service's repository with a report, and the release's files.
furnish() { # ROOT
  mkdir -p "$1/work" "$1/dist" "$1/root" "$1/usr/local"
  cp "$dist/$name.tar.gz" "$dist/SHA256SUMS" "$1/dist/"
  echo '{app: shop, image: shop, precheck: {quality: {coverage: {reports: [/work/coverage.xml]}}}}' > "$1/work/baton.yaml"
}

judge() { # ROOT LINES: precheck's exit code for so many covered lines of 100
  printf '<coverage line-rate="0.%s" lines-covered="%s" lines-valid="100" version="1" timestamp="%s"/>\n' "$2" "$2" "$(date +%s)000" > "$1/work/coverage.xml"
  local code=0
  in_root "$1" baton-precheck --standalone --only coverage --release v1.6.0 --config /work/baton.yaml --dir /work/evidence > "$work/said" 2>&1 || code=$?
  grep -qE "coverage +$2 %" "$work/said" || { cat "$work/said"; fail "precheck does not say what it saw"; }
  echo $code
}

prove() { # NAME ROOT INSTALL
  local root=$2 tool start=$SECONDS
  furnish "$root"
  $3 "$root" > "$work/said" 2>&1 || { cat "$work/said"; fail "$1: the archive does not install"; }
  for tool in "${tools[@]}"; do
    [ "$(in_root "$root" "baton-$tool" --version)" = "baton-$tool $version" ] || fail "$1: baton-$tool does not run"
  done
  [ "$(judge "$root" 90)" = 0 ] || { cat "$work/said"; fail "$1: a coverage of 90 % does not pass"; }
  [ "$(judge "$root" 50)" = 3 ] || { cat "$work/said"; fail "$1: a coverage of 50 % is not refused"; }
  [ $((SECONDS - start)) -lt $max_seconds ] || fail "$1: it took $((SECONDS - start)) s; $max_seconds are the most"
  say "$1: installed, its five run, and a report is judged, in $((SECONDS - start)) s"
}

by_readme() { # ROOT
  local lines; lines=$(sed -n '/^## Install it/,/^## /p' "$source/README.md" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d')
  in_root "$1" sh -ec "cd /work && ${lines//linux-amd64/${name#baton-"$version"-}}"
}
by_busybox() { in_root "$1" sh -ec "cd /dist && grep '$name.tar.gz' SHA256SUMS | sha256sum -c && tar -xzf $name.tar.gz --strip-components=1 -C /usr/local"; }
by_hand() { tar -xzf "$dist/$name.tar.gz" --strip-components=1 -C "$1"; }

"$source/cmake/debian.sh" "$cache/debian-12-curl.tar" curl
mkdir -p "$work"/{debian,busybox/bin,empty}
tar -C "$work/debian" -xf "$cache/debian-12-curl.tar"
[ "$(in_root "$work/debian" sh -c 'for program in sh cc c++ gcc g++ clang make cmake; do command -v $program; done; true')" = /usr/bin/sh ] ||
  fail "the bare Debian has a compiler, or no shell"
cp /bin/busybox "$work/busybox/bin/"
file -L /bin/busybox | grep -q 'statically linked' || fail "this busybox is not Debian's busybox-static"
in_root "$work/busybox" /bin/busybox --install -s /bin
prove "bare Debian 12, by README's lines" "$work/debian" by_readme
prove "busybox alone" "$work/busybox" by_busybox
prove "an empty root" "$work/empty" by_hand
say "done"
