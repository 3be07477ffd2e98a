#!/bin/bash
# Releases on a real Kubernetes, under load: good and bad from the first request, later, or by a person's word.
#   releases.sh BUILD FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

attempt() { # TOOL ARGUMENTS…: its exit code comes into `code`, what it said into the file `log`
  local tool=$1 begun=$SECONDS; shift
  code=0 turn=$((${turn:-0} + 1))
  log=$folder/$(printf %02d-%s.log "$turn" "$tool")
  # In the background: a signal ends `wait`, where it would be held until a tool in the foreground came to its own end.
  (cd "$site" && exec "${inside[@]}" timeout 240 "$tools/baton-$tool" "$@") > "$log" 2>&1 < /dev/null &
  started+=($!)
  wait $! || code=$?
  say "baton-$tool $*: exit $code after $((SECONDS - begun)) s"
}

expect() { # EXIT-CODES TOOL ARGUMENTS…: one of "0 75"
  local expected=$1; shift
  attempt "$@"
  [[ " $expected " = *" $code "* ]] || { cat "$log"; fail "baton-$1 ended with $code, $expected expected"; }
}

release() { # VERSION EXIT-CODE-OF-SWITCH
  expect 0 precheck --release "$1"
  expect 0 migrate --release "$1"
  expect "$2" switch --release "$1"
}

# Comes back when it says so, as a pipeline would; not over at first, then in a few turns.
finalize() { # VERSION
  local turns=4 again
  expect 75 finalize --release "$1"
  until [ "$code" = 0 ]; do
    again=$(sed -n 's/^Run again at //p' "$log")
    [ -n "$again" ] && [ $((turns -= 1)) -gt 0 ] || { cat "$log"; fail "finalize came to no end"; }
    sleep $(($(date -d "$again" +%s) - $(date +%s) + 1))
    attempt finalize --release "$1"
  done
}

# What a step measured, in milliseconds from its patch; switch keeps those of its rollback apart.
times() { # STEP
  python3 -c 'import json, sys
times = json.load(open(sys.argv[1]))["predicate"]["state"]["times"]
print(json.dumps(times.get("rollback", times)))' "$site/.baton/$1.json"
}

# How the Service records the last move.
move() { "${inside[@]}" kubectl -n production get service shop -o jsonpath='{.metadata.annotations.baton/move}'; }

users() { local verb=$1; shift; python3 "$here/users.py" "$verb" "$folder" "$@"; }

mkdir -p "$2"
world_up "$(cd "$2" && pwd)"

say "--- control: the same load without a switch"
load control; sleep 55; unload control
users control control v1.5.0

say "--- v1.6.0: good, onto a Service that never knew colours"
load good
release v1.6.0 0
record=$(move) milliseconds=$(times switch)
expect 0 watch --release v1.6.0
finalize v1.6.0
unload good
expect 0 finalize verify
[ -z "$("${inside[@]}" kubectl -n production get deployment shop --ignore-not-found)" ] || fail "the old Deployment is still there"
users switched good v1.5.0 v1.6.0 "$record" "$milliseconds"

say "--- v1.7.0: 8 % errors from its first request; switch's soak finds it"
load soaked
release v1.7.0 4
unload soaked
expect "0 75" finalize --release v1.7.0   # the bad colour may be due for deletion later
users returned soaked v1.6.0 v1.7.0 first 20 "$(move)" "$(times switch)"

say "--- v1.7.1: 8 % errors from a moment after its soak; watch finds it"
export INTENSIVE=120s
load watched
release v1.7.1 0
expect 4 watch --release v1.7.1
unload watched
expect "0 75" finalize --release v1.7.1   # the bad colour may be due for deletion later
users returned watched v1.6.0 v1.7.1 first_error 20 "$(move)" "$(times watch)"

say "--- v1.8.0: good, until its pods are scaled away during watch; no metric tells of pods that are gone"
load scaled
release v1.8.0 0
expect 4 watch --release v1.8.0 &
watching=$!
sleep 12
"${inside[@]}" kubectl -n production scale deployment "$(move | python3 -c 'import json, sys; print(json.load(sys.stdin)["deployment"])')" --replicas=0
gone=$SECONDS
until [ "$("${inside[@]}" curl -sS -m 1 -o /dev/null -w '%header{x-app-version}' "$PUBLIC_URL/health" 2> /dev/null)" = v1.6.0 ]; do
  [ $((SECONDS - gone)) -le 15 ] || fail "15 s after its pods went, users are still without an answer"
done
say "  v1.6.0 answers again $((SECONDS - gone)) s after the pods of v1.8.0 went"
wait "$watching"
unload scaled

say "--- v1.8.1: good, and a person takes it back after its watch"
export INTENSIVE=15s
load last
release v1.8.1 0
expect 0 watch --release v1.8.1
expect 0 switch rollback --release v1.8.1 --reason "customers call"
expect "0 75" finalize --release v1.8.1   # the colour that a person left may be due for deletion later
for record in "$site"/.baton/deployment-summary-v1.8.1.md "$site"/history.md "$(find "$site/archive" -path '*v1.8.1*' -name 'deployment-summary*.md')"; do
  grep -A 12 'v1\.8\.1' "$record" | grep -q 'by a person' || fail "$record does not say that a person took v1.8.1 back"
done

say "--- v1.9.0: 40 % errors, and the label that tells of them is 'code'"
release v1.9.0 4
unload last

say "--- a variable that is not set stops each step that reads its key, before anything begins"
for reader in precheck:DATABASE_URL precheck:STAGING_URL migrate:DATABASE_URL switch:PUBLIC_URL watch:PUBLIC_URL finalize:HISTORY; do
  variable=${reader#*:}
  value=${!variable-} && unset "$variable"
  expect 2 "${reader%:*}" --release v1.9.1
  grep -q "$variable" "$log" || { cat "$log"; fail "${reader%:*} does not name $variable"; }
  export "$variable=$value"
done

users total control good soaked watched
say "real cluster: passed after $SECONDS s"
