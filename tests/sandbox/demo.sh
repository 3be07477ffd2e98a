#!/bin/bash
# Takes three releases through the five steps in the playground, under load: demo.sh BUILD-FOLDER [FOLDER]
# v1.6.0 is good; v1.7.0 fails 8 % of its requests from the first one, and switch rolls it back; v1.7.1 begins to fail after
# its soak, and watch rolls it back. Exits 0 when every step ended with the code it should. FOLDER (default: a new one under
# TMPDIR) keeps what was made.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/demo" && pwd)
build=$(cd "$1" && pwd)
sandbox=$build/tests/sandbox/baton-sandbox
folder=${2:-$(mktemp -d "${TMPDIR:-/tmp}/baton-demo.XXXXXX")}
mkdir -p "$folder"
began=$SECONDS
pids=()

say() { printf '%4ds  %s\n' $((SECONDS - began)) "$*"; }

fail() {
  printf 'demo: failed: %s (%ds, everything is in %s)\n' "$1" $((SECONDS - began)) "$folder"
  exit 1
}

# Only what this script started, by pid.
end() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
}
trap end EXIT
trap 'exit 130' INT TERM

is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    if is_free "$port"; then echo "$port"; return; fi
  done
  return 1
}

# await SECONDS WHAT COMMAND…: until the command succeeds.
await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "$what did not come up"
    sleep 0.1
  done
}

start_sandbox() {
  "$sandbox" serve --folder "$folder/sandbox" --manifest "$here/sandbox.yaml" --start-delay 1500ms \
    --release v1.5.0 --release v1.6.0 --release v1.7.0:errors=8% --release v1.7.1 > "$folder/sandbox.log" 2>&1 &
  pids+=($!)
  await 15 "the sandbox" test -s "$folder/sandbox/sandbox.env"
  set -a
  . "$folder/sandbox/sandbox.env"
  KUBECONFIG=$folder/sandbox/kubeconfig
  FRONT_URL=$(curl -sS "$SANDBOX_API/sandbox/fronts/myapp")
  STAGING_URL=$(curl -sS "$SANDBOX_API/sandbox/fronts/staging/myapp")
  set +a
  await 15 "the app" curl -sf "$FRONT_URL/health"
  await 15 "staging" curl -sf "$STAGING_URL/health"
}

start_prometheus() {
  local port
  port=$(free_port)
  export PROMETHEUS_URL=http://127.0.0.1:$port
  sed "s|@SANDBOX@|${SANDBOX_API#http://}|" "$here/prometheus.yml" > "$folder/prometheus.yml"
  prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/prometheus" \
    --web.listen-address="127.0.0.1:$port" --log.level=error > "$folder/prometheus.log" 2>&1 &
  pids+=($!)
  await 20 "Prometheus" curl -sf "$PROMETHEUS_URL/-/ready"
}

start_load() {
  "$sandbox" load --url "$FRONT_URL/api/users" --rps 120 --for 10m --workers 24 --json "$folder/load.json" \
    > "$folder/load.log" 2>&1 &
  load=$!
  pids+=("$load")
}

# step RELEASE TOOL CODE [ARGUMENT…]
step() {
  local release=$1 tool=$2 expected=$3 code=0
  shift 3
  local log=$folder/log/$release-$tool.log
  (cd "$folder" && exec "$build/baton-$tool" "$@" --release "$release") > "$log" 2>&1 || code=$?
  if [ $code = "$expected" ]; then
    say "$release  $tool: exit $code, as it should"
    return
  fi
  say "$release  $tool: exit $code, expected $expected; its last lines:"
  tail -n 25 "$log"
  fail "$tool of $release ended with $code instead of $expected"
}

live() { curl -s -o /dev/null -D - "$FRONT_URL/version" | tr -d '\r' | sed -n 's/^X-App-Version: //p'; }

require_live() {
  local version
  version=$(live)
  [ "$version" = "$1" ] || fail "users are answered by '$version', not by $1"
  say "users are answered by $version"
}

# Of the older releases the folder's name is enough: each holds what the newest one does.
show_files() {
  say "the files it made in $folder:"
  (cd "$folder" && find .baton docs deployments shop.db -type f -not -name '.*' |
    sed -E 's|^(\.baton/[0-9]{14}-[^/]*/).*|\1…|; s|^(.*/evidence/).*|\1…|; s|^(deployments/archive/[^/]*/v[^/]*/).*|\1…|' |
    sort | uniq -c | awk '{ printf "       %s%s\n", $2, ($1 > 1 ? " (" $1 " files)" : "") }')
}

mkdir -p "$folder/log"
cp -r "$here/baton.yaml" "$here/db" "$here/reports" "$folder"
touch "$folder"/reports/*  # as if they were built for this release
: > "$folder/shop.db"      # an empty file is SQLite's empty database
say "starting the playground in $folder"
start_sandbox
start_prometheus
start_load
say "v1.5.0 serves at $FRONT_URL; measuring its baseline under 120 requests/s"
sleep 14
require_live v1.5.0

step v1.6.0 precheck 0
step v1.6.0 migrate 0
step v1.6.0 switch 0
step v1.6.0 watch 0
step v1.6.0 finalize 0
require_live v1.6.0

say "v1.7.0 fails 8 % of its requests from the first one on"
step v1.7.0 precheck 0
step v1.7.0 migrate 0
step v1.7.0 switch 4
step v1.7.0 finalize 0
require_live v1.6.0

say "v1.7.1 is well through its soak"
step v1.7.1 precheck 0
step v1.7.1 migrate 0
step v1.7.1 switch 0
curl -sS -X PUT --data "errors=10%" "$SANDBOX_API/sandbox/releases/v1.7.1" > /dev/null
say "and begins to fail now"
step v1.7.1 watch 4
step v1.7.1 finalize 0
require_live v1.6.0

kill "$load"
wait "$load" || fail "the load ended badly"
say "what the users saw:"
sed 's/^/       /' "$folder/load.log"
grep -q '"failed": 0,' "$folder/load.json" || fail "connections failed"

show_files
printf 'demo: all releases ended as they should (%ds)\n' $((SECONDS - began))
