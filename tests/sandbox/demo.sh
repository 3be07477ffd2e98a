#!/bin/bash
# Takes three releases through the five steps in the playground, under load: demo.sh BUILD-FOLDER [FOLDER]
# v1.6.0 is good; v1.7.0 fails 8 % of its requests from the first one, and switch rolls it back; v1.7.1 begins to fail after
# its soak, and watch rolls it back. Exits 0 when every step ended with the code it should. FOLDER (default: a new one under
# TMPDIR) keeps what was made.
set -euo pipefail

name=demo
build=$(cd "$1" && pwd)
folder=${2:-$(mktemp -d "${TMPDIR:-/tmp}/baton-demo.XXXXXX")}
mkdir -p "$folder"
. "$(dirname "${BASH_SOURCE[0]}")/playground.sh"

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

# Of the older releases the folder's name is enough: each holds what the newest one does.
show_files() {
  say "the files it made in $folder:"
  (cd "$folder" && find .baton docs deployments shop.db -type f -not -name '.*' |
    sed -E 's|^(\.baton/[0-9]{14}-[^/]*/).*|\1…|; s|^(.*/evidence/).*|\1…|; s|^(deployments/archive/[^/]*/v[^/]*/).*|\1…|' |
    sort | uniq -c | awk '{ printf "       %s%s\n", $2, ($1 > 1 ? " (" $1 " files)" : "") }')
}

mkdir -p "$folder/log"
lay_out "$folder"
say "starting the playground in $folder"
start_sandbox v1.5.0 v1.6.0 v1.7.0:errors=8% v1.7.1
start_prometheus
start_load
say "v1.5.0 serves at $FRONT_URL; measuring its baseline under 120 requests/s"
sleep 14
require_live v1.5.0

step v1.6.0 precheck 0
say "$(sed -n 's/^## Decision: //p' "$folder/.baton/pre-deployment-checklist.md"): these lines nobody looked at, or somebody declared away"
grep -E '(❔|⏭️)$' "$folder/.baton/pre-deployment-checklist.md" | sed 's/^/       /' | grep '^       -'
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
step v1.7.1 finalize 0 verify
require_live v1.6.0

kill "$load"
wait "$load" || fail "the load ended badly"
say "what the users saw:"
sed 's/^/       /' "$folder/load.log"
grep -q '"failed": 0,' "$folder/load.json" || fail "connections failed"

show_files
printf 'demo: all releases ended as they should (%ds)\n' $((SECONDS - began))
