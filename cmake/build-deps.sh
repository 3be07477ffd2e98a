#!/bin/bash
# Builds what Debian ships only as shared libraries into a prefix of static ones, once per recipe, and prints the prefix:
#   build-deps.sh [ARCHITECTURE]   (Debian's name of it, default this machine's; another one's is compiled by Debian's cross
#   compiler)
#   Poco, fmt and spdlog from Debian's source packages, and yaml-cpp, 80 kB smaller so; libpq.a completed so that it links alone.
# BATON_DEPS_DIR moves the cache (default ~/.cache/baton). No root needed; about two minutes on two cores.
set -euo pipefail
shopt -s nullglob

recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=(poco=1.11.0-3+deb12u1 fmtlib=9.1.0+ds1-2 spdlog=1:1.10.0+ds-0.4 yaml-cpp=0.7.0+dfsg-8)
libpq_version=$(dpkg-query -W -f '${Version}' libpq-dev)
flags="-Os -DNDEBUG -ffunction-sections -fdata-sections"

architecture=${1:-$(dpkg --print-architecture)}
triple=$(dpkg-architecture -f -a"$architecture" -qDEB_HOST_MULTIARCH)
sysroot='' cross=()
if [ "$architecture" != "$(dpkg --print-architecture)" ]; then
  sysroot=$("$recipe/sysroot.sh" "$architecture")
  cross=(-DCMAKE_TOOLCHAIN_FILE="$recipe/$architecture.cmake")
fi

key=$({ cat "$recipe"/build-deps.sh "$recipe"/apt.sh "$recipe"/poco-unity.cmake "$recipe"/libpq-absent.c
        "$triple-g++" -dumpfullversion; echo "$triple $libpq_version ${sysroot##*/}"; } | sha256sum | cut -c1-16)
cache=${BATON_DEPS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/baton}
prefix=$cache/deps-$key
log=$cache/deps-$key.log

is_done() { [ -e "$prefix/.complete" ]; }
if is_done; then echo "$prefix"; exit 0; fi
mkdir -p "$cache"
exec 9> "$cache/deps.lock"
flock 9                                  # another build of the same recipe may be under way
if is_done; then echo "$prefix"; exit 0; fi

work=$(mktemp -d "$cache/work-XXXXXX")
finish() { local status=$?; rm -rf "$work"; [ $status = 0 ] || echo "build-deps.sh: failed; see $log" >&2; }
trap finish EXIT
new=$work/prefix
mkdir -p "$new/lib" "$new/licenses"
flags+=" -ffile-prefix-map=$work=."      # where it was built is nobody's business, and another folder each time
: > "$log"
tell() { echo "build-deps.sh: $*" >&2; }

fetch_sources() {
  . "$recipe/apt.sh"
  private_apt "$work/apt" deb-src
  mkdir "$work/src"
  (cd "$work/src" && apt-get "${apt[@]}" source --only-source "${sources[@]}" >> "$log" 2>&1)
}

install_with_cmake() { # NAME OPTION…
  local name=$1; shift
  tell "$name"
  cmake -S "$work"/src/"$name"-*/ -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_C_FLAGS_RELEASE="$flags" -DCMAKE_CXX_FLAGS_RELEASE="$flags" -DCMAKE_PREFIX_PATH="$new" \
    -DCMAKE_INSTALL_PREFIX="$new" -DCMAKE_INSTALL_LIBDIR=lib "${cross[@]}" "$@" >> "$log" 2>&1
  cmake --build "$work/$name" --target install >> "$log" 2>&1
}

poco_parts() { # Poco builds whatever it is not told to leave out
  local part
  for part in XML JSON UTIL NET CRYPTO NETSSL DATA DATA_SQLITE DATA_POSTGRESQL; do echo "-DENABLE_$part=ON"; done
  for part in TESTS ENCODINGS JWT MONGODB REDIS PDF SEVENZIP ZIP CPPPARSER POCODOC PAGECOMPILER PAGECOMPILER_FILE2PAGE \
    ACTIVERECORD ACTIVERECORD_COMPILER APACHECONNECTOR DATA_MYSQL DATA_ODBC; do echo "-DENABLE_$part=OFF"; done
}

# Debian's libpq.a keeps Debian's security fixes, but wants two archives that only the server's package carries, and calls
# into Kerberos and LDAP, which Debian does not ship as static libraries: those calls fail here.
complete_libpq() {
  tell "libpq $libpq_version"
  local server=${sysroot:-$work/server}/usr/lib/postgresql/15/lib   # a sysroot holds that package
  [ -n "$sysroot" ] ||
    (cd "$work" && apt-get download "postgresql-server-dev-15=$libpq_version" >> "$log" 2>&1 && dpkg-deb -x postgresql-server-dev-15_*.deb server)
  "$triple-gcc" ${sysroot:+--sysroot="$sysroot"} $flags -c "$recipe/libpq-absent.c" -o "$work/libpq-absent.o"
  {
    echo "CREATE $new/lib/libpq.a"
    echo "ADDLIB $sysroot/usr/lib/$triple/libpq.a"
    echo "ADDLIB $server/libpgcommon.a"
    echo "ADDLIB $server/libpgport.a"
    echo "ADDMOD $work/libpq-absent.o"
    echo SAVE
  } | "$triple-ar" -M
  "$triple-ranlib" "$new/lib/libpq.a"
}

# Rows that a query gives no place are kept as text: Poco has 57 ways of keeping them, a megabyte of code that nobody here
# calls.
slim_poco_data() { sed -i -E 's/addInternalExtract<[A-Za-z0-9:]+>\(mc\)/addInternalExtract<std::string>(mc)/' "$work"/src/poco-*/Data/src/StatementImpl.cpp; }

tell "fetching sources"
fetch_sources
slim_poco_data
install_with_cmake fmtlib -DFMT_TEST=OFF -DFMT_DOC=OFF
install_with_cmake spdlog -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_SHARED=OFF -DSPDLOG_BUILD_EXAMPLE=OFF
install_with_cmake yaml-cpp -DYAML_CPP_BUILD_TESTS=OFF -DYAML_CPP_BUILD_TOOLS=OFF
install_with_cmake poco $(poco_parts) -DPOCO_UNBUNDLED=ON -DOPENSSL_USE_STATIC_LIBS=ON -DCMAKE_CXX_FLAGS=-Wno-deprecated-declarations \
  -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 -DCMAKE_PROJECT_Poco_INCLUDE="$recipe/poco-unity.cmake"
complete_libpq
for source in "$work"/src/*/; do cp "$source/debian/copyright" "$new/licenses/$(basename "$source")"; done
rm -rf "$new/lib/pkgconfig"               # nobody's here, and the only files that say where they were made
find "$new" -exec touch {} +              # younger than any object of an older recipe
touch "$new/.complete"
rm -rf "$prefix"
mv "$new" "$prefix"                      # CMake's package files hold no absolute paths: the prefix can be moved
echo "$prefix"
