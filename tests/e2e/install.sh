#!/bin/bash
# The guard inside the cluster, on a real Kubernetes and under load: what `baton-watch install` prints is applied, under the
# very rights it prints, and the runner that watched a release is killed. The release turns bad; a CronJob's tick rolls it
# back. The next release is watched and finalized by CronJobs alone. Ten minutes.
#   install.sh BUILD FOLDER     BUILD: of static executables. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

versions=(v1.5.0: "v1.7.1:ERRORS=8% FAULT_AFTER=150s" v1.8.0:)
node=10.97.0.1   # where pods reach what runs beside the cluster
metrics_address=0.0.0.0:9090

in_production() { "${inside[@]}" kubectl -n production "$@"; }

push_tools() {
  local build=(buildah --root "$folder/images" --runroot "$folder/images-run" --storage-driver vfs)
  (cd "$repository" && cmake/image-root.sh "$tools" "$folder/context/root")
  printf 'FROM scratch\nCOPY root /\nWORKDIR /work\nUSER 65532:65532\n' > "$folder/Containerfile"
  "${build[@]}" bud -q --isolation chroot -f "$folder/Containerfile" -t baton:e2e "$folder/context" > /dev/null
  "${inside[@]}" "${build[@]}" push -q --tls-verify=false baton:e2e docker://127.0.0.1:5000/baton:e2e > /dev/null
}

configure() { # INTENSIVE: what a team would write, but for the windows
  cat > "$folder/baton.yaml" << YAML
app: shop
image: 127.0.0.1:5000/shop
kubernetes: {namespace: production}
metrics: {prometheus: "http://$node:9090"}
precheck:
  not_applicable: {quality: "built for this run", security: "built for this run", staging: "the load is the test",
    node-cpu: "one node, which the load shares", node-memory: "one node, which the load shares", redis: "shop has no cache",
    external: "shop calls nobody", no-incident: "no Alertmanager in this cluster"}
switch:
  soak: 20s
  soak_max: 60s
  verify_rollback: 20s
  drain: none
  public: ["\${PUBLIC_URL}/health"]
  smoke: [{path: /health}, {path: /api/users, kind: api}]
  identify: {header: X-App-Version}
watch: {baseline: 30s, step: 5s, intensive: {for: $1, every: 1m}, passive: {for: 10s, every: 5s}}
finalize: {scale_down_after: 30s, delete_after: 60s}
YAML
}

run() { # EXIT-CODE TOOL ARGUMENTS…
  local expected=$1 tool=$2 code=0 since=$SECONDS; shift 2
  log=$folder/$tool-$SECONDS.log
  (cd "$folder" && exec "${inside[@]}" "$tools/baton-$tool" "$@") > "$log" 2>&1 < /dev/null || code=$?
  say "baton-$tool $*: exit $code after $((SECONDS - since)) s"
  [ $code = "$expected" ] || { tail -n 40 "$log" | cut -c1-400; fail "$expected expected"; }
}

install() {
  (cd "$folder" && "${inside[@]}" "$tools/baton-watch" install --image 127.0.0.1:5000/baton:e2e --secret shop-baton) > "$folder/guard.yaml"
  ! grep -qF "$service_url" "$folder/guard.yaml" || fail "what the Secret holds is printed"
  in_production apply -f "$folder/guard.yaml" > "$folder/applied.log"
}

is_over() { in_production get job "$1" -o jsonpath='{.status.conditions[?(@.status=="True")].type}' | grep -qE 'Complete|Failed'; } # JOB

at_once() { # watch|finalize NAME EXIT-CODE: a job of the CronJob, now
  local job=$1-$2 code
  in_production create job "$job" --from="cronjob/baton-shop-guard-$1" > /dev/null
  wait_until 120 "the end of job $job" is_over "$job"
  in_production logs "job/$job" > "$folder/$job.log" 2>&1 || true
  code=$(in_production get pods -l "job-name=$job" -o jsonpath='{.items[0].status.containerStatuses[0].state.terminated.exitCode}')
  say "job $job: exit $code: $(head -n 1 "$folder/$job.log")"
  [ "$code" = "$3" ] || { tail -n 30 "$folder/$job.log" | cut -c1-400; fail "$3 expected"; }
}

move() { in_production get service shop -o jsonpath='{.metadata.annotations.baton/move}'; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
carrier() { echo "baton-shop-$(move | field id)"; }
carried() { in_production get configmap "$(carrier)" -o jsonpath="{.binaryData.$1\\.json}" | base64 -d | gunzip; } # STEP
times() { carried "$1" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["predicate"]["state"]["times"]))'; } # STEP
# Of pods that the schedule itself started.
scheduled() { # EXIT-CODE
  in_production get pods -l app.kubernetes.io/instance=baton-shop-guard -o json | python3 -c 'import json, sys
for pod in json.load(sys.stdin)["items"]:
    ended = pod["status"].get("containerStatuses", [{}])[0].get("state", {}).get("terminated")
    if ended and "guard-watch" in pod["metadata"]["name"] and ended["exitCode"] == int(sys.argv[1]):
        print(pod["metadata"]["name"])' "$1"
}
is_rolled_back() { [ "$(move | field phase)" = undone ]; }
has_ended() { [ -n "$(scheduled "$1")" ]; } # EXIT-CODE
is_watched() { carried watch | grep -q '"verdict": *"\(proceed\|caution\)"'; }

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
start_prometheus
push_tools
export PUBLIC_URL=$service_url
in_production create secret generic shop-baton --from-literal=PUBLIC_URL="$service_url" > /dev/null

say "--- v1.7.1: 8 % errors from two and a half minutes after its start; its runner is killed"
configure 20m
load watched
sleep 30   # the baseline
run 0 precheck run --release v1.7.1
run 0 switch run --release v1.7.1
(cd "$folder" && exec "${inside[@]}" "$tools/baton-watch" run --release v1.7.1) > "$folder/runner.log" 2>&1 < /dev/null &
runner=$!
sleep 8
kill -KILL $runner; wait $runner 2> /dev/null || true
rm -rf "$folder/.baton"
say "runner killed, its folder gone"
install
at_once watch early 0
wait_until 300 "the rollback by a scheduled tick" is_rolled_back
wait_until 120 "a scheduled tick's exit 4" has_ended 4
sleep 15   # whoever is left on a kept connection
unload watched
in_production get cronjobs,jobs -o wide | cut -c1-110 | tee "$folder/jobs.log"
run 0 switch status
grep '^recorded .*rolled back by baton-watch: ' "$log" || fail "the status does not say who rolled back"
python3 "$here/users.py" returned "$folder" watched v1.5.0 v1.7.1 first_error 120 "$(move)" "$(times watch)"
at_once watch late 0
grep -q "nothing is open" "$folder/watch-late.log" || fail "a tick after the end does not say so"

say "--- v1.8.0: good; CronJobs alone watch it to its end and finalize it"
configure 60s
install
load good
run 0 precheck run --release v1.8.0
run 0 switch run --release v1.8.0
rm -rf "$folder/.baton"
at_once finalize early 0
grep -q "is still watched" "$folder/finalize-early.log" || fail "finalize does not wait for the watch"
wait_until 240 "the end of its watch" is_watched
unload good
python3 "$here/users.py" switched "$folder" good v1.5.0 v1.8.0 "$(move)" "$(times switch)"
old=$(move | field previous_deployment) config_map=$(carrier)
for turn in 1 2 3 4; do
  at_once finalize "$turn" 0
  in_production get configmap "$config_map" > /dev/null 2>&1 || break
  sleep 30
done
[ -z "$(in_production get configmap "$config_map" --ignore-not-found)" ] || fail "the carrier is still there"
[ -z "$(in_production get deployment "$old" --ignore-not-found)" ] || fail "$old is still there"
at_once finalize late 0
grep -q "nothing is open" "$folder/finalize-late.log" || fail "a finalize after the end does not say so"

in_production delete -f "$folder/guard.yaml" > /dev/null
[ -z "$(in_production get configmaps,serviceaccounts,roles,rolebindings,cronjobs -l app.kubernetes.io/managed-by=baton -o name)" ] ||
  fail "something of the guard is left"
say "guard inside the cluster: passed after $SECONDS s"
