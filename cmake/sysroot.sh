#!/bin/bash
# Unpacks Debian's libraries of another architecture into a folder, once per set of versions, and prints the folder:
#   sysroot.sh ARCHITECTURE   (Debian's name of it: arm64)
# What the executables link of Debian's own, at the versions that are installed here for this machine, and its package database,
# so that dpkg-query --admindir knows what belongs to whom. BATON_DEPS_DIR moves the cache (default ~/.cache/baton). No root needed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
architecture=$1
packages=(gcc-12-base libc6-dev libc6 libcrypt-dev libcxxopts-dev libexpat1-dev libgcc-12-dev libpcre3-dev libpq-dev
  libsqlite3-dev libssl-dev libstdc++-12-dev rapidjson-dev zlib1g-dev libzstd-dev)
wanted=()
while read -r package version; do wanted+=("$package=$version"); done < <(dpkg-query -W -f '${Package} ${Version}\n' "${packages[@]}" | sort -u)
# The server's package, made of the same source, has two archives of libpq's; of the kernel's only declarations are read.
wanted+=("postgresql-server-dev-15=$(dpkg-query -W -f '${Version}' libpq-dev)" linux-libc-dev)

key=$({ cat "$here/sysroot.sh" "$here/apt.sh"; echo "$architecture ${wanted[*]}"; } | sha256sum | cut -c1-16)
cache=${BATON_DEPS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/baton}
root=$cache/sysroot-$architecture-$key
log=$cache/sysroot-$architecture-$key.log
if [ -e "$root/.complete" ]; then echo "$root"; exit 0; fi
mkdir -p "$cache"
exec 8> "$cache/sysroot.lock"
flock 8
if [ -e "$root/.complete" ]; then echo "$root"; exit 0; fi

work=$(mktemp -d "$cache/work-XXXXXX")
finish() { local status=$?; rm -rf "$work"; [ $status = 0 ] || echo "sysroot.sh: failed; see $log" >&2; }
trap finish EXIT
: > "$log"
. "$here/apt.sh"
private_apt "$work/apt" deb "$architecture"
(cd "$work" && apt-get "${apt[@]}" download "${wanted[@]}" >> "$log" 2>&1)

new=$work/root
database=$new/var/lib/dpkg
mkdir -p "$database/info"
echo 1 > "$database/info/format"
for deb in "$work"/*.deb; do
  dpkg-deb -x "$deb" "$new"
  { dpkg-deb -f "$deb"; printf 'Status: install ok installed\n\n'; } >> "$database/status"
  name=$(dpkg-deb -f "$deb" Package)
  [ "$(dpkg-deb -f "$deb" Multi-Arch)" != same ] || name+=:$architecture
  dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's#^\.##; s#/$##; s#^$#/.#' > "$database/info/$name.list"
done
touch "$new/.complete"
rm -rf "$root"
mv "$new" "$root"
echo "$root"
