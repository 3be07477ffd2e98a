#!/bin/bash
# Worlds on a real Kubernetes with a real Prometheus: each takes a release through precheck, switch and watch, its fault
# begins during watch, and it ends as the table says. All at once, each in a namespace of its own; a quarter of an hour.
#   verdicts.sh BUILD FOLDER [WORLD…]   some of them only. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

# Baselines and phases are short, the rhythm is the default.
#   NAME | WHAT THE RELEASE HAS IN ITS ENVIRONMENT | REQUESTS/S, AND FROM THE FAULT ON | SCRAPED EVERY | SECONDS OF
#   BASELINE | watch.intensive | EXIT CODE AND VERDICT OF WATCH | BY ONE OF | SECONDS AT MOST, FROM THE FAULT'S BEGIN
#   UNTIL USERS ARE BACK, A PERSON IS WARNED OR WATCH HAS ENDED
worlds=(
  'burst |ERRORS=15% FAULT_FOR=30s|20  |5s |120|4m |4 rolled-back|error-rate-critical                      |90'
  'slow  |SLOWER=4x               |20  |5s |120|10m|4 rolled-back|latency-p95-critical latency-p95-slow    |240'
  'leak  |LEAK=9Mi                |20  |5s |120|15m|4 rolled-back|memory-trend memory-critical pods-healthy|720'
  'drop  |                        |20 0|5s |120|10m|0 caution    |request-drop-warning                     |480'
  'warm  |WARM_UP=90s             |20  |5s |120|4m |0 proceed    |                                         |300'
  'minute|ERRORS=20%              |20  |60s|300|6m |4 rolled-back|error-rate-critical                      |180'
  'quiet |ERRORS=100%             |0.5 |5s |120|5m |4 rolled-back|error-rate-critical                      |120'
)
declare -A settings=(
  [slow]='watch.warm_up=1m'   # while it lasts, twice the limit is allowed
  [drop]='watch.limits.request_drop={warn: 50%, for: 30s}'
  [minute]='switch.soak_max=8m'   # a rate needs four scrapes
)

fields() { # WORLD: into name, fault, rates, scraped, baseline, intensive, ended, rules, within
  IFS='|' read -r name fault rates scraped baseline intensive ended rules within <<< "$(sed 's/ *|/|/g' <<< "$1")"
}

namespaces=() versions=(v1.5.0:LATENCY=20ms) chosen=" ${*:3} "
for world in "${worlds[@]}"; do
  fields "$world"
  [ $# -le 2 ] || [[ $chosen = *" $name "* ]] || continue
  version=v2.${#versions[@]}.0
  versions+=("$version:LATENCY=20ms FAULT_AFTER=told $fault")
  namespaces+=("$name=$scraped")
  lives+=("$version|$world")
done

# Two pods in each world, of which none may take the machine from the others.
shop_of() { # NAMESPACE
  sed "s/production/$1/; s/replicas: 3/replicas: 2/; s/cpu: \"1\"/cpu: 200m/" "$repository/tests/e2e/site/shop.yaml"
}

# Fresh connections: kept ones would stay with the old colour.
load() { # NAME REQUESTS/S
  background "$1-load" "${inside[@]}" env --default-signal=INT hey -z 3600s -c 1 -q "$2" -disable-keepalive "$url/"
  load=$!
}

unload() { kill -INT "$load" 2> /dev/null || fail "$name: its load was over before its release"; }

# In the background, as all that takes time: a signal ends `wait`, nothing else.
begin() { # TOOL: in the world's own folder
  tool=$1 since=$SECONDS
  (cd "$folder/$name" && exec "${inside[@]}" timeout 1500 "$tools/baton-$tool" --release "$version" "${sets[@]}") \
    > "$folder/$name-$tool.log" 2>&1 < /dev/null &
  process=$!
}

finish() { # EXIT-CODE
  local code=0
  wait "$process" || code=$?
  say "$name: baton-$tool: exit $code after $((SECONDS - since)) s"
  [ "$code" = "$1" ] || { tail -n 40 "$folder/$name-$tool.log" | cut -c1-400; fail "$name: baton-$tool: $1 expected"; }
}

pause() { sleep "$1" & wait $!; } # SECONDS

tell_fault() { # to all pods of the world; the old ones have none
  local address
  for address in $("${inside[@]}" kubectl -n "$name" get pods -o jsonpath='{.items[*].status.podIP}'); do
    "${inside[@]}" curl -sf -m 5 -X POST "http://$address:8080/fault"
  done
}

# How the Service records the last move.
move_of() { # NAMESPACE
  "${inside[@]}" kubectl -n "$1" get service shop -o jsonpath='{.metadata.annotations.baton/move}'
}

# A world from its first load to its verdict.
live() { # VERSION|WORLD
  local version=${1%%|*} name fault rates scraped baseline intensive ended rules within
  local url load process tool since begun setting sets=()
  fields "${1#*|}"
  url=$(url_of "$name")
  export DATABASE_URL=postgresql://shop@127.0.0.1:5432/$name STAGING_URL=$url PUBLIC_URL=$url
  cp -r "$site" "$folder/$name"
  "${inside[@]}" psql -q -h 127.0.0.1 -U shop -d postgres -c "CREATE DATABASE \"$name\""
  for setting in kubernetes.namespace="$name" switch.soak=60s switch.soak_max=3m watch.step=15s \
    watch.baseline="${baseline}s" watch.intensive="{for: $intensive, every: 1m}" \
    watch.passive='{for: 15s, every: 15s}' ${settings[$name]:+"${settings[$name]}"}; do
    sets+=(--set "$setting")
  done
  load "$name" "${rates% *}"
  pause $((baseline + 30))
  for tool in precheck migrate switch; do begin $tool; finish 0; done
  begin watch
  pause 10
  begun=$(date +%s.%N)
  tell_fault
  if [[ $rates = *' '* ]]; then
    unload
    load=
    [ "${rates#* }" = 0 ] || load "$name-after" "${rates#* }"
  fi
  finish "${ended% *}"
  [ -z "$load" ] || unload
  python3 "$here/verdicts.py" "$folder" "$name" "$(move_of "$name")" "$begun" "${ended#* }" "$rules" "$within"
}

mkdir -p "$2"
world_up "$(cd "$2" && pwd)"
say "${#lives[@]} worlds"

status=0 running=()
for entry in "${lives[@]}"; do
  (trap 'kill $(jobs -p) 2> /dev/null || true' EXIT; trap 'exit 143' TERM; live "$entry") &
  running+=($!) started+=($!)
  sleep 3
done
for pid in "${running[@]}"; do wait "$pid" || status=1; done
say "--- verdicts"
for name in "${namespaces[@]%%=*}"; do cat "$folder/$name.verdict" 2> /dev/null || say "$name: none, see above"; done
[ $status = 0 ] || fail "a world ended otherwise; logs lie in $folder"
say "verdicts: passed after $SECONDS s"
