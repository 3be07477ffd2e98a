# Sourced: the playground with its Prometheus and its users, for the demo and for the CI templates.
#   Expects: name (for messages), build, folder.   Sets what baton.yaml of demo/ reads, and pids.

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")/demo" && pwd)
sandbox=$build/tests/sandbox/baton-sandbox
began=$SECONDS
pids=()
trap end EXIT
trap 'exit 130' INT TERM

say() { printf '%4ds  %s\n' $((SECONDS - began)) "$*"; }

fail() {
  printf '%s: failed: %s (%ds, everything is in %s)\n' "$name" "$1" $((SECONDS - began)) "$folder"
  exit 1
}

# Only what this script started, by pid.
end() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
}

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

# start_sandbox RELEASE…: each as --release of the sandbox takes it; the first one is live.
start_sandbox() {
  local releases=() release
  for release in "$@"; do releases+=(--release "$release"); done
  "$sandbox" serve --folder "$folder/sandbox" --manifest "$demo/sandbox.yaml" --start-delay 1500ms \
    "${releases[@]}" > "$folder/sandbox.log" 2>&1 &
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
  sed "s|@SANDBOX@|${SANDBOX_API#http://}|" "$demo/prometheus.yml" > "$folder/prometheus.yml"
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

live() { curl -s -o /dev/null -D - "$FRONT_URL/version" | tr -d '\r' | sed -n 's/^X-App-Version: //p'; }

require_live() {
  local version
  version=$(live)
  [ "$version" = "$1" ] || fail "users are answered by '$version', not by $1"
  say "users are answered by $version"
}

# lay_out FOLDER: a release's repository: configuration, migrations, reports as if they were built just now, an empty SQLite.
lay_out() {
  mkdir -p "$1"
  cp -r "$demo/baton.yaml" "$demo/db" "$demo/reports" "$1"
  touch "$1"/reports/*
  : > "$1/shop.db"
}
