#!/bin/bash
# The GitHub templates for real, in act's host mode, against the playground and under load: a good release goes through build,
# checks and all five steps; a bad one is taken back by switch, a good one by the button; an altered file, a lost report and
# hostile names get nowhere.
#   ci-github.sh BUILD FOLDER [long]   BUILD holds the five executables and the sandbox; long: also what watch takes back,
#                          24 hours by schedule, each tool's own action, both builds. Needs npm, Python's venv, rsync,
#                          Prometheus, shellcheck, and Go for actionlint and kubectl, once.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=e2e
build=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
length=${3:-short}
. "$here/../sandbox/playground.sh"
. "$here/ci-runners.sh"
root=$(cd "$here/../.." && pwd)
templates=$root/ci-templates

# What a team would have: the templates, and a script for each check that leaves its reports. Beside it Baton's repository.
repository() {
  local repository=$folder/github script
  mkdir "$folder/baton"
  cp -r "$templates" "$folder/baton"
  lay_out "$repository"
  keep_database "$repository"
  sed -i "s|sqlite:$repository.db|\${DATABASE_URL}|" "$repository/baton.yaml"
  echo "migrate: {backup_dir: $folder/backups}" >> "$repository/baton.yaml"
  mkdir -p "$repository/.github/workflows" "$repository/ci"
  mv "$repository/reports" "$repository/ci"
  cp "$templates"/github/*.yml "$here"/ci-{caller,alone}.yml "$repository/.github/workflows"
  printf 'FROM scratch\nCOPY ci/test.sh /\n' > "$repository/Dockerfile"
  echo 'cp ci/reports/*.xml reports' > "$repository/ci/test.sh"
  for script in scan staging load; do
    echo 'echo "{\"about\": \"$IMAGE@$DIGEST\"}" > '"reports/$script.json" > "$repository/ci/$script.sh"
  done
  commit "$repository"
}

# act_job JOB RESULT: a job of the workflow ended so in the newest log.
act_job() { said "/$1 *\] .*Job $2" "the job of $1 has not $2"; }
act_idle() { silent "/$1 *\] .*Run Main" "the job of $1 ran"; }

# github EVENT WORKFLOW [ARGUMENT…]: the artifacts are in $store afterwards.
github() {
  local event=$1 workflow=$2 options variable
  shift 2
  options=("$event" --local-repository "example/baton@0123456789abcdef0123456789abcdef01234567=$folder/baton" -W ".github/workflows/$workflow" -P ubuntu-latest=-self-hosted)
  for variable in "${needed[@]}"; do [ $variable = KUBECONFIG ] || options+=(--env "$variable=${!variable}"); done
  options+=(--secret "KUBECONFIG=$(< "$KUBECONFIG")" --secret "DATABASE_URL=sqlite:$folder/github.db" --env "PLANTED=$planted")
  for variable in upload download; do
    options+=(--local-repository "$(pinned "$variable")=$folder/actions/$variable")
  done
  rm -rf "$store"
  (cd "$folder/github" && PATH=$build:$PATH XDG_CONFIG_HOME=$folder/act XDG_CACHE_HOME=$folder/act "$act" "${options[@]}" "$@")
}

release() { github workflow_dispatch "$1" --input "release=$2" "${@:3}"; }

planted=value-of-an-environment-42

# handed STEP: its handoff file, as its job left it.
handed() { echo "$store/sop-$1-1/$1.json"; }

github_good() {
  run 0 "github v1.6.0" release ci-caller.yml v1.6.0
  for step in test scan staging load precheck migrate switch watch finalize; do act_job $step succeeded; done
  act_idle build
  said '/finalize *\] .*set-output:: exit-code=75$' "finalize did not end with 75"
  said 'comes back at 20[0-9T:.-]*Z' "the caller was given no run-again-at"
  for step in precheck migrate switch watch; do verdict "$(handed $step)" "$(good $step)"; done
  verdict "$(handed finalize)" again
  [ -s "$store/archive-1/docs/deployment-history.md" ] || fail "the deployment history was not kept"
  ! grep -rqF -e "$planted" -e "$(jq -r '.users[0].user.token' "$KUBECONFIG")" "$store" ||
    fail "an environment's value is in an artifact"
  require_live v1.6.0
}

github_bad() {
  run 1 "github v1.7.0" release release.yml v1.7.0
  act_job migrate succeeded
  act_job switch failed
  said '/switch *\] exit status 4$' "switch did not end with 4"
  act_idle watch
  verdict "$(handed switch)" rolled-back
  act_job finalize succeeded
  [ -s "$store/sop-finalize-1/deployment-summary-v1.7.0.md" ] || fail "the summary does not tell of the rollback"
  require_live v1.6.0
}

# The digest takes another way than the files: an altered file is found out, though its verdict would let migrate go on.
github_altered() {
  touch "$folder/alter"
  run 1 "github altered" release release.yml v1.8.0
  rm "$folder/alter"
  act_job precheck succeeded
  said '/migrate *\] exit status 7$' "migrate took an altered file"
  for step in switch watch finalize; do act_idle $step; done
  require_live v1.6.0
}

# A check's report that does not arrive is nothing known, and nothing goes on.
github_lost() {
  echo reports-test-1 > "$folder/lost"
  run 1 "github lost" release release.yml v1.8.0
  rm "$folder/lost"
  act_job test succeeded
  said '/precheck *\] exit status 6$' "precheck knew something without reports"
  for step in migrate switch watch finalize; do act_idle $step; done
  verdict "$(handed precheck)" unknown
}

# Watch gives its runner back before its window ends: no failure, and finalize is left for the run that comes back.
github_again() {
  run 0 "github v1.8.0" release ci-caller.yml v1.8.0 --input deadline=8s --env 'BATON_SET=watch.intensive={for: 10m, every: 6s}'
  act_job watch succeeded
  act_idle finalize
  said '/watch *\] .*run-again-at=20' "watch gave no run-again-at"
  verdict "$(handed watch)" again
  require_live v1.8.0
}

# Whoever presses the button writes what he likes; it reaches the record as text, and the runner as nothing.
github_button() {
  run 0 "github button" github workflow_dispatch rollback.yml --input "reason=$hostile"
  act_job rollback succeeded
  harmless
  require_live v1.6.0
}

# Hostile text: what a shell would run, what the host would take for a command.
hostile='$(touch pwned) `touch pwned` "; touch pwned; " ::error::owned ##[error]owned %0A::set-output name=verdict::proceed '$'\e[31m\n::error::owned\n##[error]owned'
harmless() {
  [ -z "$(find "$folder" -name 'pwned*' -print -quit)" ] || fail "hostile text was run"
  silent '❗(?!  ::(error|warning) title=(baton|precheck|switch)[ a-z0-9-]*::)' "hostile text was a command to the host"
  silent '\]   \| .*(##\[error|proceed \e\[31m)' "hostile text was shown as it is"
  silent 'set-output:: (?!(verdict|exit-code|handoff-path|handoff-sha256|run-again-at|digest)=)' "an output more was set"
}

write_hostile_report() { # FILE
  HOSTILE=$hostile python3 - "$1" << 'END'
import os, sys
from xml.sax.saxutils import escape, quoteattr
text = os.environ["HOSTILE"].replace("\x1b", "") + '<img src="x"> [x](http://x)'
with open(sys.argv[1], "w") as report:
    report.write(f'<testsuite tests="1" failures="1"><testcase classname="a" name={quoteattr(text)}>'
                 f"<failure message={quoteattr(text)}>{escape(text)}\n::error::owned\n##[error]owned</failure></testcase></testsuite>")
END
}

# A release's name, a branch's, a report's text.
github_hostile() {
  local version
  for version in 'v1$(touch pwned)' '`touch pwned`' "v1"$'\n'"verdict=proceed" '::error::owned' '-h'; do
    run 1 "github hostile" release release.yml "$version"
    said '/precheck *\] exit status 2$' "precheck took a hostile version"
    silent 'set-output:: verdict=proceed' "a hostile version set an output"
    for step in migrate switch watch finalize; do act_idle $step; done
    harmless
  done
  git -C "$folder/github" checkout -q -b 'a$(touch${IFS}pwned)`touch${IFS}pwned`'
  write_hostile_report "$folder/github/ci/reports/unit.xml"
  run 1 "github hostile report" release release.yml v1.9.0
  said '/precheck *\] exit status 3$' "precheck passed a failing test"
  harmless
  git -C "$folder/github" checkout -qf main
}

# The same text on the ways that lead past a runner: a folder's name and a report, into the files that the host reads.
github_files() {
  local place=$folder/files
  mkdir -p "$place/reports"
  cp "$folder/github/baton.yaml" "$place"
  write_hostile_report "$place/reports/unit.xml"
  log=$place/log
  (cd "$place" && PATH=$build:$PATH GITHUB_ACTIONS=true GITHUB_OUTPUT=$place/output GITHUB_STEP_SUMMARY=$place/summary \
    DATABASE_URL=sqlite:$folder/github.db GITHUB_ACTOR=$hostile GITHUB_REF_NAME=$hostile GITHUB_SHA=$hostile \
    baton-precheck --release v1.9.0 --dir $'.baton\nverdict=proceed\nextra=1' > "$log" 2>&1) && fail "precheck passed a failing test"
  [ "$(cut -d = -f 1 "$place/output" | tr '\n' ' ')" = "verdict exit-code handoff-path handoff-sha256 run-again-at " ] ||
    fail "the outputs are others: $(cat "$place/output")"
  grep -q 'touch pwned' "$place/summary" || fail "the summary does not show the failing test"
  ! grep -qE '^::|##\[|<img|]\(http|'$'\e' "$place/summary" || fail "the summary holds raw text: $(cat "$place/summary")"
  # Between the two tokens nothing is a command; outside there is only what we say ourselves.
  awk '/^::stop-commands::/ { token = "::" substr($0, 18) "::" } !token && /^::|##\[/ { print } $0 == token { token = "" }' "$log" |
    grep -vE '^::(group::Findings|endgroup::|(error|warning) title=precheck[ a-z0-9-]*::)' > "$place/others" || true
  [ ! -s "$place/others" ] || fail "foreign text is a command: $(cat "$place/others")"
  harmless
}

# What watch finds hours later it takes back, and finalize tells of it.
github_watched() {
  { await 300 "the watch" grep -q '/watch *\] .*intensive phase' "$folder/github-watched.log" &&
      curl -sS -X PUT --data errors=10% "$SANDBOX_API/sandbox/releases/v1.9.0" > /dev/null; } &
  run 1 "github watched" release release.yml v1.9.0
  said '/watch *\] exit status 4$' "watch did not end with 4"
  verdict "$(handed watch)" rolled-back
  act_job finalize succeeded
  require_live v1.6.0
}

# The hours after, without a person and without a file of the release's run: the schedule judges, then finalizes, then has
# nothing to do.
github_schedule() {
  local look=0 path=() said_before
  sed -i 's|scale_down_after: 10m|scale_down_after: 130s|; s|delete_after: 20m|delete_after: 160s|
    s|intensive: {for: 24s|intensive: {for: 90s|' "$folder/github/baton.yaml"
  git -C "$folder/github" -c user.name=e2e -c user.email=e2e@example.com commit -qam "short days"
  run 0 "github v1.11.0" release ci-caller.yml v1.11.0 --input deadline=8s
  act_idle finalize
  until [ "${path[*]: -1}" = 0/0 ]; do
    look=$((look + 1))
    [ $look -le 40 ] || fail "the schedule did not come to an end: ${path[*]}"
    run 0 "github look $look" github schedule baton-schedule.yml
    mapfile -t codes < <(sed -n 's/.*set-output:: exit-code=\([0-9]*\)$/\1/p' "$log")
    path+=("${codes[0]}/${codes[1]:--}")
    said_before=$(ls "$store/sop-schedule-1")
    sleep 4
  done
  say "watch and finalize, look by look: ${path[*]}"
  [ "${path[0]}" = 75/- ] || fail "the first look was not within the window"
  [[ " ${path[*]} " == *" 0/75 "* ]] || fail "finalize did not wait for the old colour's time"
  grep -q deployment-summary-v1.11.0.md <<< "$said_before" || fail "no summary was written"
  run 0 "github look after" github schedule baton-schedule.yml
  said 'nothing is open' "after the end something was open"
  require_live v1.11.0
}

# GitHub tells only the shell of a cancelled job; the tool's handoff is there all the same.
github_cancelled() {
  local place=$folder/cancelled code=0 running
  mkdir -p "$place"
  cp "$folder/github/baton.yaml" "$place"
  sed -n '/^      run: |$/,$ { /run: |$/d; s/^        //; p }' "$templates/github/watch/action.yml" > "$place/run.sh"
  (cd "$place" && exec env PATH="$build:$PATH" DATABASE_URL="sqlite:$folder/github.db" BATON_STANDALONE=true BATON_HANDOFF_SHA256= \
    BATON_SET='watch.intensive={for: 10m, every: 6s}' BATON_RELEASE="$(live)" bash -e run.sh) > "$place/log" 2>&1 &
  running=$!
  await 60 "a look" grep -q '"judged_until"' "$place/.baton/watch.json"
  kill -TERM $running
  wait $running || code=$?
  [ $code = 143 ] || fail "the cancelled step ended with $code: $(tail -n 20 "$place/log")"
  verdict "$place/.baton/watch.json" again
}

# Baton's archive by its digest, then each tool by its own action; another digest, and an empty one, get nowhere.
github_alone() {
  local archive=baton-9.8.7-linux-amd64 given
  mkdir -p "$folder/$archive/bin"
  cp "$build"/baton-{precheck,migrate,switch,watch,finalize} "$folder/$archive/bin"
  strip "$folder/$archive"/bin/*
  tar -C "$folder" -cf - "$archive" | gzip -1 > "$folder/$archive.tar.gz"
  given=(--input "url=file://$folder" --input "sha256=$(sha256sum "$folder/$archive.tar.gz" | cut -d ' ' -f 1)")
  run 1 "github other archive" release ci-alone.yml v1.10.0 "${given[@]}" --input "sha256=$(printf 'a%.0s' {1..64})"
  said 'which is none of those given' "an archive of another digest was taken"
  silent 'command -v' "the job went on"
  run 1 "github other digest" release ci-alone.yml v1.10.0 "${given[@]}" --input "digest=$(printf 'a%.0s' {1..64})"
  said 'exit status 7$' "migrate's own action took another file"
  run 0 "github alone" release ci-alone.yml v1.10.0 "${given[@]}"
  said '\| .*/baton/bin/baton-precheck$' "the archive's executables were not found first"
  said 'verdicts caution proceed proceed proceed again, again 20' "the actions' outputs are others"
  require_live v1.10.0
}

# Both tags, and a digest that all checks are told.
github_build() {
  local port digest
  port=$(free_port)
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "127.0.0.1:%s"}\n' \
    "$folder/registry" "$port" > "$folder/registry.yml"
  docker-registry serve "$folder/registry.yml" > "$folder/registry.log" 2>&1 &
  pids+=($!)
  await 15 "the registry" curl -sf "http://127.0.0.1:$port/v2/"
  printf '[[registry]]\nlocation = "127.0.0.1:%s"\ninsecure = true\n' "$port" > "$folder/registries.conf"
  run 1 "github build" release ci-caller.yml v9.9.9 --input "image=127.0.0.1:$port/shop" --input builder=buildah \
    --env "CONTAINERS_REGISTRIES_CONF=$folder/registries.conf" --env BUILDAH_ISOLATION=chroot --env STORAGE_DRIVER=vfs
  for step in build test scan staging load; do act_job $step succeeded; done
  digest=$(curl -sSI -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://127.0.0.1:$port/v2/shop/manifests/v9.9.9" |
    tr -d '\r' | sed -n 's/^Docker-Content-Digest: //p')
  jq -e --arg digest "$digest" '.digest == $digest and .size > 0 and .start <= .end and .end <= .push' \
    "$store/reports-build-1/build.json" > /dev/null || fail "build.json is not about what the registry has ($digest)"
  for step in scan staging load; do
    grep -qF "shop@$digest" "$store/reports-$step-1/$step.json" || fail "the job of $step was told another image"
  done
  curl -sSf "http://127.0.0.1:$port/v2/shop/tags/list" | jq -e '.tags | sort == ["latest", "v9.9.9"]' > /dev/null ||
    fail "the tags are others"
  [ -s "$store/sop-precheck-1/build.json" ] || fail "precheck was not given build.json"
}

# kubectl as Kubernetes builds it takes the playground for a cluster.
stock_kubectl() {
  local binaries pods
  binaries=$("$here/../cluster/kubernetes.sh")
  pods=$("$binaries/kubectl" get pods -l app=myapp -o name) || fail "kubectl get pods failed"
  [ "$(wc -l <<< "$pods")" = 2 ] || fail "kubectl sees other pods than the two: $pods"
  "$binaries/kubectl" get deployments,services,endpointslices,events > /dev/null || fail "kubectl get failed"
  "$binaries/kubectl" logs deployment/myapp > /dev/null || fail "kubectl logs failed"
}

# Users come for ten minutes at the longest.
renew_load() {
  settle_load
  start_load
}

install_runners github
lint_templates github
start_sandbox v1.5.0 v1.6.0 v1.7.0:errors=8% v1.8.0 v1.9.0 v1.10.0 v1.11.0
start_prometheus
start_load
stock_kubectl
sleep 14  # a baseline
require_live v1.5.0

repository
stand_ins
github_good
github_bad
github_altered
github_lost
github_again
github_button
github_hostile
github_files
if [ "$length" = long ]; then
  renew_load
  github_watched
  github_alone
  renew_load
  github_schedule
  github_cancelled
  github_build
fi
settle_load
echo "e2e: github: passed"
