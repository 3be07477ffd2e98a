#!/bin/bash
# The GitLab templates for real, in gitlab-ci-local against the playground and under load: the file to copy, and the component
# `release` as a repository includes it. A good release goes through all five steps, bad ones are rolled back by switch, by
# watch and by button; watch gives its runner back, and scheduled pipelines bring the release to its end; nothing foreign is
# believed or obeyed.
#   ci-gitlab.sh BUILD FOLDER [long]    BUILD holds the five executables and the sandbox; long: what takes minutes too. Needs
#                                       npm, Python's venv, rsync and Prometheus.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=e2e
build=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
length=${3:-short}
root=$(cd "$here/../.." && pwd)
templates=$root/ci-templates
. "$here/../sandbox/playground.sh"
. "$here/ci-runners.sh"
repository=$folder/gitlab
approved=()

# The repository of a team. Database and backups outlive the jobs' workspaces.
lay_out_repository() {
  lay_out "$repository"
  keep_database "$repository"
  printf 'migrate: {backup_dir: %s}\n' "$folder/backups" >> "$repository/baton.yaml"
  cp -r "$root/templates" "$repository"
  commit "$repository"
  git -C "$repository" remote add origin https://gitlab.example.com/shop/shop.git
}

amend() { # [MESSAGE]
  git -C "$repository" add -A
  git -C "$repository" -c user.name=e2e -c user.email=e2e@example.com commit -q --amend -m "${1:-release}"
}

use_copy() {
  cp "$templates/gitlab/baton.yml" "$repository/.gitlab-ci.yml"
  approved=(migrate)
  amend
}

# gitlab-ci-local knows a component of the repository it stands in, at its newest commit: this file is not in it.
use_component() { # NAME [LINE…]
  {
    echo "include:"
    echo "  - component: gitlab.example.com/shop/shop/$1@$(git -C "$repository" rev-parse HEAD)"
    echo "    inputs:"
    [ "$1" = build ] || echo "      image: registry.example.com/baton:ci"
    echo "      prefix: shop-"
    shift
    printf '%s\n' "$@"
  } > "$repository/.gitlab-ci.yml"
  approved=(shop-migrate)
}

# gitlab RELEASE [ARGUMENT…]: a pipeline of the tag, whose gate a person has opened; of no release: a scheduled one.
gitlab() {
  local options=(--home "$folder/home" --force-shell-executor --shell-isolation --no-artifacts-to-source) variable
  options+=(--variable CI_REGISTRY_PASSWORD=s3cret --variable CI_REGISTRY_USER=jo --variable CI_REGISTRY=registry.example.com)
  options+=(--json-schema-validation=false)  # well_formed asks for that
  options+=(--variable GITLAB_CI=true --variable CI_PIPELINE_URL=https://gitlab.example.com/shop/shop/-/pipelines/7)
  if [ -n "$1" ]; then options+=(--variable "CI_COMMIT_TAG=$1"); else options+=(--variable CI_PIPELINE_SOURCE=schedule); fi
  shift
  for variable in "${needed[@]}"; do options+=(--variable "$variable=${!variable-}"); done
  for variable in "${approved[@]}"; do options+=(--manual "$variable"); done
  (cd "$repository" && touch reports/* && PATH=$folder/stand-ins:$node:$build:$PATH "$gitlab_ci_local" "$@" "${options[@]}")
}

# Of a pipeline of its own: no job finds what another one's left.
pipeline() { # RELEASE [ARGUMENT…]
  rm -rf "$repository/.gitlab-ci-local"
  gitlab "$@"
}

# left JOB FILE: what the job uploaded.
left() { echo "$repository/.gitlab-ci-local/artifacts/$1/.baton/$2"; }

passed() { said "PASS.* $1( |\$)" "the job of $1 did not pass"; }
warned() { said "WARN.* $1 " "the job of $1 did not end with an allowed failure"; }
failed() { said "FAIL.* $1( |\$)" "the job of $1 did not fail"; }
ran_not() { silent "(PASS|WARN|FAIL).* ($1)( |\$)" "a job of $1 ran"; }

# What lies in the tree is what source.yml makes, and GitLab's schema takes the file to copy, the head of each component, and
# each component with its inputs filled in.
well_formed() {
  local file component
  run 0 "generate" "$root/cmake/gitlab-templates.py" "$folder/made"
  diff -r "$root/templates" "$folder/made/templates" || fail "templates/ is not what source.yml makes"
  for file in baton.yml build.yml; do
    diff "$templates/gitlab/$file" "$folder/made/ci-templates/gitlab/$file" || fail "$file is not what source.yml makes"
    run 0 "schema of $file" schema "$templates/gitlab/$file"
  done
  documented
  for file in "$root"/templates/*.yml; do
    component=$(basename "$file" .yml)
    sed '/^---$/,$d' "$file" > "$folder/spec.yml"
    run 0 "spec of $component" schema "$folder/spec.yml"
    use_component "$component" "stages: [build, test, load, precheck, migrate, switch, watch, finalize]"
    run 0 "expand $component" gitlab v0 --preview
    sed -n '/^---$/,$p' "$log" > "$folder/expanded.yml"
    grep -q '^shop-' "$folder/expanded.yml" || fail "$component has no job"
    run 0 "schema of $component" schema "$folder/expanded.yml"
  done
}

# Each example of the page is a file of its own.
documented() {
  local number=0 file
  awk -v folder="$folder" '/^```yaml$/ { file = folder "/example-" ++n ".yml"; next } /^```$/ { file = "" } file { print > file }' \
    "$root/docs/ci-gitlab.md"
  for file in "$folder"/example-*.yml; do
    number=$((number + 1))
    run 0 "schema of example $number" schema "$file"
  done
  [ $number -ge 8 ] || fail "docs/ci-gitlab.md has $number examples only"
}

schema() { "$check_jsonschema" --builtin-schema vendor.gitlab-ci "$@"; }

# A blocking manual job stands before all that changes production.
gated() {
  run 0 "gate" gitlab v0 --list-csv
  said '^migrate;migrate;manual;\[75\];production/database;' "migrate waits for nobody"
}

copied_good() {
  use_copy
  gated
  run 0 "copied v1.6.0" pipeline v1.6.0
  for step in precheck migrate switch watch; do
    passed $step
    verdict "$(left finalize $step.json)" "$(good $step)"
  done
  warned finalize
  verdict "$(left finalize finalize.json)" again
  require_live v1.6.0
}

# finalize runs always; gitlab-ci-local waits for ever for the jobs between it and a failed one, which GitLab skips.
told() { # RELEASE
  run 0 "finalize $1" gitlab "$1" shop-finalize
  grep -qi "$2" "$(left shop-finalize "deployment-summary-$1.md")" || fail "the summary of $1 does not tell of: $2"
}

# By the component: switch rolls back, and finalize tells of it.
component_bad() {
  use_component release
  run 1 "component v1.7.0" pipeline v1.7.0
  failed shop-switch
  ran_not shop-watch
  verdict "$(left shop-switch switch.json)" rolled-back
  told v1.7.0 "rollback"
  require_live v1.6.0
}

# Whoever starts a pipeline with a digest of their own starts none; where a team's own workflow lets them, no job believes it.
foreign_digest() {
  local digest
  digest=BATON_PRECHECK_HANDOFF_SHA256=$(printf 'a%.0s' {1..64})
  for digest in "$digest" BATON_STANDALONE=true BATON_SET=switch.gitops=force; do
    run 1 "started with ${digest%%=*}" pipeline v1.8.0 --variable "$digest"
    said 'filtered out by workflow:rules' "a pipeline with ${digest%%=*} began"
    ran_not '.*'
  done
  digest=BATON_PRECHECK_HANDOFF_SHA256=$(printf 'a%.0s' {1..64})
  use_component release "workflow: {rules: [{when: always}]}"
  run 1 "set digest, precheck" pipeline v1.8.0 shop-precheck --variable "$digest"
  said 'the digest of precheck is not the one that its job left' "precheck ran beside a foreign digest"
  run 0 "precheck v1.8.0" pipeline v1.8.0 shop-precheck
  # GitLab ranks the starter's value above the job's; in gitlab-ci-local it is the other way round.
  local told=$repository/.gitlab-ci-local/artifacts/shop-precheck/.gitlab-ci-reports/dotenv/.baton/precheck.env
  cp "$told" "$folder/told.env"
  sed -i "s/^BATON_PRECHECK_HANDOFF_SHA256=.*/$digest/" "$told"
  run 1 "set digest, migrate" gitlab v1.8.0 shop-migrate
  said 'the digest of precheck is not the one that its job left' "migrate took a foreign digest"
  ! [ -e "$(left shop-migrate migrate.json)" ] || fail "migrate ran with a foreign digest"
  cp "$folder/told.env" "$told"
}

# The archive is altered: the handoff, then the digest beside it.
altered() {
  local kept=$folder/precheck.json
  cp "$(left shop-precheck precheck.json)" "$kept"
  sed -i s/caution/proceed/ "$(left shop-precheck precheck.json)"
  run 1 "altered handoff" gitlab v1.8.0 shop-migrate
  said 'FAIL 7 ' "migrate took an altered handoff"
  cp "$kept" "$(left shop-precheck precheck.json)"
  sed -i 's/SHA256=./SHA256=0/' "$(left shop-precheck precheck.env)"
  run 1 "altered digest" gitlab v1.8.0 shop-migrate
  said 'the digest of precheck is not the one that its job left' "migrate took a digest that the file denies"
}

# A repository that holds handoffs gives none to a job.
committed() {
  mkdir -p "$repository/.baton"
  echo '{}' > "$repository/.baton/switch.json"
  use_copy
  run 1 "committed" pipeline v1.8.0
  said 'the repository holds .baton' "a committed .baton was not seen"
  ran_not 'migrate|switch|watch'
  git -C "$repository" rm -rqf .baton
}

# Step 2a, with programs that only note how they were called: whatever builds, the same record comes out, and every report
# reaches precheck; a report that was deleted on its way is nothing known.
built_and_checked() {
  local builder digest
  digest=sha256:$(curl -fsS "http://$SANDBOX_REGISTRY/v2/myapp/manifests/v1.10.0" | sha256sum | cut -d' ' -f1)
  git -C "$repository" mv reports/e2e.xml kept-e2e.xml
  mkdir -p "$repository/ci"
  printf 'echo "$1" > staged\nmv kept-e2e.xml reports/e2e.xml\n' > "$repository/ci/staging.sh"
  touch "$repository/ci/load.js"
  amend
  stand_in_builders "$digest"
  for builder in buildah buildkit; do
    use_component build "      builder: $builder" "      registry_image: $SANDBOX_REGISTRY/myapp" \
      "  - component: gitlab.example.com/shop/shop/release@$(git -C "$repository" rev-parse HEAD)" \
      "    inputs: {image: registry.example.com/baton:ci, prefix: shop-}"
    run 1 "tag of no image" pipeline 'v1",push=false' shop-build
    said "the tag is no release's" "a tag became more than a part of the image's name"
    run 0 "$builder" pipeline v1.10.0 shop-build
    python3 - "$repository/.gitlab-ci-local/artifacts/shop-build/reports/build.json" "$digest" << 'END' || fail "build.json of $builder is wrong"
import json, sys
build = json.load(open(sys.argv[1]))
assert build["digest"] == sys.argv[2] and build["size"] == 1234 and build["tag"] == "v1.10.0", build
assert build["start"] <= build["end"] <= build["push"], build
END
    grep -q "myapp:v1.10.0.*myapp:latest" "$folder/called" || fail "$builder does not push the release and latest"
    ! grep -q "s3cret" "$folder/called" "$log" || fail "$builder is given the registry's password as an argument"
  done
  run 0 "checks" gitlab v1.10.0 shop-scan shop-staging
  run 0 "load" gitlab v1.10.0 shop-load
  grep -q "myapp@$digest" "$folder/called" || fail "the scan is not of the digest that was pushed"
  run 0 "checked" gitlab v1.10.0 shop-precheck
  diff "$(left shop-precheck build.json)" "$repository/.gitlab-ci-local/artifacts/shop-build/reports/build.json" ||
    fail "the build's record did not reach precheck"
  rm "$repository/.gitlab-ci-local/artifacts/shop-staging/reports/e2e.xml"
  run 1 "deleted" gitlab v1.10.0 shop-precheck
  [ "$(sed -n 's/^BATON_PRECHECK_EXIT_CODE=//p' "$(left shop-precheck precheck.env)")" = 6 ] || fail "precheck did not end with 6"
  said '❔.* e2e-tests' "a report that did not arrive is not unknown"
  told v1.10.0 unknown
  git -C "$repository" mv kept-e2e.xml reports/e2e.xml
}

# Whatever a team's reports, branches, names and users' requests hold, it is text.
injected() {
  local hostile=$'$(touch '"$folder"$'/pwned) `touch '"$folder"$'/pwned` ::error:: \e[0Ksection_end:1:precheck_findings\r\e[0K\nBATON_SWITCH_HANDOFF_SHA256=0'
  use_copy
  cp "$repository/reports/unit.xml" "$folder/unit.xml"
  python3 - "$repository/reports/unit.xml" "$hostile" << 'END'
import sys
from xml.sax.saxutils import quoteattr
text = sys.argv[2].replace("\x1b", "ESC")  # no XML holds it
open(sys.argv[1], "w").write('<testsuite name="u" tests="1"><testcase classname="c" name=%s><failure message=%s>%s</failure></testcase>'
    '</testsuite>' % (quoteattr(text), quoteattr(text), text.replace("<", "").replace("&", "")))
END
  amend "$hostile"
  run 1 "hostile report" pipeline v1.8.0 precheck --variable "CI_COMMIT_BRANCH=$hostile" --variable "CI_COMMIT_REF_NAME=$hostile" \
    --variable "CI_COMMIT_MESSAGE=$hostile" --variable "GITLAB_USER_LOGIN=$hostile" --variable "CI_PROJECT_PATH=$hostile" \
    --variable "CI_PIPELINE_URL=$hostile"
  said '❌.* unit-tests' "precheck did not judge the hostile report"
  obeyed_nothing precheck
  python3 - "$(left precheck precheck.codequality.json)" << 'END' || fail "the code quality report is not GitLab's"
import json, sys
issues = json.load(open(sys.argv[1]))
assert any(issue["check_name"] == "precheck/unit-tests" and issue["severity"] == "blocker" for issue in issues), issues
assert len({issue["fingerprint"] for issue in issues}) == len(issues)
assert all(issue["description"] and issue["location"]["path"] and issue["location"]["lines"]["begin"] for issue in issues)
END
  for hostile in 'v1$(touch pwned)' 'v1`touch pwned`' $'v1\nBATON_PRECHECK_VERDICT=proceed' $'v1\e[0Ksection_start:1:x\r\e[0K' '-v1' '../v1'; do
    run 1 "hostile tag" pipeline "$hostile" precheck
    said "is not a version" "the tag $hostile is a version"
    obeyed_nothing precheck
  done
  run 0 "hostile person" pipeline v1.6.0 rollback --variable 'GITLAB_USER_LOGIN=$(touch '"$folder/pwned"')'
  cp "$folder/unit.xml" "$repository/reports/unit.xml"
  amend
}

# The dotenv has our variables only, the log our sections only, and no program was started.
obeyed_nothing() { # JOB
  ! [ -e "$folder/pwned" ] && [ -z "$(find "$repository" -name pwned)" ] || fail "$log: a command in foreign text was run"
  if [ -e "$(left "$1" "$1.env")" ]; then
    ! grep -vE "^BATON_${1^^}_(VERDICT|EXIT_CODE|HANDOFF_SHA256|RUN_AGAIN_AT)=[A-Za-z0-9._:/-]+\$" "$(left "$1" "$1.env")" ||
      fail "$log: foreign text became a variable"
  fi
  [ "$(grep -ac $'\e\\[0Ksection_end:[0-9]*:[a-z_]*\r' "$log")" -le 1 ] || fail "$log: foreign text closed a section"
}

stand_in_builders() { # DIGEST
  local place=$folder/stand-ins program
  mkdir -p "$place"
  for program in buildctl-daemonless.sh buildah trivy k6; do
    printf '#!/bin/sh\necho "%s $*" >> %s\n' $program "$folder/called" > "$place/$program"
  done
  cat >> "$place/buildctl-daemonless.sh" << END
for word in "\$@"; do
  case "\$word" in
    *dest=*) head -c 1234 /dev/zero > "\${word##*dest=}" ;;
    */metadata.json) echo '{ "containerimage.config.digest": "sha256:00", "containerimage.digest": "$1" }' > "\$word" ;;
  esac
done
END
  cat >> "$place/buildah" << END
case "\$1" in
  login) cat > /dev/null ;;
  inspect) echo '{"config":{"size":1000},"layers":[{"digest":"sha256:00","size":234}]}' ;;
  push) [ "\$2" != --digestfile ] || echo "$1" > "\$3" ;;
esac
END
  printf 'for word in "$@"; do case "$word" in reports/*) echo {} > "$word" ;; esac; done\n' |
    tee -a "$place/trivy" >> "$place/k6"
  chmod +x "$place"/*
}

# Watch gives its runner back before its window ends; scheduled pipelines, in which nothing is left of the release's own, go
# on with it: they judge, then finalize, and say when to come again.
by_schedule() {
  local round
  sed -i 's/passive: {for: 6s/passive: {for: 30s/' "$repository/baton.yaml"
  amend
  use_component release
  run 0 "again v1.8.0" pipeline v1.8.0 --variable WATCH_DEADLINE=4s
  warned shop-watch
  said 'an earlier step shall be run again first' "finalize did not hold back"
  verdict "$(left shop-watch watch.json)" again
  for round in {1..20}; do
    run 0 "schedule $round" pipeline ""
    ! grep -q 'PASS.* shop-tick' "$log" || break
    warned shop-tick
    said 'an earlier step shall be run again first' "finalize-due did not hold back"
    sleep 2
  done
  [ "$round" -gt 1 ] || fail "the window was over before anybody looked"
  passed shop-tick
  verdict "$(left shop-tick watch.json)" proceed
  warned shop-finalize-due
  verdict "$(left shop-finalize-due finalize.json)" again
  [ -s "$(left shop-finalize-due deployment-summary-v1.8.0.md)" ] || fail "there is no summary"
  require_live v1.8.0
}

# The environment's stop button, with nothing of the release at hand.
by_button() {
  run 0 "button" pipeline v1.8.0 shop-rollback --variable GITLAB_USER_LOGIN=jo
  require_live v1.6.0
}

# Switch is content; the errors begin while watch looks.
by_watch() {
  sed -i 's/intensive: {for: 24s/intensive: {for: 60s/' "$repository/baton.yaml"
  amend
  use_component release
  run 1 "component v1.9.0" pipeline v1.9.0
  passed shop-switch
  failed shop-watch
  verdict "$(left shop-watch watch.json)" rolled-back
  told v1.9.0 rollback
  require_live v1.6.0
}

install_runners gitlab
lay_out_repository
well_formed
start_sandbox v1.5.0 v1.6.0 v1.7.0:errors=8% v1.8.0 "v1.9.0:errors=8% after=25s" v1.10.0
start_prometheus
start_load
sleep 14  # a baseline
require_live v1.5.0

copied_good
component_bad
foreign_digest
altered
committed
injected
by_schedule
by_button
settle_load
if [ "$length" = long ]; then
  start_load
  by_watch
  built_and_checked
  settle_load
fi
echo "e2e: gitlab: passed"
