#!/bin/bash
# The releases of the end-to-end run: one good, one bad from its first request, one bad later. releases.sh BUILD FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/world.sh"
tools=$(cd "$1" && pwd)
trap 'status=$?; world_down; exit $status' EXIT

say "target: a Kubernetes of its own in a network namespace; KUBECONFIG is ignored"
unset KUBECONFIG
world_up "$2"
say "$("${inside[@]}" kubectl version -o json | python3 -c 'import json,sys; print("Kubernetes", json.load(sys.stdin)["serverVersion"]["gitVersion"])')"

step() { # EXPECTED TOOL ARGUMENTS…
  local expected=$1 tool=$2 status=0; shift 2
  (cd "$site" && "${inside[@]}" "$tools/baton-$tool" "$@") > "$folder/last.log" 2>&1 || status=$?
  [ "$status" = "$expected" ] || { cat "$folder/last.log"; fail "baton-$tool $* ended with $status, $expected expected"; }
  say "baton-$tool $*: exit $status"
}

load() { # NAME SECONDS: the prober at 200 requests/s, and hey at as many more
  (cd "$folder" && exec "${inside[@]}" "$app" probe "$service_url/" 200 "$2" "$folder/$1.json") & prober=$!
  "${inside[@]}" hey -z "$2s" -c 10 -q 10 "$service_url/" > "$folder/$1-hey-kept.txt" & kept=$!
  "${inside[@]}" hey -z "$2s" -c 10 -q 10 -disable-keepalive "$service_url/" > "$folder/$1-hey-fresh.txt" & fresh=$!
}

loaded() { # NAME: waits for the load; hey's own connection failures fail the run
  wait "$prober" "$kept" "$fresh"
  local kind file answers
  for kind in kept fresh; do
    file=$folder/$1-hey-$kind.txt
    answers=$(sed -n 's/^ *\[[0-9]*\][^0-9]*\([0-9]*\) responses/\1/p' "$file" | paste -sd+ | bc)
    say "hey, $kind connections, $1: ${answers:-0} answers, $(sed -n '/Error distribution/,$p' "$file" | grep -c '^ *\[' || true) kinds of failures"
    ! grep -q 'Error distribution' "$file" || { cat "$file"; fail "hey met failed connections during $1"; }
  done
}

baseline_pause=35   # watch.baseline is 30 s, and a scrape comes every 5 s

release() { # VERSION until SWITCH's exit code
  step 0 precheck --release "$1"
  step 0 migrate --release "$1"
  step "$2" switch --release "$1"
}

state() { python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))["predicate"]["state"]
for key in sys.argv[2].split("."): value = value[key]
print(value)' "$site/.baton/$1.json" "$2"; }

say "--- control: the same load without a switch"
load control 60; loaded control
python3 "$here/assert.py" control "$folder/control.json"

say "--- v1.6.0: good, onto a Service that never knew colours"
load good 130; sleep $baseline_pause
release v1.6.0 0
proved=$(state switch move.proved_at)
say "times: $(state switch times)"
step 0 watch --release v1.6.0
step 75 finalize --release v1.6.0
loaded good
python3 "$here/assert.py" good "$folder/good.json" v1.5.0 v1.6.0 "$proved"
sleep 25
step 0 finalize --release v1.6.0
step 0 finalize verify
[ -z "$("${inside[@]}" kubectl -n production get deployment shop --ignore-not-found)" ] || fail "the old Deployment is still there"

say "--- v1.7.0: 8 % errors from its first request; switch's soak finds it"
load soak 110; sleep $baseline_pause
release v1.7.0 4
loaded soak
python3 "$here/assert.py" bad "$folder/soak.json" v1.7.0 20

say "--- v1.7.1: 8 % errors from a moment after its soak; watch finds it"
load watched 190; sleep $baseline_pause
INTENSIVE=120s release v1.7.1 0
INTENSIVE=120s step 4 watch --release v1.7.1
loaded watched
python3 "$here/assert.py" bad "$folder/watched.json" v1.7.1 ""
python3 "$here/exposure.py" "$folder/watched.json" v1.7.1 20

say "real cluster: passed"
