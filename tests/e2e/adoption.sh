#!/bin/bash
# The first switch of a Service that never knew colours, on a real Kubernetes and under load. In each world somebody does
# something to the live Deployment right after its adoption narrowed the Service, while the next colour is still coming up;
# then a person takes the release back, or it stops by itself and leaves all as it was, and another one follows. No request
# may fail. A few worlds at a time, each in a namespace of its own; six minutes.
#   adoption.sh BUILD FOLDER [WORLD…]   some of them only. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

lanes=3   # worlds at a time
rate=75   # requests/s of each
repository_of_images=127.0.0.1:5000/shop
upgrade='{"spec":{"template":{"metadata":{"labels":{"version":"v1.5.1"}},"spec":{"containers":[{"name":"shop","image":"'$repository_of_images':v1.5.1"}]}}}}'
strip='[{"op":"remove","path":"/spec/template/metadata/labels/version"}]'   # as who replaces that Deployment alone

# A release that has no traffic yet stops where somebody else releases, or puts the Service's own selector back.
#   NAME | RELEASE | DONE TO WHAT IS LIVE: WORDS OF KUBECTL, OR "kill" | PODS OF THE NEXT COLOUR BEFORE IT HAS THE TRAFFIC |
#   EXIT CODES OF THE RELEASE, ITS ROLLBACK AND THE NEXT RELEASE
worlds=(
  "none   |v1.6.1|                                                           |2|0 0 0"
  "restart|v1.6.0|rollout restart deployment/shop                            |2|0 0 0"
  "scale  |v1.6.1|scale deployment/shop --replicas=3                         |3|0 0 0"
  "apply  |v1.6.1|apply -f shop.yaml                                         |2|0 0 0"
  "strip  |v1.6.0|patch deployment/shop --type=json -p $strip|2|0 0 0"
  "killed |v1.6.1|kill                                                       |2|0 0 0"
  "image  |v1.6.0|set image deployment/shop shop=$repository_of_images:v1.5.1|0|3 - 0"
  "upgrade|v1.6.0|patch deployment/shop -p $upgrade|0|3 - 0"
  "undo   |v1.6.0|set image deployment/shop shop=$repository_of_images:v1.5.1; rollout undo deployment/shop|0|3 - 0"
  "replace|v1.6.0|replace -f shop.yaml                                       |0|3 - 0"
  "smoke  |v1.6.1|                                                           |0|3 - 0"
  "unready|v1.6.2|                                                           |0|3 - 0"
)
declare -A settings=(   # of the release only
  [smoke]='switch.smoke=[{path: /health, status: 204}]'
  [unready]='switch.ready_timeout=8s'
)
declare -A keys=([upgrade]=colour)   # that tells the colours apart; "version" is its own there

# The next colour is up when whatever was done is over; v1.6.2 never is, v1.7.0 is the next release.
versions=(v1.5.0: v1.5.1: v1.6.0:READY_AFTER=25s v1.6.1:READY_AFTER=10s v1.6.2:READY_AFTER=1h v1.7.0:)

fields() { # WORLD: into name, release, act, pods, codes
  IFS='|' read -r name release act pods codes <<< "$(sed 's/ *|/|/g' <<< "$1")"
}

namespaces=() lives=() chosen=" ${*:3} "
for world in "${worlds[@]}"; do
  fields "$world"
  [ $# -le 2 ] || [[ $chosen = *" $name "* ]] || continue
  namespaces+=("$name")
  lives+=("$world")
done

# Two pods in each world, of which none may take the machine from the others.
shop_of() { # NAMESPACE
  local labels='app: shop'
  [ -z "${keys[$1]:-}" ] || labels='app: shop, version: v1.5.0'
  sed "s/production/$1/; s/replicas: 3/replicas: 2/; s/cpu: 50m/cpu: 10m/; s/cpu: \"1\"/cpu: 200m/; s/^    metadata: {labels: {app: shop}}/    metadata: {labels: {$labels}}/" \
    "$repository/tests/e2e/site/shop.yaml"
}

kubectl_in() { "${inside[@]}" kubectl -n "$name" "$@"; }

# Fresh connections: a kept one would hide what becomes of the next.
load() {
  background "$name-load" "${inside[@]}" env --default-signal=INT hey -z 3600s -c 5 -q $((rate / 5)) -t 5 -disable-keepalive "$url/"
  load=$!
}

unload() {
  kill -INT "$load" 2> /dev/null || fail "$name: its load was over before its releases"
  wait "$load" || fail "$name: its load ended badly; $folder/$name-load.log"
}

pause() { sleep "$1" & wait $!; } # SECONDS

# In the background, as all that takes time: a signal ends `wait`, nothing else.
begin() { # VERB FLAGS…: the last word is theirs; the process is the switch's own
  log=$folder/$name-$((turn += 1)).log since=$SECONDS arguments=$*
  (cd "$folder/$name" && exec "${inside[@]}" "$tools/baton-switch" "$1" --standalone --deadline 3m "${sets[@]}" "${@:2}") > "$log" 2>&1 < /dev/null &
  process=$!
}

finish() { # EXIT-CODE
  local code=0
  wait "$process" 2> /dev/null || code=$?   # the shell would tell of a kill
  ended+=("$code")
  say "$name: baton-switch $arguments: exit $code after $((SECONDS - since)) s"
  [ "$code" = "$1" ] || { tail -n 40 "$log" | cut -c1-400; fail "$name: $1 expected"; }
}

narrowed() {
  kubectl_in wait service/shop --for=jsonpath="{.spec.selector.$key}"=blue --timeout=60s > /dev/null || fail "$name: no adoption"
  [ "$(pods_of_live)" = "$live_before" ] || fail "$name: its adoption changed its pods"
}

pods_of_live() {
  kubectl_in get pods -l "$key!=green" -o jsonpath='{range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\n"}{end}'
}

# All that a release without traffic has to leave as it was; what it made itself is the next colour's, and empty.
standing() {
  kubectl_in get services,deployments,replicasets,pods -o jsonpath='{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} labels {.metadata.labels} selector {.spec.selector} template {.spec.template.metadata.labels} paused {.spec.paused} restarts {.status.containerStatuses[*].restartCount}{"\n"}{end}' \
    | grep -v ' shop-green'
}

# But for what was done: its pods, and the release's own label.
without_pods() { grep -vE '^(ReplicaSet|Pod) ' | sed 's/"version":"v1\.5\.[01]"//'; }

disturb() {
  local command words
  while IFS= read -r command; do
    read -ra words <<< "$command"
    (cd "$folder/$name" && kubectl_in "${words[@]}")
    kubectl_in rollout status deployment/shop --timeout=60s
  done <<< "${act//; /$'\n'}" > "$folder/$name-disturbed.log" 2>&1
}

require_serving() { # COLOUR VERSION: by selector, by answer, and no pod stays outside
  local selector expected outside
  selector=$(kubectl_in get service shop -o jsonpath='{.spec.selector}')
  expected="{\"app\":\"shop\",\"$key\":\"$1\"}"
  [ "$key" != colour ] || expected="{\"app\":\"shop\",\"colour\":\"$1\"}"
  [ "$selector" = "$expected" ] || fail "$name: its Service selects $selector, not $expected"
  "${inside[@]}" curl -sf -m 5 "$url/health" | grep -qF "\"$2\"" || fail "$name: not $2 answers"
  outside=$(kubectl_in get pods -l "$key notin (blue, green)" -o name)
  [ -z "$outside" ] || fail "$name: without a colour: $outside"
}

# How the Service records the last move.
move() { kubectl_in get service shop -o jsonpath='{.metadata.annotations.baton/move}'; }

# What the switch measured, in milliseconds from its patch.
times() {
  say "$name: milliseconds from the patch: $(python3 -c 'import json, sys
print(json.dumps(json.load(open(sys.argv[1]))["predicate"]["state"]["times"]))' "$folder/$name/.baton/switch.json")"
}

release() { # EXIT-CODE: the first one, disturbed
  begin run --release "$release" ${settings[$name]:+--set "${settings[$name]}"}
  narrowed
  if [ "$act" = kill ]; then
    kill -KILL "$process"
    finish 137
    begin run --release "$release"
  elif [ -n "$act" ]; then
    disturb
  fi
  disturbed=$(date +%s.%N)
  finish "$1"
}

# A world from its first load to its last.
live() { # WORLD
  local name release act pods codes key url live_before before load log since arguments process disturbed turn=0 sets=() ended=()
  local expected setting begun=$SECONDS
  fields "$1"
  read -ra expected <<< "$codes"
  key=${keys[$name]:-version} url=$(url_of "$name")
  for setting in app=shop image="$repository_of_images" kubernetes.namespace="$name" switch.soak=5s \
    switch.verify_rollback=5s switch.public="[$url/health]" switch.smoke='[{path: /health}]' \
    switch.identify='{header: X-App-Version}'; do
    sets+=(--set "$setting")
  done
  mkdir "$folder/$name"
  shop_of "$name" > "$folder/$name/shop.yaml"
  live_before=$(pods_of_live) before=$(standing)
  load
  pause 3
  release "${expected[0]}"
  if [ "${expected[0]}" = 0 ]; then
    require_serving green "$release"
    kubectl_in get pods -l "$key=green" -o json | python3 "$here/adoption.py" moved "$name" "$(move)" "$disturbed" "$pods"
    times
  else
    # Who replaced them made pods of their own, and a rollout may go on.
    kubectl_in rollout status deployment/shop --timeout=60s > /dev/null
    [ -z "$act" ] || before=$(without_pods <<< "$before")
    diff <(echo "$before") <(if [ -z "$act" ]; then standing; else standing | without_pods; fi) || fail "$name: it did not end as it began"
    [ -z "$(kubectl_in get pods -l "app=shop,$key=blue" -o name)" ] || fail "$name: its pods kept the label"
    say "$name: ${act:+but for what was done to it, }all is as it was"
  fi
  if [ "${expected[1]}" != - ]; then
    begin rollback --reason "customers call"
    finish "${expected[1]}"
    require_serving blue v1.5.0
  fi
  begin run --release v1.7.0
  finish "${expected[2]}"
  require_serving green v1.7.0
  python3 "$here/adoption.py" next "$name" "$(move)" "${expected[0]}"
  times
  pause 2
  unload
  python3 "$here/adoption.py" users "$folder" "$name" "${ended[*]}" $((SECONDS - begun))
}

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
say "${#lives[@]} worlds, $lanes at a time"

# The load of a world that failed tells what its users met.
end_world() {
  if kill -INT "${load:-}" 2> /dev/null; then wait "$load" || true; fi
  jobs -p | xargs -r kill 2> /dev/null || true
}

lane() { # FIRST: every world of its own, one after the other
  local at process status=0
  trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
  trap 'exit 143' TERM
  for ((at = $1; at < ${#lives[@]}; at += lanes)); do
    (trap end_world EXIT; trap 'exit 143' TERM; live "${lives[at]}") &
    process=$!
    wait "$process" || status=1
  done
  return $status
}

status=0 running=()
for ((first = 0; first < lanes; ++first)); do
  (lane $first) &
  running+=($!) started+=($!)
  sleep 3
done
for pid in "${running[@]}"; do wait "$pid" || status=1; done
say "--- adoption"
python3 "$here/adoption.py" table "$folder" "${namespaces[@]}" || status=1
[ $status = 0 ] || fail "a world ended otherwise; logs lie in $folder"
say "adoption: passed after $SECONDS s"
