#!/bin/bash
# Makes sure that the Debian packages of the named groups are there: packages.sh GROUP…
# As root it installs them, without starting any service; else it prints the one line to run. Those of the group `linked` go
# into the executables, whose users get their fixes no other way: they must also be as new as the archive has them.
set -euo pipefail

declare -A groups=(
  [build]="ca-certificates g++ cmake ninja-build pkg-config dpkg-dev xz-utils bzip2 ccache git libssl-dev libsqlite3-dev
    zlib1g-dev libzstd-dev libpcre3-dev rapidjson-dev libexpat1-dev libpq-dev libcxxopts-dev libgtest-dev libvectorscan-dev"
  [linked]="libc6-dev libstdc++-12-dev libssl-dev libsqlite3-dev zlib1g-dev libzstd-dev libexpat1-dev libpq-dev
    libvectorscan-dev"
  [servers]="postgresql-15 postgresql-client-15 prometheus prometheus-alertmanager redis-server docker-registry sqlite3 curl openssl procps python3 tzdata"
  [lint]="clang-format-14 clang-tidy-14 clang-14 cppcheck gcovr universal-ctags"
  [fuzz]="clang-14 libclang-rt-14-dev llvm-14"
  [proofs]="binutils file iproute2 openssl python3 util-linux"
  [dist]="binutils curl git jq mandoc groff-base openssl python3 zsh fish"
  [arm64]="g++-aarch64-linux-gnu qemu-user-static"
  [roots]="busybox-static debootstrap file"
  [image]="buildah curl debootstrap docker-registry runc jq python3 git"
  [bench]="curl jq python3 ca-certificates"
  [cluster]="etcd-server containerd runc containernetworking-plugins iptables conntrack iproute2 procps buildah umoci skopeo jq shellcheck
    gettext-base hey bc rsync python3 python3-venv file binutils debootstrap strace"
)

is_root() { [ "$(id -u)" = 0 ]; }

# "not-installed" and unknown packages have no such line
is_installed() { dpkg-query -W -f '${Status}\n' "$1" 2> /dev/null | grep -q '^install ok installed$'; }

is_newest() {
  LC_ALL=C apt-cache policy "$1" | awk '$1 == "Installed:" { installed = $2 } $1 == "Candidate:" { newest = $2 }
    END { exit installed == newest ? 0 : 1 }'
}

# An archive that cannot be asked, or never was, has said nothing of what is new.
refresh() {
  if is_root; then apt-get update -qq -o APT::Update::Error-Mode=any; fi
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -print -quit)" ] ||
    { echo "what this machine knows of its package archive is empty; as root run: apt-get update" >&2; exit 2; }
}

wanted=()
for group in "$@"; do
  [ "$group" != linked ] || refresh
  for package in ${groups[$group]}; do
    if is_installed "$package" && { [ "$group" != linked ] || is_newest "$package"; }; then continue; fi
    wanted+=("$package")
  done
done
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! is_root; then
  echo "these Debian packages are missing, or older than the archive has them; as root run:" >&2
  echo "  apt-get update && apt-get install -y --no-install-recommends ${wanted[*]}" >&2
  exit 2
fi

# 101 tells Debian's maintainer scripts to leave services alone; a policy of the machine's own comes back afterwards.
policy=/usr/sbin/policy-rc.d
saved=$(mktemp)
if [ -e $policy ]; then cp -p $policy "$saved"; else rm -f "$saved"; fi
restore() { if [ -e "$saved" ]; then mv "$saved" $policy; else rm -f $policy; fi; }
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' > $policy
chmod +x $policy

echo "installing ${#wanted[@]} Debian packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${wanted[@]}" > /dev/null
