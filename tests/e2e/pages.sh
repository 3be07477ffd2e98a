#!/bin/bash
# The pages' own commands, on a real Kubernetes: README from the archive, then the quickstart from its first to its last
# line, then the other pages in the shop that it leaves, page by page. Nothing is typed here that a page does not say, but for
# what a reader has: kind's line (CLUSTER), the archive's place (DOWNLOADS), a registry, a Prometheus, a database.
#   pages.sh BUILD FOLDER [DIST]   DIST: what make dist made; else an archive of BUILD's five. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; end_users; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

versions=(v1.0.0: v1.1.0: "v1.2.0:ERRORS=8%" v1.3.0: v1.4.0: v1.5.0:)
deploy_first_version() { :; }   # the quickstart does
commands=$repository/tests/pages/commands.py
# In the quickstart's shop, each as the one before left it; files.md takes Baton out, and is the last.
pages=(precheck switch watch finalize metrics permissions migrate from-kubectl 3am files)

# The quickstart ends them itself.
end_users() { [ ! -s "$folder/users" ] || kill "$(cat "$folder/users")" 2> /dev/null; }

# As long as `make dist` was not asked for.
pack() { # OUT
  local version name tool
  version=$(sed -nE 's/^project\(baton VERSION ([0-9.]+).*/\1/p' "$repository/CMakeLists.txt")
  name=baton-$version-linux-$(dpkg --print-architecture)
  mkdir -p "$1/$name/bin"
  for tool in precheck migrate switch watch finalize; do cp "$tools/baton-$tool" "$1/$name/bin/"; done
  tar -C "$1" -czf "$1/$name.tar.gz" "$name"
  (cd "$1" && sha256sum "$name.tar.gz" > SHA256SUMS)
}

run_page() { # PAGE FOLDER [FROM-HEADING [TO-HEADING]]
  local begun=$SECONDS script
  script=$folder/$(basename "$1" .md)${3:+-end}.sh
  { "$commands" "$repository/$1" "${@:3}"; echo '[ -z "${users:-}" ] || echo "$users" > "$USERS"'; } > "$script"
  [ -z "${3:-}" ] || sed -i "1a users=\$(cat \"\$USERS\")" "$script"   # of the same reader
  (cd "$2" && exec "${inside[@]}" env HOME="$home" USER=reader CLUSTER=: CLUSTER_DOWN=: DOWNLOADS="file://$dist" USERS="$folder/users" \
    bash -c 'PATH=$HOME/.local/bin:$PATH exec bash "$1"' _ "$script") > "$script.log" 2>&1 < /dev/null || { tail -n 60 "$script.log" | cut -c1-400; fail "$1"; }
  say "$1: $(grep -c '^--- ' "$script.log") blocks in $((SECONDS - begun)) s"
}

mkdir -p "$2"
folder=$(cd "$2" && pwd)
dist=${3:-}
if [ -z "$dist" ]; then dist=$folder/dist; pack "$dist"; fi
dist=$(cd "$dist" && pwd)
home=$folder/home
"$commands" --left "$repository"/README.md "$repository"/docs/*.md
mkdir -p "$home" "$folder/first/build" "$folder/reader"
cp "$here/site/reports/coverage.xml" "$folder/first/build/"   # a reader's own
run_page README.md "$folder/first"
cluster_up "$folder"
start_postgres
start_prometheus
export DATABASE_URL=postgresql://shop@127.0.0.1:5432/shop
# There is no kind here: of what it would be given, the API server takes the objects at least.
"${inside[@]}" kubectl create namespace monitoring --save-config > /dev/null
"${inside[@]}" kubectl apply --dry-run=server -f "$repository/docs/quickstart/prometheus.yaml" > /dev/null
run_page docs/quickstart.md "$folder/reader" "" "Away with it"
for page in "${pages[@]}"; do run_page "docs/$page.md" "$folder/reader/shop"; done
run_page docs/quickstart.md "$folder/reader/shop" "Away with it" Further
say "pages: passed after $SECONDS s"
