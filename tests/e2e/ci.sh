#!/bin/bash
# The CI templates for real, against the playground and under load: the GitHub workflow in act's host mode, the GitLab file in
# gitlab-ci-local. In each a good release goes through all five steps, and a bad one is rolled back by switch.
#   ci.sh BUILD FOLDER     BUILD holds the five executables and the sandbox. Needs npm, Python's venv, rsync, Prometheus,
#                          and Go for kubectl, once.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=e2e
build=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
. "$here/../sandbox/playground.sh"
. "$here/ci-runners.sh"
templates=$(cd "$here/../../ci-templates" && pwd)

# What baton.yaml reads from outside.
needed=(KUBECONFIG SANDBOX_REGISTRY PROMETHEUS_URL STAGING_URL FRONT_URL)

# repository NAME: what a team would have, with the templates in it. The database outlives the jobs' workspaces, and the old
# colour is not due for removal while we look, so that finalize ends with 75.
repository() {
  local repository=$folder/$1
  lay_out "$repository"
  mv "$repository/shop.db" "$repository.db"
  sed -i "s|sqlite:shop.db|sqlite:$repository.db|; s|scale_down_after: 3s|scale_down_after: 10m|; s|delete_after: 4s|delete_after: 20m|" \
    "$repository/baton.yaml"
  mkdir -p "$repository/.github/workflows"
  cp "$templates/github/baton.yml" "$here/ci-caller.yml" "$repository/.github/workflows"
  cp "$templates/gitlab/baton.yml" "$repository/.gitlab-ci.yml"
  git -C "$repository" init -q -b main
  git -C "$repository" add -A
  git -C "$repository" -c user.name=e2e -c user.email=e2e@example.com commit -q -m release
}

# run CODE WHAT COMMAND…: its log is shown when it ends otherwise.
run() {
  local expected=$1 what=$2 code=0
  log=$folder/$(tr ' ' - <<< "$2").log
  shift 2
  "$@" > "$log" 2>&1 < /dev/null || code=$?
  [ $code = "$expected" ] || { tail -n 80 "$log"; fail "$what ended with $code instead of $expected"; }
}

# said PATTERN WHAT, silent PATTERN WHAT: in the newest log.
said() { grep -qE "$1" "$log" || { tail -n 80 "$log"; fail "$2"; }; }
silent() { ! grep -qE "$1" "$log" || { grep -E "$1" "$log"; fail "$2"; }; }

# verdict FILE WORD
verdict() {
  local word
  word=$(sed -n 's/.*"verdict": *"\([a-z-]*\)".*/\1/p' "$1")
  [ "$word" = "$2" ] || fail "$(basename "$1") says '$word' instead of '$2'"
}

# act_job JOB RESULT: a job of the workflow ended so in the newest log.
act_job() { said "/$1 *\] .*Job $2" "the job of $1 has not $2"; }
act_idle() { silent "/$1 *\] .*Run Main" "the job of $1 ran"; }

# github RELEASE WORKFLOW [ARGUMENT…]: the artifacts are in $store afterwards.
github() {
  local release=$1 workflow=$2 options variable
  shift 2
  options=(workflow_dispatch -W ".github/workflows/$workflow" --input "release=$release" -P ubuntu-latest=-self-hosted)
  for variable in "${needed[@]}"; do options+=(--env "$variable=${!variable}"); done
  for variable in upload download; do
    options+=(--local-repository "$(pinned "$variable")=$folder/actions/$variable")
  done
  rm -rf "$store"
  (cd "$folder/github" && touch reports/* && PATH=$build:$PATH XDG_CONFIG_HOME=$folder/act XDG_CACHE_HOME=$folder/act \
    "$act" "${options[@]}" "$@")
}

# The verdict of a step of a good release: some lines of precheck this version cannot look at, and says so.
good() { if [ "$1" = precheck ]; then echo caution; else echo proceed; fi; }

github_good() {
  run 0 "github v1.6.0" github v1.6.0 ci-caller.yml
  for step in precheck migrate switch watch finalize; do act_job $step succeeded; done
  said '/finalize *\] .*set-output:: exit-code=75$' "finalize did not end with 75"
  said 'comes back at 20[0-9T:.-]*Z' "the caller was given no run-again-at"
  for step in precheck migrate switch watch; do verdict "$store/baton/.baton/$step.json" "$(good $step)"; done
  verdict "$store/baton/.baton/finalize.json" again
  [ -s "$store/archive/docs/deployment-history.md" ] || fail "the deployment history was not kept"
  require_live v1.6.0
}

github_bad() {
  run 1 "github v1.7.0" github v1.7.0 baton.yml
  act_job migrate succeeded
  act_job switch failed
  said '/switch *\] exit status 4$' "switch did not end with 4"
  act_idle watch
  verdict "$store/baton/.baton/switch.json" rolled-back
  act_job finalize succeeded
  [ -s "$store/baton/.baton/deployment-summary-v1.7.0.md" ] || fail "the summary does not tell of the rollback"
  require_live v1.6.0
}

# The digest takes another way than the files: an altered file is found out, though its verdict would let migrate go on.
github_altered() {
  touch "$folder/alter"
  run 1 "github altered" github v1.8.0 baton.yml
  rm "$folder/alter"
  act_job precheck succeeded
  said '/migrate *\] exit status 7$' "migrate took an altered file"
  for step in switch watch finalize; do act_idle $step; done
  require_live v1.6.0
}

# Watch gives its runner back before its window ends: no failure, and finalize is left for the run that comes back.
github_again() {
  run 0 "github v1.8.0" github v1.8.0 baton.yml --input deadline=4s
  act_job watch succeeded
  act_idle finalize
  said '/watch *\] .*run-again-at=20' "watch gave no run-again-at"
  verdict "$store/baton/.baton/watch.json" again
  require_live v1.8.0
}

# gitlab RELEASE [ARGUMENT…]
gitlab() {
  local options=(--variable "CI_COMMIT_TAG=$1" --variable GITLAB_CI=true --home "$folder/home") variable
  options+=(--shell-executor-no-image --shell-isolation --no-artifacts-to-source)
  shift
  for variable in "${needed[@]}"; do options+=(--variable "$variable=${!variable}"); done
  (cd "$folder/gitlab" && rm -rf .gitlab-ci-local && touch reports/* && PATH=$node:$build:$PATH "$gitlab_ci_local" "${options[@]}" "$@")
}

# left JOB STEP: the handoff file that the job uploaded.
left() { echo "$folder/gitlab/.gitlab-ci-local/artifacts/$1/.baton/$2.json"; }

gitlab_good() {
  run 0 "gitlab v1.9.0" gitlab v1.9.0
  for step in precheck migrate switch watch; do
    said "PASS.* $step" "the job of $step did not pass"
    verdict "$(left finalize $step)" "$(good $step)"
  done
  said 'WARN.* finalize' "finalize's 75 is no allowed failure"
  verdict "$(left finalize finalize)" again
  require_live v1.9.0
}

gitlab_bad() {
  run 1 "gitlab v1.10.0" gitlab v1.10.0
  said 'FAIL.* switch' "the job of switch did not fail"
  silent '(PASS|WARN|FAIL).* (watch|finalize)' "a job ran after switch"
  verdict "$(left switch switch)" rolled-back
  require_live v1.9.0
}

gitlab_again() {
  run 0 "gitlab v1.11.0" gitlab v1.11.0 --variable WATCH_DEADLINE=4s
  said 'WARN.* watch' "watch's 75 is no allowed failure"
  said 'an earlier step shall be run again first' "finalize did not hold back"
  verdict "$(left watch watch)" again
  require_live v1.11.0
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

install_runners
lint_templates
start_sandbox v1.5.0 v1.6.0 v1.7.0:errors=8% v1.8.0 v1.9.0 v1.10.0:errors=8% v1.11.0
start_prometheus
start_load
stock_kubectl
sleep 14  # a baseline
require_live v1.5.0

repository github
stand_ins
github_good
github_bad
github_altered
github_again
echo "e2e: github: passed"

repository gitlab
gitlab_good
gitlab_bad
gitlab_again
kill "$load"
wait "$load" || fail "the load ended badly"
grep -q '"failed": 0,' "$folder/load.json" || fail "connections failed"
echo "e2e: gitlab: passed"
