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

# What a team would have: the templates, and a script for each check that leaves its reports.
repository() {
  local repository=$folder/github script
  lay_out "$repository"
  keep_database "$repository"
  sed -i "s|sqlite:$repository.db|\${DATABASE_URL}|" "$repository/baton.yaml"
  mkdir -p "$repository/.github/workflows" "$repository/ci"
  mv "$repository/reports" "$repository/ci"
  cp "$templates"/github/*.yml "$here/ci-caller.yml" "$repository/.github/workflows"
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
  options=("$event" -W ".github/workflows/$workflow" -P ubuntu-latest=-self-hosted)
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
  ! grep -rqF "$planted" "$store" || fail "an environment's value is in an artifact"
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
  run 0 "github v1.8.0" release ci-caller.yml v1.8.0 --input deadline=4s
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
hostile='$(touch pwned) `touch pwned` "; touch pwned; " ::error::owned ##[error]owned %0A::set-output name=verdict::proceed '$'\e[31m'
harmless() {
  [ -z "$(find "$folder" -name 'pwned*' -print -quit)" ] || fail "hostile text was run"
  silent '❗|::error::owned$|set-output:: (verdict=proceed)' "hostile text was a command to the host"
  silent 'set-output:: (?!verdict|exit-code|handoff-path|handoff-sha256|run-again-at|artifact|digest)' "an output more was set"
}

# A release's name, a branch's, a report's text.
github_hostile() {
  local version
  for version in 'v1$(touch pwned)' '`touch pwned`' "v1"$'\n'"verdict=proceed" '::error::owned' '-h'; do
    run 1 "github hostile" release release.yml "$version"
    said '/precheck *\] exit status 2$' "precheck took a hostile version"
    for step in migrate switch watch finalize; do act_idle $step; done
    harmless
  done
  git -C "$folder/github" checkout -q -b 'a$(touch${IFS}pwned)`touch${IFS}pwned`'
  HOSTILE=$hostile python3 - "$folder/github/ci/reports/unit.xml" << 'END'
import os, sys
from xml.sax.saxutils import escape, quoteattr
text = os.environ["HOSTILE"].replace("\x1b", "")
with open(sys.argv[1], "w") as report:
    report.write(f'<testsuite tests="1" failures="1"><testcase classname="a" name={quoteattr(text)}>'
                 f"<failure message={quoteattr(text)}>{escape(text)}\n::error::owned\n##[error]owned</failure></testcase></testsuite>")
END
  run 1 "github hostile report" release release.yml v1.9.0
  said '/precheck *\] exit status 3$' "precheck passed a failing test"
  harmless
  git -C "$folder/github" checkout -q main -- ci/reports
  git -C "$folder/github" checkout -q main
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

install_runners github
lint_templates github
start_sandbox v1.5.0 v1.6.0 v1.7.0:errors=8% v1.8.0 v1.9.0 v1.10.0
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
settle_load
echo "e2e: github: passed"
