#!/bin/bash
# Makes sure that the Debian packages of the named groups are there: packages.sh GROUP…
# As root it installs them, without starting any service; else it prints the one line to run.
set -euo pipefail

declare -A groups=(
  [build]="ca-certificates g++ cmake ninja-build pkg-config dpkg-dev xz-utils bzip2 ccache git libssl-dev libsqlite3-dev
    zlib1g-dev libzstd-dev libpcre3-dev rapidjson-dev libexpat1-dev libpq-dev libcxxopts-dev libgtest-dev"
  [servers]="postgresql-15 postgresql-client-15 prometheus docker-registry sqlite3 curl openssl procps"
  [lint]="clang-format-14 clang-tidy-14 clang-14 cppcheck gcovr universal-ctags"
  [fuzz]="clang-14 libclang-rt-14-dev llvm-14"
  [proofs]="binutils file iproute2 openssl python3 util-linux"
  [dist]="binutils curl git jq mandoc groff-base python3 zsh fish"
  [image]="buildah debootstrap runc jq python3 git"
  [bench]="curl jq python3 ca-certificates"
  [cluster]="etcd-server containerd runc containernetworking-plugins iptables conntrack iproute2 procps buildah umoci skopeo
    gettext-base hey bc rsync python3 python3-venv file binutils debootstrap strace"
)

wanted=()
for group in "$@"; do
  for package in ${groups[$group]}; do
    # "not-installed" and unknown packages have no such line
    dpkg-query -W -f '${Status}\n' "$package" 2> /dev/null | grep -q '^install ok installed$' || wanted+=("$package")
  done
done
[ ${#wanted[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "these Debian packages are missing; as root run:" >&2
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
